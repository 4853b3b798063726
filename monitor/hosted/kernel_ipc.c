/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's kernel: kernel entries, IPC, IRQs */
#include "kernel_internal.h"

#include <string.h>

void hk_finish(struct hk_thread *t, long ret)
{
	const struct hk_frame *const f = hk_look(t->task, t->frame, sizeof *f);
	struct hk_sys *const sys = hk_look(t->task, (uint64_t)(uintptr_t)f->sys, sizeof *sys);

	sys->ret = ret;
	t->state = HK_DONE;
}

int hk_irq_attach(struct hk_irq *irq, struct hk_thread *thread, uint64_t label)
{
	if (irq->thread)
		return HK_E_INVAL;
	irq->thread = thread;
	irq->label  = label;
	return 0;
}

void hk_irq_trigger(struct hk_irq *irq)
{
	if (irq->thread && irq->thread->state == HK_IRQ_WAITING && irq->thread->irq == irq)
		hk_finish(irq->thread, 0);
	else
		irq->pending++;
}

static struct hk_object *typed(const struct hk_task *task, long slot, enum hk_type type)
{
	struct hk_object *o = hk_slot(task, (uint32_t)slot);
	return o && o->type == type ? o : NULL;
}

static void transfer(struct hk_thread *from, struct hk_thread *to)
{
	const struct hk_utcb *s = from->utcb;
	struct hk_utcb *d = to->utcb;

	d->words = s->words <= HK_WORDS ? s->words : HK_WORDS;
	d->items = s->items <= HK_CAPS ? s->items : HK_CAPS;
	memcpy(d->mr, s->mr, d->words * sizeof d->mr[0]);
	for (uint32_t i = 0; i < d->items; i++)
		hk_map(to->task, d->window + i, hk_slot(from->task, s->item[i]));
	d->from_tag = s->tag;
}

static void deliver_request(struct hk_thread *client, struct hk_thread *server)
{
	transfer(client, server);
	server->utcb->label = client->to->label;
	server->caller = client;
	client->state = HK_AWAITING_REPLY;
}

static void call_service(struct hk_thread *t, struct hk_gate *g)
{
	struct hk_message m = { t->utcb->words, t->utcb->items, { 0 }, { NULL } };

	if (m.words > HK_WORDS || m.caps > HK_CAPS) {
		hk_finish(t, HK_E_INVAL);
		return;
	}
	memcpy(m.mr, t->utcb->mr, m.words * sizeof m.mr[0]);
	for (uint32_t i = 0; i < m.caps; i++)
		m.cap[i] = hk_slot(t->task, t->utcb->item[i]);

	g->service(g->ctx, t, g->label, &m);

	t->utcb->words = m.words;
	t->utcb->items = m.caps;
	memcpy(t->utcb->mr, m.mr, m.words * sizeof m.mr[0]);
	for (uint32_t i = 0; i < m.caps; i++)
		hk_map(t->task, t->utcb->window + i, m.cap[i]);
	if (t->state == HK_ENTERED)
		hk_finish(t, 0);
}

static void do_call(struct hk_thread *t, long slot)
{
	struct hk_gate *g = (struct hk_gate *)(void *)typed(t->task, slot, HK_GATE);

	if (!g || (g->thread && g->thread->o.dead)) {
		hk_finish(t, HK_E_NOENT);
		return;
	}
	if (!g->thread) {
		call_service(t, g);
		return;
	}
	t->to = g;
	if (g->thread->state == HK_WAITING) {
		deliver_request(t, g->thread);
		hk_finish(g->thread, 0);
	} else {
		t->state = HK_SENDING;
		t->since = t->o.node->arrivals++;
	}
}

static struct hk_thread *first_sender(struct hk_thread *server)
{
	struct hk_thread *first = NULL;

