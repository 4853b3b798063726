/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core, the parent, and the rest of the system, as a component sees them
 *
 * Everything here runs within the kernel entry of the component's call, so it
 * is never half done. Badges are used again at once, as core does.
 */
#include "platform.h"
#include "rpc.h"
#include "t_space.h"

#include <base/internal/native_utcb.h>
#include <foc/syscall.h>
#include <foc/native_capability.h>

#include <caplog/call.h>

#include <stdlib.h>
#include <string.h>

using namespace Foc;

Core core;

enum { MAX_OBJECTS = 8192, DONE = 0, OUT_OF_METADATA = -1000, FAILED = -1001 };

/* Objects by badge */
static hk_object *object_of[MAX_OBJECTS];
static hk_irq    *semaphore;
static long       signals[64];
static unsigned   pending;
static bool       log_region;
static uint64_t   log_memory;


/************
 ** Badges **
 ************/

static unsigned enter(unsigned badge, hk_object *o)
{
	check(badge/BADGE_STEP < MAX_OBJECTS);
	check(badge % BADGE_STEP == 0);
	object_of[badge/BADGE_STEP] = o;
	return badge;
}

/* The lowest that is free; the first ones are for what the peer is asked for */
static unsigned new_badge()
{
	unsigned i = 1024;

	while (object_of[i])
		i++;
	return i*BADGE_STEP;
}

hk_object *core_object(unsigned badge) { return object_of[badge/BADGE_STEP]; }

unsigned core_badge(hk_object const *o)
{
	for (unsigned i = 0; i < MAX_OBJECTS; i++)
		if (object_of[i] == o)
			return i*BADGE_STEP;
	return 0;
}

hk_thread *core_thread(unsigned i) { return core.task->thread[i]; }

static void destroy(hk_object *o)
{
	unsigned const badge = core_badge(o);

	if (badge)
		object_of[badge/BADGE_STEP] = nullptr;
	hk_destroy(o);
}


/*************
 ** Message **
 *************/

struct Message
{
	hk_message   &m;
	unsigned long arg[HK_WORDS] = { };
	unsigned      args;
	unsigned      caps = 0; /* of the reply */

	Message(hk_message &message, uint64_t label, uint64_t tag) : m(message)
	{
		unsigned const n = m.mr[1];

		/* a word of the number, which is none of the data */
		if (sizeof(long) == 4 && (tag & CAPLOG_CALL_NUMBERED) && (tag & CAPLOG_CALL_REST))
			m.words--;

		/* the base library says whom it calls, as servers check */
		check(m.words >= 2 + n);
		check(m.mr[0] == label);
		args = m.words - 2 - n;
		for (unsigned i = 0; i < args; i++)
			arg[i] = m.mr[2 + n + i];
	}

	hk_object *cap(unsigned i) { return i < m.caps ? m.cap[i] : nullptr; }

	void reply(long code, unsigned words = 0, unsigned long a = 0, unsigned long b = 0,
	           unsigned long c = 0)
	{
		unsigned long const value[] = { a, b, c };

		m.mr[0]  = (unsigned long)code;
		m.mr[1]  = caps;
		m.words  = 2 + caps + words;
		for (unsigned i = 0; i < words; i++)
			m.mr[2 + caps + i] = value[i];
	}

	/* An object under a badge; no object: an invalid capability */
	void add(hk_object *o, unsigned badge)
	{
		m.mr[2 + caps++] = o ? badge : ~0UL;
		if (o)
			m.cap[m.caps++] = o;
	}

	void reply_cap(hk_object *o)
	{
		m.caps = 0;
		add(o, o ? core_badge(o) : 0);
		reply(DONE);
	}
};

typedef void Serve(hk_thread *caller, unsigned arg, Message &m);

struct Service { Serve *serve; unsigned arg; };

static void serve(void *ctx, hk_thread *caller, uint64_t label, hk_message *message)
{
	Service &s = *(Service *)ctx;
	Message  m(*message, label, caller->utcb->tag);

	s.serve(caller, s.arg, m);
}

