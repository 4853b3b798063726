/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts a timer's signals, and compares with what its clock says
 *
 * A signal that a restore adds comes early; after one that it loses, all others
 * are a period late.
 */
#include <base/component.h>
#include <base/log.h>
#include <base/signal.h>
#include <base/thread.h>
#include <timer_session/connection.h>

namespace Ticks {

	using namespace Genode;

	struct Main;
}


struct Ticks::Main : Thread
{
	enum { STACK_SIZE = 8*1024*sizeof(long), PERIOD_MS = 400, ONCE_MS = 270, EARLY_MS = 3,
	       LATE_IN_A_ROW = 10, SIGNALS = 100 };

	Env              &env;
	Timer::Connection periodic { env }, once { env };
	Signal_receiver   receiver;
	Signal_context    period, shot;
	unsigned long     last = 0;

	Main(Env &env) : Thread(env, "ticks", STACK_SIZE), env(env) { start(); }

	/* A clock never goes back */
	unsigned long now(Timer::Connection const &timer, unsigned long before)
	{
		unsigned long const ms = timer.elapsed_ms();

		if (ms < before)
			error("FAILED: the clock went back from ", before, " to ", ms, " ms");
		return ms;
	}

	void entry() override
	{
		periodic.sigh(receiver.manage(&period));
		once.sigh(receiver.manage(&shot));

		unsigned long begin = periodic.elapsed_ms(), ticks = 0, shots = 0, triggered, seen = 0;
		unsigned      late = 0;

		periodic.trigger_periodic(PERIOD_MS*1000);
		triggered = once.elapsed_ms();
		once.trigger_once(ONCE_MS*1000);

		while (ticks < SIGNALS) {
			Signal signal = receiver.wait_for_signal();

			if (signal.context() == &shot) {
				long const ms = now(once, triggered) - triggered;
				if (signal.num() != 1 || ms + EARLY_MS < ONCE_MS)
					error("FAILED: ", signal.num(), " single signals, after ", ms, " ms");
				shots++;
				triggered = once.elapsed_ms();
				once.trigger_once(ONCE_MS*1000);
				continue;
			}
			ticks += signal.num();
			seen = now(periodic, seen);
			long const behind = (long)(seen - begin) - (long)(ticks - 1)*PERIOD_MS;
			if (behind < -EARLY_MS)
				error("FAILED: signal ", ticks, " came ", -behind, " ms too early");
			late = behind >= PERIOD_MS/2 ? late + 1 : 0;
			if (late == LATE_IN_A_ROW)
				error("FAILED: since signal ", ticks - late, " all are late, now ", behind, " ms");
			log("tick ", ticks, ", ", behind, " ms behind");
		}
		log("ticks: all, ", shots, " single signals");
		env.parent().exit(0);
	}
};


namespace Component {

	Genode::size_t stack_size() { return 8*1024*sizeof(long); }

	void construct(Genode::Env &env) { static Ticks::Main main(env); }
}
