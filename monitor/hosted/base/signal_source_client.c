/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals: the thread that fetches them, and their handlers */
#include "internal.h"

static void attach_semaphore(void)
{
	HB->semaphore = hb_invoke_cap(HB->source, HS_SEMAPHORE, 0, 0, HB_NO_CAP);
	hb_hold(); /* the act and its record, or neither */
	hb_sys(HK_IRQ_ATTACH, HB->semaphore, HB->signal_thread.slot, 0);
	hb_lock();
	caplog_append_irq(&HB->log, HB->semaphore, HB->signal_thread.slot, 0);
	hb_unlock();
	hb_release();
}

void hb_signal_entry(void *arg)
{
	(void)arg;
	HB->source = hb_invoke_cap(HB->pd, HS_ALLOC_SOURCE, 0, 0, HB_NO_CAP);
	attach_semaphore();
	for (;;) {
		struct hb_msg m;

		hb_sys(HK_IRQ_RECEIVE, HB->semaphore, 0, 0);
		if (hb_request(HB->source, HS_WAIT_FOR_SIGNAL, 0, 0, HB_NO_CAP, &m) || !m.words || !m.w[0])
			continue;
		((struct hb_context *)(uintptr_t)m.w[0])->pending += m.w[1];
		hb_up(&HB->signals);
	}
}

void hb_proxy_dispatch(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	(void)o;
	(void)in;
	(void)out;
	for (unsigned i = 0; i < HB_CONTEXTS; i++) {
		uint64_t const n = HB->context[i].pending;
		HB->context[i].pending = 0;
		if (n)
			HB->context[i].handler(n);
	}
}

hb_cap hb_signal(unsigned i, void (*handler)(uint64_t))
{
	struct hb_context *c = &HB->context[i];

	while (!HB->semaphore) /* the signal thread is still on its way */
		hb_sys(HK_YIELD, 0, 0, 0);
	c->handler = handler;
	c->cap = hb_invoke_cap(HB->pd, HS_ALLOC_CONTEXT, (uint64_t)(uintptr_t)c, 0, HB->source);
	return c->cap;
}