static unsigned service(Serve *fn, unsigned arg = 0, unsigned badge = 0)
{
	Service *s = (Service *)malloc(sizeof(Service));

	*s    = { fn, arg };
	badge = badge ? badge : new_badge();
	return enter(badge, &hk_service_create(core.node, badge, serve, s)->o);
}


/*************
 ** Threads **
 *************/

static uint32_t gate_slot(unsigned i)
{
	return (uint32_t)((THREAD_AREA_BASE + i*THREAD_AREA_SLOT) >> L4_CAP_SHIFT);
}

static void say_state(unsigned i, Message &m)
{
	m.reply(core.no_state ? FAILED : DONE, 3, (unsigned long)gate_slot(i) << L4_CAP_SHIFT,
	        core_badge(&core.gate[i]->o), HK_UTCBS + i*HK_PAGE + UTCB_OFFSET);
}

static void thread(hk_thread *, unsigned i, Message &m)
{
	hk_thread *t = core_thread(i);

	switch (m.arg[0]) {
	case THREAD_START:
		/* a checkpoint now would be one of UTCB words that are in no image */
		check(t_holding());
		core.stack_top[i] = m.arg[2];
		hk_thread_start(t, m.arg[1], 0, 0);
		m.reply(DONE);
		break;
	case THREAD_STATE:
		say_state(i, m);
		break;
	case THREAD_CANCEL:
		core.cancelled++;
		hk_irq_trigger(core.irq[i]);
		m.reply(DONE);
		break;
	default:
		check(!"function of a thread");
	}
}

static unsigned make_thread()
{
	hk_thread * const t = hk_thread_create(core.task);
	unsigned    const i = t->index, badge = new_badge();

	core.gate[i] = hk_gate_create(core.node, badge, t);
	core.irq[i]  = hk_irq_create(core.node);
	enter(badge, &core.gate[i]->o);
	hk_irq_attach(core.irq[i], t, 0);
	hk_map(core.task, gate_slot(i), &core.gate[i]->o);
	hk_map(core.task, gate_slot(i) + (uint32_t)(THREAD_IRQ_CAP >> L4_CAP_SHIFT), &core.irq[i]->o);
	return service(thread, i);
}

static unsigned index_of(hk_object *thread)
{
	return ((Service *)((hk_gate *)thread)->ctx)->arg;
}

/* Foc_native_cpu; the thread's own object is not its gate */
static void native_cpu(hk_thread *, unsigned, Message &m)
{
	unsigned    const i = index_of(m.cap(0));
	hk_object * const t = &core_thread(i)->o;

	if (m.arg[0] == NATIVE_STATE) {
		m.m.caps = 0;
		say_state(i, m);
		return;
	}
	check(m.arg[0] == NATIVE_CAP);
	if (!core_badge(t))
		enter(new_badge(), t);
	m.reply_cap(t);
}

static void cpu(hk_thread *, unsigned, Message &m)
{
	static unsigned native;

	if (m.arg[0] == CPU_NATIVE) {
		native = native ? native : service(native_cpu);
		m.reply_cap(core_object(native));
		return;
	}
	if (m.arg[0] == CPU_CREATE_THREAD) {
		/* the PD session's capability comes along */
		check(m.cap(0) == core_object(core.pd_badge));
		m.reply_cap(core.no_thread ? nullptr : core_object(make_thread()));
		return;
	}
	check(m.arg[0] == CPU_KILL_THREAD);

	unsigned const i = index_of(m.cap(0));
	destroy(&core_thread(i)->o);
	destroy(&core.gate[i]->o);
	destroy(&core.irq[i]->o);
	m.m.caps = 0;
	m.reply(DONE);
}

