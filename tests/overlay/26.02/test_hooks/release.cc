/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What only Genode 26.02 has: results instead of exceptions, Mutex
 */
#include "test_hooks/hooks.h"


void test_thread_refused()
{
	struct Refused : Test_thread { void entry() override { } };

	/* core has its own limits */
	core.no_thread = true;
	Refused * const refused = new Refused;
	core.no_thread = false;
	check(refused->start() == Thread::Start_result::DENIED);
	check(!refused->cap().valid());
	delete refused;
	compare();
}

static Mutex   *mutex;
static unsigned owners;

/* Who waits for a mutex gets it after its owner, wherever it was recreated */
void test_mutex()
{
	owners = 0;
	mutex  = new Mutex;
	mutex->acquire();

	Worker a([] () { Mutex::Guard guard(*mutex); owners++; });
	wait_for([] () { return waits(1); });
	a.disturb();
	wait_for([] () { return waits(1); });
	ask(PEER_REMAKE, 1);
	wait_for([] () { return waits(1); });
	compare();
	check(owners == 0);
	mutex->release();
	a.join();
	check(owners == 1);
	compare();
	delete mutex;
}
