/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every hook of the overlay, on the hosted kernel
 *
 * One component, whose base library is the overlay, talks to core, to its
 * parent and to a peer. After each step its log is read and held against the
 * object space that the kernel has, and against the cap map. All that for each
 * dataspace that a parent may give for the log, and for several schedules: each
 * system call and each record is a point at which another thread may run.
 *
 * Not here: kernel_entry.S (test_stub), core's sources (test_core).
 *
 *	test_hooks [first seed [seeds]]
 */
#include "library.h"
#include "t_space.h"

#include <base/blocking.h>
#include <signal_source/client.h>

#include <base/internal/cap_log.h>
#include <base/internal/cap_map.h>
#include <base/internal/ipc_server.h>
#include <base/internal/lock_helper.h>
#include <base/internal/native_thread.h>
#include <base/internal/native_utcb.h>
#include <base/internal/parent_cap.h>
#include <base/internal/stack.h>
#include <foc/native_capability.h>

#include <caplog/reader.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Genode;
using Fiasco::L4_CAP_SHIFT;

void prepare_init_main_thread();
void prepare_reinit_main_thread();


/****************************
 ** Log, kernel, and cap map **
 ****************************/

static caplog_reader reader;
static caplog_space  space, fresh_space;
static bool          dead[HK_SLOTS]; /* whose object the peer destroyed */

static uint32_t slot(addr_t kcap) { return kcap >> L4_CAP_SHIFT; }

static uint32_t slot(Native_capability const &cap) { return slot(cap.data()->kcap()); }

static bool logged() { return cap_log_writer()->state == CAPLOG_WRITER_ON; }

static hk_thread *thread_at(uint32_t gate)
{
	hk_object * const o = hk_slot(core.task, gate);
	return o && o->type == HK_GATE ? ((hk_gate *)o)->thread : nullptr;
}

static void compare_thread(uint32_t s)
{
	hk_thread * const t = thread_at(s);
	check(t);

	char * const utcb = (char *)(uintptr_t)(HK_UTCBS + t->index*HK_PAGE + UTCB_OFFSET);
	check(space.a[s] == (uintptr_t)utcb);

	/* what the thread was started with is what its UTCB tells */
	unsigned long * const words = Fiasco::l4_utcb_tcr_u((Fiasco::l4_utcb_t *)utcb)->user;
	check(space.b[s] == words[Fiasco::UTCB_TCR_THREAD_OBJ]);
	check((uintptr_t)cap_space.data(s) == words[Fiasco::UTCB_TCR_BADGE]);
}

static void compare_slot(uint32_t s)
{
	caplog_cap const  &cap    = space.cap[s];
	hk_object  * const object = hk_slot(core.task, s);
	uint16_t     const badge  = cap_space.map.badge[s];
	bool         const named  = badge != 0 && badge != 0xffff;

	check(named == (cap.kind != CAPLOG_EMPTY));
	if (!named) {
		dead[s] = false;
		return;
	}
	check(cap.badge == badge);
	if (cap.stale) {
		check(!object);
		return;
	}
	if (cap.kind == CAPLOG_TOMBSTONE || dead[s]) {
		check(!object);
		check(cap.kind == CAPLOG_TOMBSTONE || cap.kind == CAPLOG_RECEIVED);
		return;
	}
	check(object);

	/* nobody tells the badge of the main thread's gate */
	if (s == slot(Fiasco::MAIN_THREAD_CAP))
		check(badge == 1 && cap.kind == CAPLOG_PLACED && thread_at(s) == core_thread(0));
	else
		check(core_badge(object) == badge);

	/* whose thread is ours is one of our RPC objects or threads, and no other is */
	if (object->type == HK_GATE && s >= 0x200)
		check((thread_at(s) != nullptr) == (cap.kind == CAPLOG_RPC));
	if (object->type == HK_IRQ)
		check((((hk_irq *)object)->thread != nullptr) == (cap.kind == CAPLOG_IRQ));

	switch (cap.kind) {
	case CAPLOG_RPC:
		check(thread_at(s) == thread_at(cap.other));
		break;
	case CAPLOG_THREAD:
		compare_thread(s);
		break;
	case CAPLOG_IRQ:
		check(object->type == HK_IRQ && ((hk_irq *)object)->thread == thread_at(cap.other));
		check(((hk_irq *)object)->label == space.a[s]);
		break;
	}
}

