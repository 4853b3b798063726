/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts sheep: one thread counts, the other one logs the number
 *
 * Nothing here knows of checkpoints. Both threads check that the other one
 * did what it had to do since.
 */
#include <base/component.h>
#include <base/log.h>
#include <base/semaphore.h>
#include <base/thread.h>
#include <timer_session/connection.h>

using namespace Genode;


struct Counter : Thread
{
	Semaphore     go { }, done { };
	unsigned long sheep = 0;
	double        weight = 0;

	Counter(Env &env) : Thread(env, "counter", Stack_size { 4096*sizeof(long) }) { }

	void entry() override
	{
		for (;;) {
			go.down();
			/* some time in user mode, with the floating-point unit */
			double sum = 0;
			for (unsigned i = 0; i < 100000; i++)
				sum += 0.5;
			weight = weight + sum;
			sheep++;
			done.up();
		}
	}
};


struct Main
{
	Timer::Connection timer;
	Counter           counter;

	Main(Env &env) : timer(env), counter(env)
	{
		counter.start();

		for (unsigned long n = 1; ; n++) {
			counter.go.up();
			counter.done.down();

			if (counter.sheep != n || counter.weight != 50000.0*(double)n)
				error("FAILED: sheep ", n, " is ", counter.sheep);
			else
				log("sheep ", n);
			timer.msleep(50);
		}
	}
};


void Component::construct(Env &env) { static Main main(env); }
