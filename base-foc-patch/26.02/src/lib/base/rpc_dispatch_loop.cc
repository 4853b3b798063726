/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entrypoint: adding objects, and the thread that serves them (base/internal/request_loop.h)
 */
#include <base/rpc_server.h>

#include <base/internal/request_loop.h>

using namespace Genode;


Untyped_capability Rpc_entrypoint::_manage(Rpc_object_base *obj)
{
	if (obj->cap().valid()) {
		warning("an RPC object is managed twice");
		return obj->cap();
	}
	return _alloc_rpc_cap(_runtime, _cap).convert<Untyped_capability>(
		[&] (Untyped_capability cap) {
			obj->cap(cap);
			insert(obj);
			return cap;
		},
		[&] (Alloc_error why) {
			error("no capability for an RPC object: ", why);
			return Untyped_capability();
		});
}


void Rpc_entrypoint::entry()
{
	Ipc_server server;

	served_by(this);

	/* the entrypoint's constructor waits for this thread's gate */
	_cap = server;
	_cap_valid.wakeup();

	Request_loop(_rcv_buf, _snd_buf).run(_exit_handler.exit,
		[&] (unsigned long badge, Rpc_opcode opcode, Ipc_unmarshaller &arguments,
		     Rpc_exception_code &answer)
		{
			apply(badge, [&] (Rpc_object_base *obj)
			{
				cap_space.release();
				serving(obj);
				if (obj)
					answer = obj->dispatch(opcode, arguments, _snd_buf);
			});
		});

	/* 'server' has to exist until the objects are dissolved */
	_delay_exit.block();
}