/* Read the log as a monitor does: not while a thread holds */
static void compare()
{
	caplog_diag   diag;
	caplog_reader other;

	while (t_holding())
		thread_yield();
	check(overlay_asserts() == 0);
	if (!logged())
		return;

	check(caplog_reader_update(&reader, &space, nullptr, &diag) == 0);

	/* who comes late sees the same */
	check(caplog_reader_open(&other, (void *)HK_LOG, LOG_SIZE, &diag) == 0);
	check(caplog_reader_update(&other, &fresh_space, nullptr, &diag) == 0);
	for (uint32_t s = 0; s < HK_SLOTS; s++) {
		check(!::memcmp(&space.cap[s], &fresh_space.cap[s], offsetof(caplog_cap, version)));
		compare_slot(s);
	}
}

static ::uint64_t records()
{
	caplog_log_stat stat = { };

	if (logged())
		check(caplog_reader_stat(&reader, &stat) == 0);
	return stat.records;
}

static unsigned kind(Native_capability const &cap)
{
	compare();
	return space.cap[slot(cap)].kind;
}

/* Only where there is a log */
#define check_kind(cap, k) do { unsigned const found = kind(cap); check(!logged() || found == (k)); } while (0)


/***********
 ** Tools **
 ***********/

static Native_capability ask(Peer_opcode op, unsigned long a)
{
	Overlay::Request r;

	r.word(op);
	r.word(a);
	r.call(peer());
	return r.rcv.used_caps() ? r.rcv.cap(0) : Native_capability();
}

static Native_capability give(unsigned badge) { return ask(PEER_GIVE, badge); }

static void destroy(unsigned badge)
{
	ask(PEER_DESTROY, badge);
	for (uint32_t s = 0; s < HK_SLOTS; s++)
		if (cap_space.map.badge[s] == badge)
			dead[s] = true;
}

static void wait_for(bool (*condition)())
{
	for (unsigned n = 0; !condition(); n++) {
		check(n < 100000);
		thread_yield();
	}
}

struct Worker : Thread
{
	void (*work)();

	explicit Worker(void (*f)()) : Thread(10, "worker", 4096), work(f) { start(); }

	void entry() override { work(); }
	void join() { _join_lock.lock(); _join_lock.unlock(); }

	hk_thread *thread() { return thread_at(slot(native_thread().kcap)); }
};


/******************
 ** Capabilities **
 ******************/

static void test_received()
{
	uint32_t const used = t_used();
	{
		Native_capability const a = give(80);
		check(a.valid() && a.local_name() == 80 && slot(a) >= 0x200);
		check(core_object(80) == hk_slot(core.task, slot(a)));
		check_kind(a, CAPLOG_RECEIVED);

		/* known: the same entry, and no record */
		::uint64_t        const before = records();
		Native_capability const again  = give(80);
		check(again == a && records() == before);
		check(!give(0).valid() && records() == before);

		/* two alive with one badge cannot be: it is not the peer's to say so */
		check(!ask(PEER_FORGE, 80).valid());
		check(records() == before);
		compare();
	}
	/* with the last reference the slot is free, and what it held stays mapped */
	compare();
	check(t_used() == used);
}

static void test_four()
{
	Overlay::Request r;

	r.word(PEER_GIVE);
	for (unsigned i = 0; i < 4; i++)
		r.word(i == 2 ? 0 : 88 + 8*i);
	r.call(peer());
	compare();

	check(r.rcv.used_caps() == 4 && !r.rcv.cap(2).valid());
	for (unsigned i = 0; i < 4; i++)
		check(i == 2 || core_object(88 + 8*i) == hk_slot(core.task, slot(r.rcv.cap(i))));

	/* and back: a capability whose object is gone is sent as none */
	Msgbuf<64> snd, rcv;
	destroy(88);
	compare();
	snd.insert(r.rcv.cap(0));
	snd.insert(r.rcv.cap(1));
	snd.word(0) = PEER_GIVE;
	snd.data_size(sizeof(long));
	ipc_call(peer(), snd, rcv, 0);
	check(!snd.cap(0).valid() && snd.cap(1).valid());
}

static void test_stale()
{
	Native_capability const old = give(160);

	/* the badge is used again while somebody has the dead capability */
	destroy(160);
	check_kind(old, CAPLOG_RECEIVED);
	Native_capability const young = give(160);

	check(slot(young) != slot(old) && young.local_name() == old.local_name());
	check(core_object(160) == hk_slot(core.task, slot(young)));
	compare();
	check(!logged() || (space.cap[slot(old)].stale && !space.cap[slot(young)].stale));
	check(give(160) == young);
}