	for (struct hk_object *o = server->o.node->objects; o; o = o->next) {
		struct hk_thread *t = (struct hk_thread *)(void *)o;
		if (o->type == HK_THREAD && t->state == HK_SENDING && t->to->thread == server &&
		    (!first || t->since < first->since))
			first = t;
	}
	return first;
}

static void do_reply_wait(struct hk_thread *t, long reply, long only)
{
	struct hk_thread *client = t->caller;

	t->caller = NULL;
	if (reply) {
		if (!client || client->state != HK_AWAITING_REPLY || client->to->thread != t) {
			hk_finish(t, HK_E_NOREPLY);
			return;
		}
		transfer(t, client);
		hk_finish(client, 0);
	}
	if (only) {
		hk_finish(t, 0);
		return;
	}
	client = first_sender(t);
	if (client) {
		deliver_request(client, t);
		hk_finish(t, 0);
	} else {
		t->state = HK_WAITING;
	}
}

static void do_irq_receive(struct hk_thread *t, long slot)
{
	struct hk_irq *irq = (struct hk_irq *)(void *)typed(t->task, slot, HK_IRQ);

	if (!irq || irq->thread != t) {
		hk_finish(t, HK_E_INVAL);
	} else if (irq->pending) {
		irq->pending--;
		hk_finish(t, 0);
	} else {
		t->irq = irq;
		t->state = HK_IRQ_WAITING;
	}
}

/* In a slot: a thread, or a gate to it */
static struct hk_thread *thread_of(struct hk_task *task, long slot)
{
	struct hk_gate *g = (struct hk_gate *)(void *)typed(task, slot, HK_GATE);

	return g ? g->thread : (struct hk_thread *)(void *)typed(task, slot, HK_THREAD);
}

static long do_irq(struct hk_thread *t, const struct hk_sys *s)
{
	struct hk_irq *irq = (struct hk_irq *)(void *)typed(t->task, s->a, HK_IRQ);

	if (!irq)
		return HK_E_NOENT;
	if (s->op == HK_IRQ_TRIGGER) {
		hk_irq_trigger(irq);
		return 0;
	}
	if (s->op == HK_IRQ_DETACH) {
		irq->thread = NULL;
		return 0;
	}
	struct hk_thread *to = thread_of(t->task, s->b);
	return to ? hk_irq_attach(irq, to, (uint64_t)s->c) : HK_E_NOENT;
}

static long do_grant(struct hk_task *task, long from, long to)
{
	if (!hk_slot(task, (uint32_t)from))
		return 0;
	hk_map(task, (uint32_t)to, hk_slot(task, (uint32_t)from));
	hk_map(task, (uint32_t)from, NULL);
	return 0;
}

void hk_execute(struct hk_thread *t)
{
	hk_map_task(t->task);

	struct hk_sys *s = ((struct hk_frame *)(uintptr_t)t->frame)->sys;
	struct hk_object *a = hk_slot(t->task, (uint32_t)s->a);

	switch (s->op) {
	case HK_CALL:        do_call(t, s->a); return;
	case HK_REPLY_WAIT:  do_reply_wait(t, s->a, s->b); return;
	case HK_IRQ_RECEIVE: do_irq_receive(t, s->a); return;
	case HK_SLEEP:       t->state = HK_SLEEPING; return;
	case HK_RAW_WAIT:    t->state = HK_RAW_WAITING; return;
	case HK_IRQ_TRIGGER:
	case HK_IRQ_ATTACH:
	case HK_IRQ_DETACH:  hk_finish(t, do_irq(t, s)); return;
	case HK_EQUAL:       hk_finish(t, a && a == hk_slot(t->task, (uint32_t)s->b)); return;
	case HK_VALID:       hk_finish(t, a != NULL); return;
	case HK_GRANT:       hk_finish(t, do_grant(t->task, s->a, s->b)); return;
	case HK_UNMAP:       hk_finish(t, hk_map(t->task, (uint32_t)s->a, NULL)); return;
	default:             hk_finish(t, 0); return;
	}
}
