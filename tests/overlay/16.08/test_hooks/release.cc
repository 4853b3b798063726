/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What only Genode 16.08 has: cancellation, entrypoints that wait for their
 * activation, exceptions, forks
 */
#include "test_hooks/objects.h"

#include <base/blocking.h>

#include <string.h>

void prepare_reinit_main_thread();


void test_thread_refused()
{
	/* core has its own limits */
	unsigned refused = 0;
	core.no_thread = true;
	try { new Worker([] () { }); } catch (Cpu_session::Thread_creation_failed) { refused++; }
	core.no_thread = false;
	core.no_state  = true;
	try { new Worker([] () { }); } catch (Cpu_session::Thread_creation_failed) { refused++; }
	core.no_state = false;
	check(refused == 2);
	compare();
	destroy(core_badge(&core.gate[1]->o));
	hk_destroy(&core_thread(1)->o);
}

static Cancelable_lock *cancelable;
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

/* Nobody answers for an object whose handler was cancelled */
static Native_capability cancelled_cap;

void test_cancelled_object()
{
	ep = new Entrypoint;
	static Object cancelled;
	cancelled.work = [] (Object &, Msgbuf_base &) -> Rpc_exception_code { throw Blocking_canceled(); };
	cancelled_cap = ep->manage(cancelled);
	Worker *w = new Worker([] () { invoke(cancelled_cap); });
	wait_for(has_no_answer);
	delete w;
	ep->dissolve(cancelled);
	compare();
	cancelled_cap = Native_capability();
	delete ep;
	compare();
}

void test_activate()
{
	ep = new Entrypoint(false);
	object = new Object;
	object_cap = ep->manage(*object);
	answer = 0;

	/* no request is served before */
	Worker w([] () { check(invoke(object_cap, &answer) == 0); });
	wait_for([] () { return core_thread(2)->state == HK_SENDING && waits(1); });
	compare();
	check(answer == 0);
	ep->activate();
	w.join();
	check(answer == 1);
	test_tombstone();
}

/* A fork: the map is recreated, and so is the log */
void test_reinit()
{
	uint32_t const generation = logged() ? reader.header.generation : 0;

	compare();
	if (core.attached > core.detached)
		env()->rm_session()->detach((void *)HK_LOG);
	core.attached = core.detached = 0;
	::memset(dead, 0, sizeof(dead));

	prepare_reinit_main_thread();
	check(cap_log_writer()->state == CAPLOG_WRITER_EARLY);
	for (uint32_t s = 0; s < HK_SLOTS; s++)
		check(cap_space.map.badge[s] == (s == MAIN_GATE));
	check(!Thread::myself());

	forget_environment();
	new Main_thread;
	expect_log();
	if (logged())
		check(reader.header.generation == generation + 1);
	test_received();
	test_stale();
}