static void test_placed()
{
	/* the parent is another one now */
	Native_capability const parent = parent_cap();
	check(slot(parent) == slot(Fiasco::PARENT_CAP));
	check_kind(parent, CAPLOG_PLACED);

	Capability_map    &map = *cap_map();
	Native_capability  gate = give(168);
	Cap_index  * const at   = map.insert(168, 0x1ff000);

	/* at a place of its own it is another entry, and the one before is left behind */
	check(hk_map(core.task, 0x1ff, core_object(168)) == 0);
	hk_map(core.task, slot(gate), nullptr);
	compare();
	check(t_find(168) == at && (!logged() || space.cap[slot(gate)].stale));

	map.remove(at);
	hk_map(core.task, 0x1ff, nullptr);
	compare();
	check(!t_find(168));
}

static void test_broken()
{
	auto receive = [] (unsigned how, Msgbuf_base &rcv)
	{
		Msgbuf<64> snd;
		snd.word(0) = PEER_BROKEN;
		snd.word(1) = how;
		snd.data_size(2*sizeof(long));
		check(ipc_call(peer(), snd, rcv, 0).value == 0);
		compare();
	};
	Msgbuf<64> rcv;

	receive(NO_COUNT, rcv);
	check(rcv.used_caps() == 0 && rcv.data_size() == 0);
	receive(NO_BADGES, rcv);
	check(rcv.used_caps() == 0 && rcv.data_size() == 0);

	/* the data begin behind all badges, also behind those without a capability */
	receive(NO_ITEMS, rcv);
	check(rcv.used_caps() == 3 && rcv.cap(0) == peer());
	check(!rcv.cap(1).valid() && !rcv.cap(2).valid());
	check(rcv.data_size() == sizeof(long) && rcv.word(0) == 77);

	receive(TOO_LONG, rcv);
	check(rcv.data_size() == 64 && rcv.word(0) == 2 && rcv.word(64/sizeof(long) - 1) == 1 + 64/sizeof(long));
	rcv.reset();
	receive(TOO_MANY_CAPS, rcv);
	check(rcv.used_caps() == 4);

	/* what does not fit the UTCB is not sent */
	Msgbuf<64*sizeof(long)> snd;
	unsigned refused = 0;
	snd.data_size(62*sizeof(long));
	try { ipc_call(peer(), snd, rcv, 0); } catch (Ipc_error) { refused++; }

	/* neither is anything to nobody, or to somebody who is gone */
	snd.data_size(0);
	try { ipc_call(Native_capability(), snd, rcv, 0); } catch (Ipc_error) { refused++; }
	Native_capability const gone = give(176);
	destroy(176);
	try { ipc_call(gone, snd, rcv, 0); } catch (Ipc_error) { refused++; }
	check(refused == 3);
	compare();
}

static void test_exhausted()
{
	static Cap_index *taken[HK_SLOTS];
	unsigned n = 0, refused = 0;

	while ((taken[n] = cap_idx_alloc()->alloc_range(1)))
		n++;
	check(overlay_asserts() == 1);

	/* no slots for a receive window: no call */
	try { give(184); } catch (Ipc_error) { refused++; }
	check(refused == 1);

	/* a window, but no slot for what arrives in it */
	for (unsigned i = 0; i < 4; i++)
		cap_idx_alloc()->free_range(t_slot(taken[--n]), 1);
	check(!give(184).valid());
	compare();

	while (n)
		cap_idx_alloc()->free_range(t_slot(taken[--n]), 1);
	check(give(184).valid());
}


/*************
 ** Threads **
 *************/

static bool go;

