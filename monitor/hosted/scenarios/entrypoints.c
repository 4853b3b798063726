/* SPDX-License-Identifier: BSD-2-Clause */
/* entrypoints: two of them, a hundred objects */
#include "scenario.h"

enum { MANY = 100 };

struct entrypoints {
	hb_cap           log;
	struct hb_ep     ep2;
	struct hb_object object[MANY];
	struct hb_thread worker;
};

static void serve_index(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	out->words = 1;
	out->w[0] = in->w[1] + (uint64_t)(o - APP(entrypoints)->object);
}

static void entrypoints_work(void *arg)
{
	struct entrypoints *e = arg;
	long sum = 0;

	for (int i = 0; i < MANY; i++)
		hb_manage(i % 2 ? &e->ep2 : &HB->ep, &e->object[i], serve_index, NULL);
	for (int i = 0; i < MANY; i++) {
		sum += hb_invoke(e->object[i].cap, ADD, 1000, 0);
		if (i % 25 == 24)
			hb_log(e->log, "sum %ld", sum);
	}
	for (int i = 0; i < MANY; i += 2) {
		hb_dissolve(&HB->ep, &e->object[i]);
		hb_drop(e->object[i].cap);
	}
	for (int i = 1; i < MANY; i += 2)
		sum += hb_invoke(e->object[i].cap, ADD, 0, 0);
	hb_log(e->log, "sum %ld", sum);
	hs_leave((int)(sum % 100));
}

static void entrypoints_construct(void)
{
	struct entrypoints *e = APP(entrypoints);

	e->log = hb_session("LOG");
	hb_ep_start(&e->ep2);
	hb_thread_start(&e->worker, entrypoints_work, e);
}

HOSTED_SCENARIO(entrypoints, 0, { "entrypoints", entrypoints_construct });
