/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entrypoint: adding objects, and the loop that serves them
 */
#include <base/rpc_server.h>

#include <base/internal/cap_space.h>
#include <base/internal/ipc_server.h>

using namespace Genode;


Untyped_capability Rpc_entrypoint::_manage(Rpc_object_base *obj)
{
	Untyped_capability const cap = _alloc_rpc_cap(_pd_session, _cap);

	obj->cap(cap);
	insert(obj);
	return cap;
}


void Rpc_entrypoint::entry()
{
	/* makes this thread's gate known to those that wait for it */
	Ipc_server server;
	_cap = server;
	_cap_valid.unlock();

	/* requests wait until 'activate' says that the server is ready */
	_delay_start.lock();

	Rpc_exception_code exc(Rpc_exception_code::INVALID_OBJECT);

	while (!_exit_handler.exit) {

		/* released as soon as the badge of the request has found its object */
		cap_space.hold();

		Rpc_request const request = ipc_reply_wait(_caller, exc, _snd_buf, _rcv_buf);
		_caller = request.caller;

		Ipc_unmarshaller unmarshaller(_rcv_buf);
		Rpc_opcode opcode(0);
		unmarshaller.extract(opcode);

		exc = Rpc_exception_code(Rpc_exception_code::INVALID_OBJECT);
		_snd_buf.reset();

		apply(request.badge, [&] (Rpc_object_base *obj)
		{
			cap_space.release();

			if (!obj)
				return;

			try { exc = obj->dispatch(opcode, unmarshaller, _snd_buf); }
			catch (Blocking_canceled &) { }
		});
	}

	/* the destructor of the entrypoint called '_exit_handler', and waits */
	Msgbuf<16> reply;
	ipc_reply(_caller, Rpc_exception_code(Rpc_exception_code::SUCCESS), reply);

	/* the server object has to stay until objects are dissolved */
	_delay_exit.lock();
}
