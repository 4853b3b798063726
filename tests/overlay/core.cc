/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core, the parent, and the rest of the system, as a component sees them
 *
 * Everything here runs within the kernel entry of the component's call, so it
 * is never half done. Badges are used again at once, as core does.
 */
#include "message.h"

#include <stdlib.h>

Core core;

/* Objects by badge */
static hk_object *object_of[MAX_OBJECTS];
static long       signals[64];
static unsigned   pending;
static bool       log_region;
static uint64_t   log_memory;

hk_irq *core_semaphore;


/************
 ** Badges **
 ************/

unsigned core_enter(unsigned badge, hk_object *o)
{
	check(badge/BADGE_STEP < MAX_OBJECTS);
	check(badge % BADGE_STEP == 0);
	object_of[badge/BADGE_STEP] = o;
	return badge;
}

/* The lowest that is free; the first ones are for what the peer is asked for */
unsigned core_new_badge()
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

void core_destroy(hk_object *o)
{
	unsigned const badge = core_badge(o);

	if (badge)
		object_of[badge/BADGE_STEP] = nullptr;
	hk_destroy(o);
}


static void serve(void *ctx, hk_thread *caller, uint64_t label, hk_message *message)
{
	Service &s = *(Service *)ctx;
	Message  m(*message, label, caller->utcb->tag);

	s.serve(caller, s.arg, m);
}

unsigned core_service(Serve *fn, unsigned arg, unsigned badge)
{
	Service *s = (Service *)malloc(sizeof(Service));

	*s    = { fn, arg };
	badge = badge ? badge : core_new_badge();
	return core_enter(badge, &hk_service_create(core.node, badge, serve, s)->o);
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
		core_semaphore = core_semaphore ? core_semaphore : hk_irq_create(core.node);
		if (!core_badge(&core_semaphore->o))
			core_enter(core_new_badge(), &core_semaphore->o);
		m.reply_cap(&core_semaphore->o);
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
		m.reply_cap(core_object(core_service(source)));
		break;
	case PD_ALLOC_RPC_CAP:
		m.m.caps = 0;
		if (!core.metadata) {
			m.reply(OUT_OF_METADATA);
		} else if (!arg || arg->type != HK_GATE || !((hk_gate *)arg)->thread) {
			m.reply_cap(nullptr);
		} else {
			unsigned const badge = core_new_badge();
			core.metadata--;
			core_enter(badge, &hk_gate_create(core.node, badge, ((hk_gate *)arg)->thread)->o);
			m.reply_cap(core_object(badge));
		}
		break;
	case PD_FREE_RPC_CAP:
		core_destroy(arg);
		m.m.caps = 0;
		m.reply(DONE);
		break;
	case PD_CAP_SPACE:
		core.asked_for_log++;
		m.reply_cap(core.log == LOG_NONE ? nullptr : core_object(core_service(dataspace)));
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
		m.reply_cap(core_object(core_service(core_serve_thread, 0)));
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
				core_service(nothing, 0, m.arg[i]);
			m.add(m.arg[i] ? core_object(m.arg[i]) : nullptr, m.arg[i]);
		}
		break;
	case PEER_FORGE:
		m.add(&hk_service_create(core.node, m.arg[1], serve, nullptr)->o, m.arg[1]);
		break;
	case PEER_DESTROY:
		core_destroy(core_object(m.arg[1]));
		break;
	case PEER_REMAKE:
		core_remake_thread(m.arg[1]);
		break;
	case PEER_SIGNAL:
		signals[pending++] = m.arg[1];
		hk_irq_trigger(core_semaphore);
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

	core.parent_badge = core_service(parent);
	Overlay::set_parent_badge(core.parent_badge);
	core.pd_badge     = core_service(pd);
	core.cpu_badge    = core_service(core_serve_cpu);
	core.rm_badge     = core_service(region_map);
	core.peer_badge   = core_service(peer);

	hk_map(core.task, TASK_CAP   >> L4_CAP_SHIFT, &core.task->o);
	hk_map(core.task, PARENT_CAP >> L4_CAP_SHIFT, core_object(core.parent_badge));
	core_make_thread();
}


static void run_main(uint64_t main) { ((void (*)())(uintptr_t)main)(); }


void core_run(void (*main)())
{
	hk_thread_start(core_thread(0), (uintptr_t)run_main, (uintptr_t)main, 0);
	while (hk_step(core.node));
}
