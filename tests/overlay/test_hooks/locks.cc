/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waiting for a lock, and giving up
 */
#include "hooks.h"

#include <base/blocking.h>


static Lock           *lock;
static Cancelable_lock *cancelable;
static unsigned        order[3], turns;

static void take(unsigned who)
{
	lock->lock();
	order[turns++] = who;
	lock->unlock();
}

void test_lock()
{
	turns = 0;
	lock  = new Lock;
	lock->lock();

	Worker a([] () { take(1); });
	wait_for([] () { return waits(1); });
	Worker b([] () { take(2); });
	wait_for([] () { return waits(2); });
	compare();

	/* recreated while it waits: it still waits, in its place, also after a cancellation */
	ask(PEER_REMAKE, 1);
	wait_for([] () { return waits(1); });
	compare();
	check(turns == 0);
	b.cancel_blocking();
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
	lock  = new Lock;

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

static bool was_cancelled;

void test_cancel()
{
	was_cancelled = false;
	cancelable    = new Cancelable_lock(Cancelable_lock::LOCKED);

	Worker a([] () {
		try { cancelable->lock(); }
		catch (Blocking_canceled) { was_cancelled = true; }
	});
	wait_for([] () { return waits(1); });

	/* a recreated thread does not give up */
	ask(PEER_REMAKE, 1);
	wait_for([] () { return waits(1); });
	check(!was_cancelled);
	a.cancel_blocking();
	a.join();
	check(was_cancelled);
	compare();

	/* it left the queue: the lock is passed to no thread */
	cancelable->unlock();
	cancelable->lock();
	cancelable->unlock();
	delete cancelable;
}
