/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gate: who may touch what the monitor knows of a component, and when
 *
 * Four kinds of threads run in the monitor: the main thread (steps and engine),
 * for each target an entrypoint of its parent interface, one of all its other
 * sessions, and a pinger for each of both; and the thread of the timers.
 *
 * - Ledger, objects, region maps, threads and sessions of a target belong to
 *   its gate. An entrypoint touches them while its request is inside, of which
 *   there is one at a time; the main thread while the gate is closed and no
 *   request is under way. Nobody else does.
 * - A request that may block on somebody else (a server, the other entrypoint)
 *   is outside meanwhile, but still under way. What it knew of lines may have
 *   changed when it is inside again. Only there it can be cancelled.
 * - A server may need its own sessions to answer a sibling's request. So its
 *   gate lets requests in while it is needed, closed or not. When all gates of
 *   a group were seen empty twice, and no request came in between, none is
 *   needed and none will be.
 * - A gate is closed until the target is complete, from the beginning of a
 *   checkpoint to the resume of its threads, while the main thread prints what
 *   it knows, and for ever when the target is about to be destroyed. A request
 *   that comes then waits before it has looked at anything.
 * - What others need meanwhile has a lock of its own, which is held for a few
 *   lines and within which no gate is taken: the services of a group (Group),
 *   its RAM dataspaces (Dataspaces), the table of threads (Threads), the list of
 *   timers and whether signals are held back (Timers), and within that one a
 *   timer session's state; whether a component exited (Parent_child).
 * - The members of a group change while it is created, and when it is
 *   destroyed after all of its gates were closed for good.
 *
 * Each RPC object that a target can call is a Served one, so that no request
 * comes past the gate.
 */
#ifndef CAPLOG_GATE_H
#define CAPLOG_GATE_H

#include <base/mutex.h>
#include <base/rpc_server.h>
#include <base/semaphore.h>
#include <base/thread.h>

#include "types.h"

namespace Caplog {
	class Gate;
	template <typename, typename> struct Served;
}


class Caplog::Gate
{
	public:

		/* Each entrypoint has a door of its own */
		enum Door { PARENT, SESSIONS, DOORS };

	private:

		/* What the entrypoint of a door does */
		struct Requests
		{
			bool    waiting    = false;   /* one waits, so the ones before are answered */
			bool    under_way  = false;   /* one is being served                        */
		};

		Mutex mutable _lock;               /* of what follows       */
		bool         _closed = true;
		bool         _ended  = false;
		bool         _passed = false;     /* by a request while it was closed         */
		unsigned     _needed = 0;         /* by requests of siblings to its component */
		Requests     _requests[DOORS];
		Thread      *_holder = nullptr;   /* that is inside        */
		Semaphore    _opened[DOORS];

		Mutex        _inside;             /* of the target's state */

		bool _enter(Door);
		void _leave(Door);
		void _go_in();
		void _go_out();
		bool _leave_for();
		template <typename FN> void _change(FN const &);
		void _need(int);

	public:

		/* For the time of a request */
		struct Request
		{
			Gate      &gate;
			Door const door;
			bool const served; /* false: the target is being destroyed */

			Request(Gate &gate, Door door) : gate(gate), door(door), served(gate._enter(door)) { }
			~Request() { if (served) gate._leave(door); }
		};

		/* For the time that a request may block; nothing if the caller serves none */
		struct Outside
		{
			Gate      &gate;
			bool const request;

			Outside(Gate &gate) : gate(gate), request(gate._leave_for()) { }
			~Outside() { if (request) gate._go_in(); }
		};

		/* For the time that a request of a sibling waits for the server of this gate's target */
		struct Needed
		{
			Gate &gate;

			Needed(Gate &gate) : gate(gate) { gate._need(1); }
			~Needed() { gate._need(-1); }
		};

		/* Requests wait from now on, or no longer */
		void close();
		void open();

		/* Requests are refused from now on, those that wait as well */
		void end();

		/* Closed, and no request is under way: the main thread may touch everything */
		bool empty() const;

		/* No request is under way at all */
		bool idle() const;

		/* A request waits at the closed gate */
		bool waiting(Door) const;

		/* A request came in since the last question, although the gate is closed */
		bool passed();
};


/*
 * An RPC object of a target
 */
template <typename INTERFACE, typename SERVER = INTERFACE>
struct Caplog::Served : Rpc_object<INTERFACE, SERVER>
{
	Gate &gate;

	Served(Gate &gate) : gate(gate) { }

	Rpc_exception_code dispatch(Rpc_opcode opcode, Ipc_unmarshaller &in, Msgbuf_base &out) override
	{
		return through(gate, Gate::SESSIONS, [&] () {
			return Rpc_object<INTERFACE, SERVER>::dispatch(opcode, in, out); });
	}

	/* Serve a request by fn, at the time and in the way of all others */
	template <typename FN>
	static Rpc_exception_code through(Gate &gate, Gate::Door door, FN const &fn)
	{
		Gate::Request const request(gate, door);

		/* what no interface declares would end the entrypoint, and so the monitor */
		try { if (request.served) return fn(); }
		catch (...) { }
		return Rpc_exception_code(Rpc_exception_code::INVALID_OPCODE); /* at INVALID_OBJECT clients sleep */
	}
};

#endif