/* A thread that blocked in the stub continues in a new one, as after a restore */
static void remake(unsigned i)
{
	hk_thread * const old = core_thread(i);
	uint64_t    const frame = old->frame;
	bool        const waits_for_signals = semaphore && semaphore->thread == old;

	check((old->state == HK_SENDING || old->state == HK_AWAITING_REPLY ||
	      old->state == HK_WAITING || old->state == HK_IRQ_WAITING));
	int const stopped = old->stopped;
	destroy(&old->o);

	hk_thread * const t = hk_thread_create(core.task);
	check(t);
	t->stopped = stopped;
	check(t->index == i);

	for (unsigned b = 0; b < MAX_OBJECTS; b++) {
		hk_object * const o = object_of[b];
		if (o && o->type == HK_GATE && ((hk_gate *)o)->thread == old)
			((hk_gate *)o)->thread = t;
	}
	hk_irq_attach(core.irq[i], t, 0);
	if (waits_for_signals)
		hk_irq_attach(semaphore, t, 0);
	hk_thread_start(t, 0, 0, frame);
}


/**********************
 ** Log's dataspace  **
 **********************/

static unsigned long log_size()
{
	switch (core.log) {
	case LOG_SMALL: return HK_PAGE/16;
	case LOG_ODD:   return 65537; /* 64 KiB are enough for slots and replies */
	/* for every slot, but not for replies, which are smaller where words are */
	case LOG_TIGHT: return sizeof(long) == 8 ? 60000 : 56000;
	default:        return LOG_SIZE;
	}
}

static void dataspace(hk_thread *, unsigned, Message &m)
{
	if (m.arg[0] == DS_SIZE)
		m.reply(DONE, 1, log_size());
	else if (m.arg[0] == DS_WRITABLE)
		m.reply(DONE, 1, core.log != LOG_READ_ONLY);
	else
		check(!"function of a dataspace");
}

static void region_map(hk_thread *, unsigned, Message &m)
{
	if (m.arg[0] == RM_DETACH) {
		core.detached++;
		hk_detach_region(core.task, HK_LOG);
		log_region = false;
		m.reply(DONE);
		return;
	}
	check(m.arg[0] == RM_ATTACH);
	check(m.cap(0));
	check(!log_region);
	m.m.caps = 0;
	if (core.log == LOG_NO_ATTACH) {
		m.reply(FAILED);
		return;
	}
	core.attached++;
	log_region = true;
	check(!hk_attach_region(core.task, HK_LOG, LOG_SIZE, log_memory));
	m.reply(DONE, 1, HK_LOG + (core.log == LOG_UNALIGNED ? 4 : 0));
}


/********************************
 ** PD session, parent, signals **
 ********************************/

static void source(hk_thread *, unsigned, Message &m)
{
	if (m.arg[0] == SOURCE_SEMAPHORE) {
		semaphore = semaphore ? semaphore : hk_irq_create(core.node);
		if (!core_badge(&semaphore->o))
			enter(new_badge(), &semaphore->o);
		m.reply_cap(&semaphore->o);
		return;
	}
	check(m.arg[0] == SOURCE_WAIT);
	check(pending);
	m.reply(DONE, 2, signals[--pending], 1);
}

static void pd(hk_thread *, unsigned, Message &m)
{
	hk_object *arg = m.cap(0);

	switch (m.arg[0]) {
	case PD_ALLOC_SOURCE:
		m.reply_cap(core_object(service(source)));
		break;
	case PD_ALLOC_RPC_CAP:
		m.m.caps = 0;
		if (!core.metadata) {
			m.reply(OUT_OF_METADATA);
		} else if (!arg || arg->type != HK_GATE || !((hk_gate *)arg)->thread) {
			m.reply_cap(nullptr);
		} else {
			unsigned const badge = new_badge();
			core.metadata--;
			enter(badge, &hk_gate_create(core.node, badge, ((hk_gate *)arg)->thread)->o);
			m.reply_cap(core_object(badge));
		}
		break;
	case PD_FREE_RPC_CAP:
		destroy(arg);
		m.m.caps = 0;
		m.reply(DONE);
		break;
	case PD_CAP_SPACE:
		core.asked_for_log++;
		m.reply_cap(core.log == LOG_NONE ? nullptr : core_object(service(dataspace)));
		break;
	default:
		check(!"function of the PD session");
	}
}

