/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linked dynamically: data, a virtual table and exceptions of a shared library
 *
 * One thread lives on timer signals, the other one is woken by it.
 */
#include <base/component.h>
#include <base/log.h>
#include <base/semaphore.h>
#include <base/thread.h>
#include <timer_session/connection.h>

#include "shepherd.h"

using namespace Genode;


static unsigned long lost(unsigned long sheep)
{
	try { shepherd().lose(sheep); }
	catch (Shepherd::Lost l) { return l.sheep; }
	return 0;
}


struct Searcher : Thread_deprecated<4096*sizeof(long)>
{
	Semaphore     go, done;
	unsigned long sheep = 0, found = 0;

	Searcher() : Thread_deprecated("searcher") { }

	void entry() override
	{
		for (;;) {
			go.down();
			found = lost(sheep);
			done.up();
		}
	}
};


struct Main
{
	Env &env;

	Searcher             searcher;
	Timer::Connection    timer { env };
	Signal_handler<Main> handler { env.ep(), *this, &Main::tick };
	unsigned long        ticks = 0;

	void tick()
	{
		ticks++;

		unsigned long const sheep = shepherd().bring();
		searcher.sheep = sheep;
		searcher.go.up();
		searcher.done.down();

		if (sheep != ticks || searcher.found != ticks || lost(sheep) != ticks)
			error("FAILED: flock ", ticks, ": ", sheep, ", ", searcher.found);
		else
			log("flock ", ticks);
	}

	Main(Env &env) : env(env)
	{
		searcher.start();
		timer.sigh(handler);
		timer.trigger_periodic(50*1000);
	}
};


namespace Component {

	Genode::size_t stack_size() { return 8*1024*sizeof(long); }

	void construct(Genode::Env &env) { static Main main(env); }
}
