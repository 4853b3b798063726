/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A periodic timer, and one that is set again and again
 */
#include <base/env.h>
#include <base/signal.h>
#include <timer_session/connection.h>

#include "storm.h"

using namespace Storm;

enum { PERIOD_MS = 10, ONCE_MS = 4, LATE = 25, LONG_US = 1000000000 };


struct Timers
{
	Timer::Connection periodic, once;
	Signal_receiver   ticks_come, shot_comes;
	Signal_context    period, shot;
	unsigned long     begin, ticks = 0;

	Timers()
	{
		periodic.sigh(ticks_come.manage(&period));
		once.sigh(shot_comes.manage(&shot));
		begin = periodic.elapsed_ms();
		periodic.trigger_periodic(PERIOD_MS*1000);
	}

	~Timers()
	{
		/* no signal to a context that is gone */
		periodic.trigger_once(LONG_US);
		ticks_come.dissolve(&period);
		shot_comes.dissolve(&shot);
	}

	void wait_once(unsigned long n)
	{
		unsigned long const before = once.elapsed_ms();

		once.trigger_once(ONCE_MS*1000);
		Signal const signal = shot_comes.wait_for_signal();
		account.expect(signal.num() == 1, "one signal", n);
		account.expect(once.elapsed_ms() + 1 >= before + ONCE_MS, "not too early", n);
		account.expect(!shot_comes.pending(), "no second signal", n);
	}

	void count(unsigned long n)
	{
		while (ticks_come.pending())
			ticks += ticks_come.wait_for_signal().num();

		/* one more may be due by then */
		unsigned long const most = (periodic.elapsed_ms() - begin)/PERIOD_MS + 2;
		account.expect(ticks <= most, "no tick too many", n);
	}

	void all(unsigned long n)
	{
		while (ticks < n)
			ticks += ticks_come.wait_for_signal().num();
	}
};


static Timers *made;


static void wait_and_count(unsigned long n)
{
	if (!made)
		made = new (env()->heap()) Timers;

	Timers &timers = *made;
	timers.wait_once(n);
	timers.count(n);

	/* a tick that is lost leaves it behind for ever; the scheduler may do so for a while */
	if (n % 64 == 0) {
		unsigned long const due = (timers.periodic.elapsed_ms() - timers.begin)/PERIOD_MS;
		timers.all(due > LATE ? due - LATE : 0);
		account.expect(timers.periodic.elapsed_ms() - timers.begin
		               <= (timers.ticks + 2*LATE)*PERIOD_MS, "no tick lost", n);
	}
}


/* no signal may come while the program exits: Genode's exit handlers do not bear it */
static void end()
{
	if (made)
		destroy(env()->heap(), made);
}


static Activity timers { "timers", wait_and_count, 8, end };
