/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waiting for a lock
 */
#include "hooks.h"


static Test_lock *lock;
static unsigned   order[3], turns;

static void take(unsigned who)
{
	lock->lock();
	order[turns++] = who;
	lock->unlock();
}

void test_lock()
{
	turns = 0;
	lock  = new Test_lock;
	lock->lock();

	Worker a([] () { take(1); });
	wait_for([] () { return waits(1); });
	Worker b([] () { take(2); });
	wait_for([] () { return waits(2); });
	compare();

	/* recreated while it waits: it still waits, in its place, also after a wake-up for nothing */
	ask(PEER_REMAKE, 1);
	wait_for([] () { return waits(1); });
	compare();
	check(turns == 0);
	b.disturb();
	wait_for([] () { return waits(2); });
	check(turns == 0);

	/* handed over, one after the other */
	lock->unlock();
	a.join();
	b.join();
	lock->lock();
	check(turns == 2);
	check(order[0] == 1);
	check(order[1] == 2);
	compare();
	lock->unlock();
	delete lock;
}

/* A thread that locks what it holds waits until another one unlocks it, whatever else wakes it */
void test_lock_again()
{
	turns = 0;
	lock  = new Test_lock;

	Worker a([] () {
		lock->lock();
		lock->lock();
		turns++;
		lock->unlock();
	});
	wait_for([] () { return waits(1); });
	ask(PEER_REMAKE, 1);
	wait_for([] () { return waits(1) || turns; });
	check(turns == 0);
	lock->unlock();
	a.join();
	check(turns == 1);
	compare();
	delete lock;
}

static bool locked, again;

/* Who waited before is not forgotten when the owner locks once more */
void test_lock_queued()
{
	turns = 0;
	locked = again = false;
	lock  = new Test_lock;

	Worker a([] () {
		lock->lock();
		locked = true;
		wait_for([] () { return again; });
		take(1);
	});
	wait_for([] () { return locked; });
	Worker b([] () { take(2); });
	wait_for([] () { return waits(2); });
	again = true;
	wait_for([] () { return waits(1); });
	lock->unlock();
	b.join();
	a.join();
	check(turns == 2);
	check(order[0] == 2);
	check(order[1] == 1);
	compare();
	delete lock;
}
