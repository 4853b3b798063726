/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entrypoint: adding objects, and the loop that serves them
 *
 * A request names its object by badge. The thread holds the cap space from the
 * arrival of a request until the pool has found the object, so that the pool
 * never gets a badge from before a restore.
 */
#include <base/rpc_server.h>

#include <base/internal/cap_space.h>
#include <base/internal/ipc_server.h>

using namespace Genode;


Untyped_capability Rpc_entrypoint::_manage(Rpc_object_base *obj)
{
	obj->cap(_alloc_rpc_cap(_pd_session, _cap));
	insert(obj);
	return obj->cap();
}


void Rpc_entrypoint::entry()
{
	enum { NO_ANSWER = Rpc_exception_code::INVALID_OBJECT };

	Ipc_server server;

	/* Answer the last request, receive the next one; returns the answer to that */
	auto serve_next = [&] (Rpc_exception_code answer) -> Rpc_exception_code
	{
		cap_space.hold();
		Rpc_request const next = ipc_reply_wait(_caller, answer, _snd_buf, _rcv_buf);

		Rpc_opcode        opcode(0);
		Ipc_unmarshaller  arguments(_rcv_buf);
		arguments.extract(opcode);

		_caller = next.caller;
		_snd_buf.reset();
		answer = Rpc_exception_code(NO_ANSWER);

		apply(next.badge, [&] (Rpc_object_base *obj)
		{
			cap_space.release();
			try {
				if (obj)
					answer = obj->dispatch(opcode, arguments, _snd_buf);
			} catch (Blocking_canceled &) { }
		});
		return answer;
	};

	/* the entrypoint's constructor waits for this thread's gate */
	_cap = server;
	_cap_valid.unlock();

	/* no request before 'activate' */
	_delay_start.lock();

	Rpc_exception_code answer(NO_ANSWER);
	while (!_exit_handler.exit)
		answer = serve_next(answer);

	/* the destructor waits in its call of the exit handler: answer it */
	Msgbuf<16> nothing;
	ipc_reply(_caller, Rpc_exception_code(Rpc_exception_code::SUCCESS), nothing);

	/* 'server' has to exist until the objects are dissolved */
	_delay_exit.lock();
}
