/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RPC objects of an entrypoint, and requests to them
 */
#include "objects.h"

#include <base/internal/ipc_server.h>


long invoke(Native_capability const &cap, unsigned long *result)
{
	Overlay::Request r;
	r.word(42);
	long const code = ipc_call(cap, r.snd, r.rcv, 0).value;
	if (result)
		*result = r.rcv.word(0);
	return code;
}

Entrypoint       *ep;
Object           *object;
Native_capability object_cap;
unsigned long     answer;

void test_entrypoint()
{
	unsigned const upgrades = core.upgrades;

	core.metadata = 0;
	ep     = new Entrypoint;
	object = new Object;

	/* the session is given what it lacks, once per four objects */
	check(core.upgrades == upgrades + 1);
	object_cap = ep->manage(*object);
	check_kind(object_cap, CAPLOG_RPC);
	check(thread_at(slot(object_cap)) == core_thread(1));
	if (logged())
		check(space.cap[slot(object_cap)].other == GATE);

	check(invoke(object_cap, &answer) == 0);
	check(answer == 1);
	compare();

	/* the entrypoint waits for requests, in a new thread as in the old one */
	ask(PEER_REMAKE, 1);
	check(invoke(object_cap, &answer) == 0);
	check(answer == 2);
	compare();

	/* an exception of the server */
	object->work = [] (Object &, Msgbuf_base &out) -> Rpc_exception_code {
		out.reset();
		return Rpc_exception_code(Rpc_exception_code::EXCEPTION_BASE - 7); };
	check(invoke(object_cap) == Rpc_exception_code::EXCEPTION_BASE - 7);
	object->work = nullptr;
	compare();
}

/* A request whose badge is not the label: past the overlay's client, which would not do it */
void test_forged_badge()
{
	struct hk_utcb *u = hk_utcb();
	hk_sys call = { HK_CALL, (long)slot(object_cap), 0, 0, 0 };

	u->words = 3;
	u->items = 0;
	u->mr[0] = (unsigned long)object_cap.local_name() + 8;
	u->mr[1] = 0;
	u->mr[2] = 42;
	check(hk_enter(&call) == 0);

	unsigned const served = object->served;
	check(u->words == 2);
	check((long)u->mr[0] == REFUSED);
	check(u->mr[1] == 0);
	check(invoke(object_cap, &answer) == 0);
	check(answer == served + 1);
	compare();
}

/* The caller is gone when it would get its reply; it calls again, and the server was not restored */
void test_reply_once()
{
	answer = 0;
	object->served = 0;
	object->work = [] (Object &o, Msgbuf_base &) -> Rpc_exception_code {
		if (o.served == 1)
			ask(PEER_REMAKE, 2);
		return Rpc_exception_code(Rpc_exception_code::SUCCESS); };

	Worker w([] () { check(invoke(object_cap, &answer) == 0); });
	w.join();
	check(answer == 2);
	check(object->served == 2);

	object->work = nullptr;
	check(invoke(object_cap, &answer) == 0);
	check(answer == 3);
	compare();
}

/* A server that is busy: the caller waits in the kernel, and is recreated there */
static Test_lock *lock;

void test_busy()
{
	answer = 0;
	object->served = 0;
	lock = new Test_lock(true);
	object->work = [] (Object &, Msgbuf_base &) -> Rpc_exception_code {
		lock->lock();
		lock->unlock();
		return Rpc_exception_code(Rpc_exception_code::SUCCESS); };

	Worker first([] () { check(invoke(object_cap) == 0); });
	wait_for([] () { return waits(1); });
	Worker second([] () { check(invoke(object_cap, &answer) == 0); });
	wait_for([] () { return core_thread(3)->state == HK_SENDING; });
	compare();
	ask(PEER_REMAKE, 3);
	wait_for([] () { return core_thread(3)->state == HK_SENDING; });
	check(answer == 0);
	lock->unlock();
	first.join();
	second.join();
	check(answer == 2);
	check(object->served == 2);
	object->work = nullptr;
	delete lock;
	compare();
}

/* Nobody answers for an object that is not there */
static Native_capability unknown;

void test_no_answer()
{
	unknown = new_gate(cap_of((Cap_index *)cap_space.data(GATE)));
	/* made without the entrypoint: recorded as what it looks like */
	cap_log_rpc_alloc(unknown, cap_of((Cap_index *)cap_space.data(GATE)));

	Worker *w = new Worker([] () { invoke(unknown); });
	wait_for(has_no_answer);
	delete w;

	cap_log_rpc_free(unknown);
	free_gate(unknown);
	compare();

	/* the callers' references are lost with them, so that tombstones stay */
	uint32_t const s = slot(unknown);
	unknown = Native_capability();
	compare();
	if (logged())
		check(space.cap[s].kind == CAPLOG_TOMBSTONE);
	check(invoke(object_cap) == 0);
}

void test_tombstone()
{
	ep->dissolve(*object);
	check(!object->cap().valid());

	/* freed, but the capability is still held */
	check(!hk_slot(core.task, slot(object_cap)));
	check_kind(object_cap, CAPLOG_TOMBSTONE);
	uint32_t const s = slot(object_cap);
	object_cap = Native_capability();
	compare();
	if (logged())
		check(space.cap[s].kind == CAPLOG_EMPTY);

	/* the entrypoint answers the exit call, waits for its end, and is gone */
	delete object;
	delete ep;
	compare();
	check(!core_thread(1));
	check(cap_space.map.badge[GATE] == 0);
}