static void test_thread()
{
	/* the CPU session's capability stays */
	{ Worker w([] () { }); w.join(); }
	uint32_t const used = t_used();
	go = false;

	Worker *w = new Worker([] () { wait_for([] () { return go; }); });

	check(w->native_thread().kcap == 0xc000 && w->thread() == core_thread(1));
	check((addr_t)w->utcb()->foc_utcb == HK_UTCBS + HK_PAGE + UTCB_OFFSET);
	check(core.stack_top[1]);
	compare();
	check(!logged() || space.cap[0xc].kind == CAPLOG_THREAD);
	check(!logged() || space.b[0xc] == (uintptr_t)w);

	unsigned const cancelled = core.cancelled;
	w->cancel_blocking();
	check(core.cancelled == cancelled + 1);

	go = true;
	w->join();
	delete w;
	compare();
	check(!core_thread(1) && t_used() == used);
	check(!logged() || space.cap[0xc].kind == CAPLOG_EMPTY);

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


/***********
 ** Locks **
 ***********/

static Lock           *lock;
static Cancelable_lock *cancelable;
static unsigned        order[3], turns;

static bool waits(unsigned i)
{
	return core_thread(i) && core_thread(i)->state == HK_IRQ_WAITING;
}

static void take(unsigned who)
{
	lock->lock();
	order[turns++] = who;
	lock->unlock();
}

static void test_lock()
{
	turns = 0;
	lock  = new Lock;
	lock->lock();

	Worker a([] () { take(1); });
	wait_for([] () { return waits(1); });
	Worker b([] () { take(2); });
	wait_for([] () { return waits(2); });
	compare();

	/* made anew while it waits: it still waits, in its place; so it does if cancelled */
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
	check(turns == 2 && order[0] == 1 && order[1] == 2);
	compare();
	lock->unlock();
	delete lock;
}

static bool was_cancelled;

static void test_cancel()
{
	was_cancelled = false;
	cancelable    = new Cancelable_lock(Cancelable_lock::LOCKED);

	Worker a([] () {
		try { cancelable->lock(); }
		catch (Blocking_canceled) { was_cancelled = true; }
	});
	wait_for([] () { return waits(1); });

	/* that it was made anew is no reason to give up */
	ask(PEER_REMAKE, 1);
	wait_for([] () { return waits(1); });
	check(!was_cancelled);
	a.cancel_blocking();
	a.join();
	check(was_cancelled);
	compare();

	/* it left the queue: nobody is handed the lock */
	cancelable->unlock();
	cancelable->lock();
	cancelable->unlock();
	delete cancelable;
}


/*************
 ** Signals **
 *************/

static Capability<Signal_source> signal_source;
static Signal_source_client     *client;
static long                      imprints;
static bool                      leave;

static void signal_thread()
{
	client = new Signal_source_client(signal_source);
	while (!leave)
		imprints += client->wait_for_signal().imprint();
	delete client;
	client = nullptr;
}

static void test_signal()
{
	imprints = 0;
	leave    = false;
	signal_source = env()->pd_session()->alloc_signal_source();

	Worker *w = new Worker(signal_thread);
	wait_for([] () { return waits(1); });
	compare();

	/* attached to its thread, with label 0, and recorded so */
	uint32_t irq = 0;
	for (uint32_t s = 0x200; s < HK_SLOTS; s++)
		if (hk_slot(core.task, s) && hk_slot(core.task, s)->type == HK_IRQ
		 && cap_space.map.badge[s] && cap_space.map.badge[s] != 0xffff)
			irq = s;
	check(irq && ((hk_irq *)hk_slot(core.task, irq))->thread == w->thread());
	check(!logged() || (space.cap[irq].kind == CAPLOG_IRQ && space.cap[irq].other == 0xc));

	/* there is one attachment: the second fails, and is not recorded */
	::uint64_t const before = records();
	Signal_source_client *second = new Signal_source_client(signal_source);
	check(records() == before);
	compare();
	(void)second;

	/* a wake-up without a signal; one with; one after the thread was made anew */
	ask(PEER_SIGNAL, 0);
	ask(PEER_SIGNAL, 3);
	wait_for([] () { return imprints == 3 && waits(1); });
	ask(PEER_REMAKE, 1);
	wait_for([] () { return waits(1); });
	compare();
	leave = true;
	ask(PEER_SIGNAL, 4);
	w->join();
	check(imprints == 7 && !client);

	/* detached: the IRQ object is like any other */
	compare();
	check(!logged() || space.cap[irq].kind == CAPLOG_RECEIVED);
	delete w;
	compare();
}


/*****************
 ** RPC objects **
 *****************/

struct Object : Rpc_object_base
{
	unsigned served = 0;

	Rpc_exception_code (*work)(Object &, Msgbuf_base &out) = nullptr;

	Rpc_exception_code dispatch(Rpc_opcode opcode, Ipc_unmarshaller &, Msgbuf_base &out) override
	{
		check(opcode.value == 42);
		served++;
		out.word(0) = served;
		out.data_size(sizeof(long));
		return work ? work(*this, out) : Rpc_exception_code(Rpc_exception_code::SUCCESS);
	}
};

struct Entrypoint : Rpc_entrypoint
{
	Entrypoint(bool start = true) : Rpc_entrypoint(env()->pd_session(), 4096, "ep", start) { }

	Native_capability manage(Object &o)   { return _manage(&o); }
	void              dissolve(Object &o) { _dissolve(&o); }
};

static long invoke(Native_capability const &cap, unsigned long *result = nullptr)
{
	Overlay::Request r;
	r.word(42);
	long const code = ipc_call(cap, r.snd, r.rcv, 0).value;
	if (result)
		*result = r.rcv.word(0);
	return code;
}

static Entrypoint       *ep;
static Object           *object;
static Native_capability object_cap;
static unsigned long     answer;

static void test_entrypoint()
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
	check(!logged() || space.cap[slot(object_cap)].other == 0xc);

	check(invoke(object_cap, &answer) == 0 && answer == 1);
	compare();

	/* the entrypoint waits for requests, in a new thread as in the old one */
	ask(PEER_REMAKE, 1);
	check(invoke(object_cap, &answer) == 0 && answer == 2);
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
static void test_forged_badge()
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
	check(u->words == 2 && (long)u->mr[0] == Rpc_exception_code::INVALID_OBJECT && u->mr[1] == 0);
	check(invoke(object_cap, &answer) == 0 && answer == served + 1);
	compare();
}

