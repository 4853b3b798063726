/* SPDX-License-Identifier: BSD-2-Clause */
/* holes: its worker's thread lies above one that is gone, whose place is taken later */
#include "scenario.h"

struct holes {
	hb_cap           log;
	struct hb_ep     ep2, ep3;
	struct hb_object object;
	struct hb_thread worker;
};

static void serve_next(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	(void)o;
	out->words = 1;
	out->w[0] = in->w[1] + 1;
}

static void holes_ask(struct holes *h, struct hb_ep *ep, long value)
{
	hb_manage(ep, &h->object, serve_next, NULL);
	hb_log(h->log, "answer %ld", hb_invoke(h->object.cap, ADD, (uint64_t)value, 0));
	hb_dissolve(ep, &h->object);
	hb_drop(h->object.cap);
}

static void holes_work(void *arg)
{
	struct holes *h = arg;

	holes_ask(h, &h->ep2, 1);
	hb_ep_destroy(&h->ep2);
	hb_log(h->log, "a hole %d", 1);
	for (int i = 2; i < 12; i++)
		holes_ask(h, &HB->ep, i);
	hb_ep_start(&h->ep3);
	holes_ask(h, &h->ep3, 12);
	hs_leave(4);
}

static void holes_construct(void)
{
	struct holes *h = APP(holes);

	h->log = hb_session("LOG");
	hb_ep_start(&h->ep2);
	hb_thread_start(&h->worker, holes_work, h);
}

HOSTED_SCENARIO(holes, 0, { "holes", holes_construct });
