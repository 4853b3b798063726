/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entrypoint: adding objects, and the loop that serves them
 *
 * A request names its object by badge. The thread holds the cap space from the
 * arrival of a request until the pool has found the object, so that the pool
 * never gets a badge from before a restore. It holds as well from the moment
 * it knows that the caller still waits until the kernel has the answer: an
 * answer whose caller was restored is kept, until the caller repeats its call.
 */
#include <base/rpc_server.h>

#include <base/internal/cap_space.h>
#include <base/internal/ipc_server.h>
#include <base/internal/kept_replies.h>

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

	Ipc_server     server;
	Served_request request;

	/* Answer the last request, receive the next one; returns the answer to that */
	auto serve_next = [&] (Rpc_exception_code answer) -> Rpc_exception_code
	{
		cap_space.pause();
		cap_space.hold();
		if (request.caller_lost() && answer.value != NO_ANSWER) {
			kept_replies.keep(request, answer, _snd_buf);
			answer = Rpc_exception_code(NO_ANSWER);
		}
		ipc_reply_wait(answer, _snd_buf, _rcv_buf, request);

		_snd_buf.reset();
		if (kept_replies.take(request, answer, _snd_buf)) {
			cap_space.release();
			return answer;
		}

		Rpc_opcode        opcode(0);
		Ipc_unmarshaller  arguments(_rcv_buf);
		arguments.extract(opcode);

		answer = Rpc_exception_code(NO_ANSWER);

		apply(request.badge, [&] (Rpc_object_base *obj)
		{
			cap_space.release();
			serving(obj);
			try {
				if (obj)
					answer = obj->dispatch(opcode, arguments, _snd_buf);
			} catch (Blocking_canceled &) { }
		});
		return answer;
	};

	served_by(this);

	/* the entrypoint's constructor waits for this thread's gate */
	_cap = server;
	_cap_valid.unlock();

	/* no request before 'activate' */
	_delay_start.lock();

	/* the destructor waits in its call of the exit handler, which is answered last */
	auto reply_to_exit = [&] (::uint64_t exit_call) -> bool
	{
		Cap_space::Hold hold;

		if (request.call != exit_call || request.caller_lost())
			return false;

		Msgbuf<16> nothing;
		ipc_reply(_caller, Rpc_exception_code(Rpc_exception_code::SUCCESS), nothing);
		return true;
	};

	Rpc_exception_code answer(NO_ANSWER);
	while (!_exit_handler.exit)
		answer = serve_next(answer);

	::uint64_t const exit_call = request.call;
	while (!reply_to_exit(exit_call))
		answer = serve_next(answer);

	/* 'server' has to exist until the objects are dissolved */
	_delay_exit.lock();
}
