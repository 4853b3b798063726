/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts sheep: one thread counts, the other one logs the number
 *
 * Nothing here knows of checkpoints. Both threads check that the other one
 * did what it had to do since.
 */
#include <base/log.h>
#include <base/printf.h>
#include <base/semaphore.h>
#include <base/sleep.h>
#include <base/thread.h>
#include <timer_session/connection.h>

using namespace Genode;


struct Counter : Thread_deprecated<4096*sizeof(long)>
{
	Semaphore     go, done;
	unsigned long sheep = 0;
	double        weight = 0;

	Counter() : Thread_deprecated("counter") { }

	void entry() override
	{
		for (;;) {
			go.down();
			/* some time in user mode, with the floating-point unit */
			double sum = 0;
			for (unsigned i = 0; i < 100000; i++)
				sum += 0.5;
			weight += sum;
			sheep++;
			done.up();
		}
	}
};


int main()
{
	static Timer::Connection timer;
	static Counter counter;

	counter.start();

	for (unsigned long n = 1; ; n++) {
		counter.go.up();
		counter.done.down();

		if (counter.sheep != n || counter.weight != 50000.0*n)
			error("FAILED: sheep ", n, " is ", counter.sheep);
		else
			log("sheep ", n);
		timer.msleep(50);
	}
}
