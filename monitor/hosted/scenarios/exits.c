/* SPDX-License-Identifier: BSD-2-Clause */
/* exits: destroys its second entrypoint, through _exit_cap, three times */
#include "scenario.h"

struct exits {
	hb_cap       log;
	struct hb_ep ep2;
	struct hb_object object;
	struct hb_thread worker;
};

static void serve_one(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	(void)o;
	out->words = 1;
	out->w[0] = in->w[1] + 1;
}

static void exits_work(void *arg)
{
	struct exits *e = arg;

	for (int i = 0; i < 3; i++) {
		hb_ep_start(&e->ep2);
		hb_manage(&e->ep2, &e->object, serve_one, NULL);
		hb_log(e->log, "answer %ld", hb_invoke(e->object.cap, ADD, (uint64_t)i, 0));
		hb_dissolve(&e->ep2, &e->object);
		hb_drop(e->object.cap);
		hb_ep_destroy(&e->ep2);
		hb_log(e->log, "entrypoint %d is gone", i);
	}
	hs_leave(7);
}

static void exits_construct(void)
{
	struct exits *e = APP(exits);

	e->log = hb_session("LOG");
	hb_thread_start(&e->worker, exits_work, e);
}

HOSTED_SCENARIO(exits, 0, { "exits", exits_construct });
