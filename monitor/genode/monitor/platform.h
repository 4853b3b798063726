/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine's operations on Genode (platform.h of the engine)
 */
#ifndef CAPLOG_GENODE_PLATFORM_H
#define CAPLOG_GENODE_PLATFORM_H

#include <base/thread.h>
#include <timer_session/connection.h>

#include "sessions.h"

namespace Caplog { struct Platform; }


/*
 * Waits for requests that are under way
 *
 * An entrypoint that answers a call has answered all that came before. The
 * call is another thread's, since an entrypoint may block on a component that
 * has to go on first.
 */
class Caplog::Pinger : Thread
{
	private:

		enum { STACK_SIZE = 4*1024*sizeof(long) };

		Semaphore       _go;
		Target * const *_targets = nullptr;
		unsigned        _count   = 0;
		bool volatile   _done    = true;

		void entry() override;

	public:

		Pinger(Env &env) : Thread(env, "pinger", STACK_SIZE) { start(); }

		bool done() const { return _done; }

		Thread_capability thread() const { return cap(); }
		void go(Target * const *targets, unsigned count);
};


struct Caplog::Platform
{
	Env               &env;
	Allocator         &alloc;
	Xml_node           config;
	Group             *group = nullptr; /* that a restore fills */
	Timer::Connection &timer;
	Pinger             pinger { env };
	Timers             timers { env };
	unsigned           stopped_after = 0; /* tries of the last stop */

	Platform(Env &env, Allocator &alloc, Xml_node config, Timer::Connection &timer)
	: env(env), alloc(alloc), config(config), timer(timer) { }

	caplog_platform ops();

	/* The configuration's node of a target; throws Refused */
	Xml_node target_node(char const *name);

	/*
	 * Threads (threads.cc)
	 */
	int  stop(Target * const *, unsigned, caplog_diag *);
	void resume(Target &);

	/* Stop a target that will not run again, with no request under way */
	void quiesce(Target &);

	private:

		void _run_on(unsigned tries);
		void _ping_pager();
		void _continue(Target &);
		bool _stopped(Target * const *, unsigned, caplog_diag *);
		bool _quiet(Target &, bool patient, caplog_diag *);
		int  _keep_registers(Target &, caplog_diag *);
};

#endif
