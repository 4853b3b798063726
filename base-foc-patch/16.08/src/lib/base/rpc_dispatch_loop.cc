/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entrypoint: adding objects, and the thread that serves them (base/internal/request_loop.h)
 */
#include <base/rpc_server.h>

#include <base/internal/request_loop.h>

using namespace Genode;


Untyped_capability Rpc_entrypoint::_manage(Rpc_object_base *obj)
{
	obj->cap(_alloc_rpc_cap(_pd_session, _cap));
	insert(obj);
	return obj->cap();
}


void Rpc_entrypoint::entry()
{
	Ipc_server server;

	served_by(this);

	/* the entrypoint's constructor waits for this thread's gate */
	_cap = server;
	_cap_valid.unlock();

	/* no request before 'activate' */
	_delay_start.lock();

	Request_loop(_rcv_buf, _snd_buf).run(_exit_handler.exit,
		[&] (unsigned long badge, Rpc_opcode opcode, Ipc_unmarshaller &arguments,
		     Rpc_exception_code &answer)
		{
			apply(badge, [&] (Rpc_object_base *obj)
			{
				cap_space.release();
				serving(obj);
				try {
					if (obj)
						answer = obj->dispatch(opcode, arguments, _snd_buf);
				} catch (Blocking_canceled &) { }
			});
		});

	/* 'server' has to exist until the objects are dissolved */
	_delay_exit.lock();
}