static void parent(hk_thread *, unsigned, Message &m)
{
	if (m.arg[0] == PARENT_SESSION) {
		m.reply_cap(core_object(core.peer_badge));
		return;
	}
	if (m.arg[0] == PARENT_MAIN_THREAD) {
		m.reply_cap(core_object(service(thread, 0)));
		return;
	}
	check(m.arg[0] == PARENT_UPGRADE);
	check(m.cap(0) == core_object(core.pd_badge));
	m.m.caps = 0;
	core.upgrades++;
	core.metadata += 4;
	m.reply(DONE);
}


/**********
 ** Peer **
 **********/

static void nothing(hk_thread *, unsigned, Message &m) { m.reply(DONE); }

static void broken(Message &m)
{
	m.m.mr[0] = 0;
	switch (m.arg[1]) {
	case NO_COUNT:
		m.m.words = 1;
		break;
	case NO_BADGES:
		m.m.words = 3;
		m.m.mr[1] = 2;
		break;
	case NO_ITEMS:
		/* the first of three comes along, then a word of data */
		m.add(core_object(core.peer_badge), core.peer_badge);
		m.add(nullptr, 0);
		m.add(nullptr, 0);
		m.reply(DONE, 1, 77);
		m.m.mr[3] = core.pd_badge;
		m.m.mr[4] = core.cpu_badge;
		break;
	case TOO_LONG:
		m.reply(DONE);
		m.m.words = HK_WORDS;
		for (unsigned i = 2; i < HK_WORDS; i++)
			m.m.mr[i] = i;
		break;
	case TOO_MANY_CAPS:
		/* only as many as Genode knows are looked at */
		for (unsigned i = 0; i < 6; i++)
			m.add(nullptr, 0);
		m.reply(DONE, 1, 78);
		break;
	}
}

static void peer(hk_thread *, unsigned, Message &m)
{
	m.m.caps = 0;
	switch (m.arg[0]) {
	case PEER_GIVE:
		for (unsigned i = 1; i < m.args; i++) {
			if (m.arg[i] && !core_object(m.arg[i]))
				service(nothing, 0, m.arg[i]);
			m.add(m.arg[i] ? core_object(m.arg[i]) : nullptr, m.arg[i]);
		}
		break;
	case PEER_FORGE:
		m.add(&hk_service_create(core.node, m.arg[1], serve, nullptr)->o, m.arg[1]);
		break;
	case PEER_DESTROY:
		destroy(core_object(m.arg[1]));
		break;
	case PEER_REMAKE:
		remake(m.arg[1]);
		break;
	case PEER_SIGNAL:
		signals[pending++] = m.arg[1];
		hk_irq_trigger(semaphore);
		break;
	case PEER_BROKEN:
		broken(m);
		return;
	}
	m.reply(DONE);
}


void core_create(unsigned long seed, Log log)
{
	core.node     = hk_node_create(seed, 4 << 20);
	core.task     = hk_task_create(core.node);
	core.log      = log;
	core.metadata = 3;

	hk_attach_region(core.task, HK_STACKS, HK_THREADS*HK_STACK_SIZE,
	                 hk_memory_alloc(core.node, HK_THREADS*HK_STACK_SIZE));

	log_memory = hk_memory_alloc(core.node, LOG_SIZE);

	core.parent_badge = service(parent);
	Overlay::set_parent_badge(core.parent_badge);
	core.pd_badge     = service(pd);
	core.cpu_badge    = service(cpu);
	core.rm_badge     = service(region_map);
	core.peer_badge   = service(peer);

	hk_map(core.task, TASK_CAP   >> L4_CAP_SHIFT, &core.task->o);
	hk_map(core.task, PARENT_CAP >> L4_CAP_SHIFT, core_object(core.parent_badge));
	make_thread();
}


static void run_main(uint64_t main) { ((void (*)())(uintptr_t)main)(); }


void core_run(void (*main)())
{
	hk_thread_start(core_thread(0), (uintptr_t)run_main, (uintptr_t)main, 0);
	while (hk_step(core.node));
}
