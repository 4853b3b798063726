/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loop of an entrypoint: answers, waits, and finds out what need not be executed
 *
 * A request names its object by badge. The thread holds the cap space from the
 * arrival of a request until the pool has found the object, so that the pool
 * never gets a badge from before a restore. It holds as well from the moment
 * it knows that the caller still waits until the kernel has the answer: an
 * answer whose caller was restored is kept, until the caller repeats its call.
 */
#ifndef CAPLOG_REQUEST_LOOP_H
#define CAPLOG_REQUEST_LOOP_H

#include <base/ipc.h>

#include <base/internal/cap_space.h>
#include <base/internal/ipc_server.h>
#include <base/internal/kept_replies.h>

namespace Genode { class Request_loop; }


class Genode::Request_loop
{
	private:

		enum { NO_ANSWER = Rpc_exception_code::INVALID_OBJECT };

		Msgbuf_base   &_rcv, &_snd;
		Served_request _request { };

		/* Answer the last request, receive the next one; returns the answer to that */
		template <typename SERVE>
		Rpc_exception_code _serve_next(Rpc_exception_code answer, SERVE const &serve)
		{
			cap_space.pause();
			cap_space.hold();
			if (_request.caller_lost() && answer.value != NO_ANSWER) {
				kept_replies.keep(_request, answer, _snd);
				answer = Rpc_exception_code(NO_ANSWER);
			}
			ipc_reply_wait(answer, _snd, _rcv, _request);

			_snd.reset();
			if (kept_replies.take(_request, answer, _snd)) {
				cap_space.release();
				return answer;
			}

			Rpc_opcode        opcode(0);
			Ipc_unmarshaller  arguments(_rcv);
			arguments.extract(opcode);

			answer = Rpc_exception_code(NO_ANSWER);
			serve(_request.badge, opcode, arguments, answer);
			return answer;
		}

		/* The entrypoint's destructor waits in its call of the exit handler, which is answered last */
		bool _answer_exit(::uint64_t exit_call)
		{
			Cap_space::Hold hold;

			if (_request.call != exit_call || _request.caller_lost())
				return false;

			Msgbuf<16> nothing;
			ipc_reply(Native_capability(), Rpc_exception_code(Rpc_exception_code::SUCCESS), nothing);
			return true;
		}

	public:

		Request_loop(Msgbuf_base &rcv, Msgbuf_base &snd) : _rcv(rcv), _snd(snd) { }

		/*
		 * Serve until 'exit' is set by a request, and that request is answered
		 *
		 * \param serve  called with badge, opcode, arguments and a place for the answer; it
		 *               releases the cap space as soon as it has found the object
		 */
		template <typename EXIT, typename SERVE> void run(EXIT const &exit, SERVE const &serve)
		{
			Rpc_exception_code answer(NO_ANSWER);
			while (!exit)
				answer = _serve_next(answer, serve);

			::uint64_t const exit_call = _request.call;
			while (!_answer_exit(exit_call))
				answer = _serve_next(answer, serve);
		}
};

#endif