/* The caller is gone when it would get its reply, and calls again in a new life */
static void test_reply_once()
{
	answer = 0;
	object->served = 0;
	object->work = [] (Object &o, Msgbuf_base &) -> Rpc_exception_code {
		if (o.served == 1)
			ask(PEER_REMAKE, 2);
		return Rpc_exception_code(Rpc_exception_code::SUCCESS); };

	Worker w([] () { check(invoke(object_cap, &answer) == 0); });
	w.join();
	check(answer == 2 && object->served == 2);

	object->work = nullptr;
	check(invoke(object_cap, &answer) == 0 && answer == 3);
	compare();
}

/* A server that is busy: the caller waits in the kernel, and is made anew there */
static void test_busy()
{
	answer = 0;
	object->served = 0;
	lock = new Lock(Lock::LOCKED);
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
	check(answer == 2 && object->served == 2);
	object->work = nullptr;
	delete lock;
	compare();
}

/* Nobody answers for an object that is not there; nor for one that was cancelled */
static Native_capability unknown;

static void test_no_answer()
{
	unknown = env()->pd_session()->alloc_rpc_cap(*(Cap_index *)cap_space.data(0xc));
	/* made behind the entrypoint's back: recorded as what it looks like */
	cap_log_rpc_alloc(unknown, *(Cap_index *)cap_space.data(0xc));

	Worker *w = new Worker([] () { invoke(unknown); });
	wait_for([] () { return core_thread(2)->state == HK_AWAITING_REPLY
	                     && core_thread(1)->state == HK_WAITING; });
	delete w;

	cap_log_rpc_free(unknown);
	env()->pd_session()->free_rpc_cap(unknown);
	compare();

	static Object cancelled;
	cancelled.work = [] (Object &, Msgbuf_base &) -> Rpc_exception_code { throw Blocking_canceled(); };
	unknown = ep->manage(cancelled);
	w = new Worker([] () { invoke(unknown); });
	wait_for([] () { return core_thread(2)->state == HK_AWAITING_REPLY
	                     && core_thread(1)->state == HK_WAITING; });
	delete w;
	ep->dissolve(cancelled);
	compare();

	/* the callers' references are lost with them, so that tombstones stay */
	uint32_t const s = slot(unknown);
	unknown = Native_capability();
	compare();
	check(!logged() || space.cap[s].kind == CAPLOG_TOMBSTONE);
	check(invoke(object_cap) == 0);
}

static void test_tombstone()
{
	ep->dissolve(*object);
	check(!object->cap().valid());

	/* freed, but somebody has the capability still */
	check(!hk_slot(core.task, slot(object_cap)));
	check_kind(object_cap, CAPLOG_TOMBSTONE);
	uint32_t const s = slot(object_cap);
	object_cap = Native_capability();
	compare();
	check(!logged() || space.cap[s].kind == CAPLOG_EMPTY);

	/* the entrypoint answers the exit call, waits for its end, and is gone */
	delete object;
	delete ep;
	compare();
	check(!core_thread(1) && cap_space.map.badge[0xc] == 0);
}

static void test_activate()
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


