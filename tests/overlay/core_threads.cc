/* SPDX-License-Identifier: BSD-2-Clause */
/* The CPU session and its threads, as a component sees them */
#include "message.h"
#include "t_space.h"

static uint32_t gate_slot(unsigned i)
{
	return (uint32_t)((THREAD_AREA_BASE + i*THREAD_AREA_SLOT) >> L4_CAP_SHIFT);
}

static void say_state(unsigned i, Message &m)
{
	m.reply(core.no_state ? FAILED : DONE, 3, (unsigned long)gate_slot(i) << L4_CAP_SHIFT,
	        core_badge(&core.gate[i]->o), HK_UTCBS + i*HK_PAGE + UTCB_OFFSET);
}

void core_serve_thread(hk_thread *, unsigned i, Message &m)
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

unsigned core_make_thread()
{
	hk_thread * const t = hk_thread_create(core.task);
	unsigned    const i = t->index, badge = core_new_badge();

	core.gate[i] = hk_gate_create(core.node, badge, t);
	core.irq[i]  = hk_irq_create(core.node);
	core_enter(badge, &core.gate[i]->o);
	hk_irq_attach(core.irq[i], t, 0);
	hk_map(core.task, gate_slot(i), &core.gate[i]->o);
	hk_map(core.task, gate_slot(i) + (uint32_t)(THREAD_IRQ_CAP >> L4_CAP_SHIFT), &core.irq[i]->o);
	return core_service(core_serve_thread, i);
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
		core_enter(core_new_badge(), t);
	m.reply_cap(t);
}

void core_serve_cpu(hk_thread *, unsigned, Message &m)
{
	static unsigned native;

	if (m.arg[0] == CPU_NATIVE) {
		native = native ? native : core_service(native_cpu);
		m.reply_cap(core_object(native));
		return;
	}
	if (m.arg[0] == CPU_CREATE_THREAD) {
		/* the PD session's capability comes along */
		check(m.cap(0) == core_object(core.pd_badge));
		m.reply_cap(core.no_thread ? nullptr : core_object(core_make_thread()));
		return;
	}
	check(m.arg[0] == CPU_KILL_THREAD);

	unsigned const i = index_of(m.cap(0));
	core_destroy(&core_thread(i)->o);
	core_destroy(&core.gate[i]->o);
	core_destroy(&core.irq[i]->o);
	m.m.caps = 0;
	m.reply(DONE);
}

void core_remake_thread(unsigned i)
{
	hk_thread * const old = core_thread(i);
	uint64_t    const frame = old->frame;
	bool        const waits_for_signals = core_semaphore && core_semaphore->thread == old;

	check((old->state == HK_SENDING || old->state == HK_AWAITING_REPLY ||
	      old->state == HK_WAITING || old->state == HK_IRQ_WAITING));
	int const stopped = old->stopped;
	core_destroy(&old->o);

	hk_thread * const t = hk_thread_create(core.task);
	check(t);
	t->stopped = stopped;
	check(t->index == i);

	for (unsigned b = 0; b < MAX_OBJECTS; b++) {
		hk_object * const o = core_object(b*BADGE_STEP);
		if (o && o->type == HK_GATE && ((hk_gate *)o)->thread == old)
			((hk_gate *)o)->thread = t;
	}
	hk_irq_attach(core.irq[i], t, 0);
	if (waits_for_signals)
		hk_irq_attach(core_semaphore, t, 0);
	hk_thread_start(t, 0, 0, frame);
}
