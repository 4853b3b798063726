/* SPDX-License-Identifier: BSD-2-Clause */
/* counter: counts on timer signals, a second thread counts on its own */
#include "scenario.h"

struct counter {
	hb_cap log, log2, timer;
	int    count, other;
	struct hb_thread second;
	struct hb_semaphore done;
};

static void count_second(void *arg)
{
	struct counter *c = arg;

	for (c->other = 1; c->other <= 6; c->other++)
		hb_log(c->log2, "second %d", c->other);
	hb_up(&c->done);
}

static void count_tick(uint64_t number)
{
	struct counter *c = APP(counter);

	(void)number;
	hb_log(c->log, "sheep %d", ++c->count);
	if (c->count < 6) {
		hb_invoke(c->timer, HS_TIMER_TRIGGER, 10, 0);
		return;
	}
	hb_down(&c->done);
	hs_leave(0);
}

static void counter_construct(void)
{
	struct counter *c = APP(counter);

	c->log = hb_session("LOG");
	c->log2 = hb_session("LOG2");
	c->timer = hb_session("Timer");
	hb_drop(hb_invoke_cap(c->timer, HS_TIMER_SIGH, 0, 0, hb_signal(0, count_tick)));
	hb_thread_start(&c->second, count_second, c);
	hb_invoke(c->timer, HS_TIMER_TRIGGER, 10, 0);
}

HOSTED_SCENARIO(counter, 1, { "counter", counter_construct });
