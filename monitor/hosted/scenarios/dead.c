/* SPDX-License-Identifier: BSD-2-Clause */
/* dead: holds capabilities whose objects are gone, and stale entries */
#include "scenario.h"

struct dead {
	hb_cap log, kept[3], again[3], context;
	struct hb_thread worker;
};

static void dead_work(void *arg)
{
	struct dead *d = arg;

	/* contexts are destroyed without the map: the entries stay, the slots are empty */
	for (int i = 0; i < 3; i++) {
		struct hb_msg m = { 1, 1, { HS_FREE_CONTEXT }, { HB_NO_CAP } };
		d->kept[i] = m.cap[0] = hb_signal(0, NULL);
		hb_call(HB->pd, &m, NULL);
	}
	hb_log(d->log, "dead call %ld", hb_invoke(d->kept[0], ADD, 0, 0));
	/* their badges are reused: the old entries become stale */
	for (int i = 0; i < 3; i++)
		d->again[i] = hb_session("LOGx");
	hb_log(d->again[0], "first");
	hb_log(d->again[2], "third");
	hb_log(d->log, "dead call %ld", hb_invoke(d->kept[1], ADD, 0, 0));
	for (int i = 0; i < 3; i++)
		hb_drop(d->kept[i]);
	hb_log(d->again[1], "second");
	d->context = hb_session("LOG3");
	hb_log(d->context, "end");
	hs_leave(3);
}

static void dead_construct(void)
{
	struct dead *d = APP(dead);

	d->log = hb_session("LOG");
	hb_thread_start(&d->worker, dead_work, d);
}

HOSTED_SCENARIO(dead, 0, { "dead", dead_construct });