/*****************
 ** Main thread **
 *****************/

struct Main : Thread
{
	Main() : Thread(10, "main", 0, MAIN) { }
	void entry() override { }
};

static void expect_log()
{
	caplog_diag diag;
	bool const good = core.log == LOG_GOOD || core.log == LOG_ODD;

	check(cap_log_writer()->state == (good ? CAPLOG_WRITER_ON : CAPLOG_WRITER_OFF));
	check(core.attached == (good || core.log == LOG_UNALIGNED));
	check(core.detached == (core.log == LOG_UNALIGNED));
	if (!good)
		return;

	::memset(&space, 0, sizeof(space));
	check(caplog_reader_open(&reader, (void *)HK_LOG, LOG_SIZE, &diag) == 0);
	compare();

	/* the log tells where the map is, so that a monitor can rewrite it */
	caplog_map_place place;
	check(caplog_reader_map(&reader, &place) == 0);
	check(place.address == (uintptr_t)cap_space.map.badge && place.count == HK_SLOTS);
	check(place.epoch_address == (uintptr_t)&cap_space.map.epoch);
}

static void test_begin()
{
	prepare_init_main_thread();

	unsigned long const * const words = Fiasco::l4_utcb_tcr()->user;
	check(words[Fiasco::UTCB_TCR_BADGE] == (uintptr_t)cap_space.data(9));
	check(words[Fiasco::UTCB_TCR_THREAD_OBJ] == 0 && cap_space.map.badge[9] == 1);
	check(!Thread::myself());

	/* what comes before there is a log is kept */
	Native_capability const early = give(72), dropped = give(64);
	check(cap_log_writer()->state == CAPLOG_WRITER_EARLY && cap_log_writer()->early_count >= 4);

	Main * const main = new Main;
	check(Thread::myself() == main && main->native_thread().kcap == Fiasco::MAIN_THREAD_CAP);
	check(core.asked_for_log == 1);
	expect_log();
	check_kind(early, CAPLOG_RECEIVED);
}

/* A fork: the map is made anew, and so is the log */
static void test_reinit()
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
		check(cap_space.map.badge[s] == (s == 9));
	check(!Thread::myself());

	forget_environment();
	new Main;
	expect_log();
	check(!logged() || reader.header.generation == generation + 1);
	test_received();
	test_stale();
}


static struct { char const *name; void (*run)(); } const tests[] = {
	{ "begin",        test_begin        }, { "received",  test_received  },
	{ "four",         test_four         }, { "stale",     test_stale     },
	{ "placed",       test_placed       }, { "broken",    test_broken    },
	{ "exhausted",    test_exhausted    }, { "thread",    test_thread    },
	{ "lock",         test_lock         }, { "cancel",    test_cancel    },
	{ "signal",       test_signal       },
	{ "entrypoint",   test_entrypoint   }, { "forged",    test_forged_badge },
	{ "reply once",   test_reply_once   }, { "busy",      test_busy      },
	{ "no answer",    test_no_answer    }, { "tombstone", test_tombstone },
	{ "activate",     test_activate     }, { "reinit",    test_reinit    },
};

static char const *running = "nothing";
static bool        finished;

static void component()
{
	for (auto const &t : tests) {
		running = t.name;
		t.run();
		compare();
	}
	finished = true;
}

/* In a process of its own, since the library's variables are the process's */
static bool run(unsigned long seed, Log log)
{
	pid_t const child = fork();

	if (!child) {
		core_create(seed, log);
		core_run(component);
		if (!finished)
			fprintf(stderr, "'%s' waits for ever\n", running);
		_exit(!finished);
	}
	int status = 0;
	waitpid(child, &status, 0);
	if (status)
		fprintf(stderr, "FAILED: seed %lu, dataspace %d (status %x)\n", seed, log, status);
	return !status;
}

int main(int argc, char **argv)
{
	unsigned long const first = argc > 1 ? strtoul(argv[1], nullptr, 0) : 1;
	unsigned long const seeds = argc > 2 ? strtoul(argv[2], nullptr, 0) : argc > 1 ? 1 : 8;

	for (unsigned long seed = first; seed < first + seeds; seed++)
		for (unsigned log = 0; log < LOGS; log++)
			if (!run(seed, (Log)log))
				return 1;
	printf("%zu tests, %lu schedules, %d dataspaces\n", sizeof(tests)/sizeof(tests[0]), seeds, LOGS);
	return 0;
}
