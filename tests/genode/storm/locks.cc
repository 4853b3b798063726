/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two threads that wake each other, and a lock that more than two want
 */
#include <base/thread.h>

#include "storm.h"

using namespace Storm;


static Lock          lock;
static unsigned long shared, inside;
static Semaphore     ping, pong;
static unsigned long volatile said;


static void want(unsigned long n)
{
	Lock::Guard guard(lock);

	account.expect(++inside == 1, "lock", n);
	for (unsigned i = 0; i < 100; i++)
		shared++;
	account.expect(--inside == 0, "lock", n);
}


static void ask(unsigned long n)
{
	said = n;
	ping.up();
	pong.down();
	account.expect(said == 3*n, "semaphore", n);
	want(n);
}


static void answer(unsigned long n)
{
	ping.down();
	said = 3*said;
	pong.up();
	want(n);
}


static Activity asks { "asks", ask }, answers { "answers", answer }, wants { "wants", want };
