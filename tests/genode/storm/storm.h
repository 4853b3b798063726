/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two components that call each other and themselves all the time, while they
 * are restored at random instants; each request is counted
 *
 * What a component does besides is a list of activities, each with a thread of
 * its own that lives as many rounds as the callers. Another one is another
 * file with a static Activity.
 */
#ifndef CAPLOG_TEST_STORM_H
#define CAPLOG_TEST_STORM_H

#include <base/lock.h>
#include <base/rpc_client.h>
#include <base/rpc_server.h>
#include <base/semaphore.h>
#include <session/session.h>

namespace Storm {

	using namespace Genode;

	struct Callback
	{
		GENODE_RPC(Rpc_called, unsigned long, called, unsigned, unsigned long);
		GENODE_RPC_INTERFACE(Rpc_called);
	};

	struct Refused : Exception { };

	/* Its handler calls the caller's object */
	struct Bounce
	{
		GENODE_RPC(Rpc_bounce, unsigned long, bounce, unsigned, unsigned long, unsigned long,
		           Capability<Callback>);
		GENODE_RPC_INTERFACE(Rpc_bounce);
	};

	/* All functions: number of the caller, number of its request of this kind */
	struct Counter : Genode::Session
	{
		GENODE_RPC(Rpc_count, unsigned long, count, unsigned, unsigned long);
		GENODE_RPC(Rpc_bouncer, Capability<Bounce>, bouncer, unsigned, unsigned long);
		GENODE_RPC_THROW(Rpc_refuse, void, refuse, GENODE_TYPE_LIST(Refused), unsigned, unsigned long);
		/* Its handler calls another entrypoint, whose handler calls the caller's object */
		GENODE_RPC(Rpc_chain, unsigned long, chain, unsigned, unsigned long, unsigned long,
		           Capability<Callback>);
		/* Sum of what the session was called with, and not counted */
		GENODE_RPC(Rpc_add, unsigned long, add, unsigned long);
		/* Not counted: who is called for the first time asks its parent for a trace buffer */
		GENODE_RPC(Rpc_ready, void, ready);
		/* The caller's component calls no more */
		GENODE_RPC(Rpc_bye, void, bye);
		GENODE_RPC_INTERFACE(Rpc_count, Rpc_bouncer, Rpc_refuse, Rpc_chain, Rpc_add, Rpc_ready, Rpc_bye);
	};

	enum Kind { COUNT, BOUNCE, BOUNCER, REFUSE, CHAIN, CALLED, KINDS };

	enum {
		CALLERS = 3,           /* in both components */
		REQUESTS = 7,          /* of a caller in each component in a round, see calls.cc */
		CALLBACKS = 4          /* to a caller in a round */
	};

	/* What the component reports at its end */
	struct Account
	{
		Lock          lock;
		unsigned long seen[CALLERS][KINDS];
		unsigned long served, twice, missed, wrong, left;
		Semaphore     done;         /* all requests came */
		Semaphore     ended;        /* up for each thread of its own that ended */

		/* A request arrived: each of a caller comes once, and none is left out */
		void request(unsigned caller, Kind, unsigned long n);

		/* Something that has to be true */
		void expect(bool condition, char const *what, unsigned long n);

		void one_less();
	};

	extern Account account;

	/*
	 * Something to do in each n-th round of the callers, by a thread of its own
	 */
	struct Activity
	{
		char const * const name;
		void      (* const round)(unsigned long n);
		unsigned     const every;
		void      (* const end)();
		Activity  *  const next;

		static Activity *first;

		Activity(char const *name, void (*round)(unsigned long), unsigned every = 1,
		         void (*end)() = nullptr)
		: name(name), round(round), every(every), end(end), next(first) { first = this; }
	};

	/* service.cc */
	void                announce(char const *service);
	Capability<Counter> own();
	Rpc_entrypoint     &objects_ep();

	/* main.cc: a session of the sibling */
	Capability<Counter> open_sibling(char const *args);

	/* calls.cc: all rounds of one caller */
	void call(unsigned caller, unsigned long rounds, Capability<Counter> sibling);
}

#endif
