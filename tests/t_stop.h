/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A group on the hosted platform, and answers of a test's own before the platform's, for what the
 * hosted model never does
 */
#ifndef T_STOP_H
#define T_STOP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "group.h"
#include "load.h"
#include "stop.h"

#include "t_compare.h"

/* The platform underneath, and what a test wants of the one before it */
static struct {
	struct caplog_platform real;
	unsigned unanswered;     /* so often a request is not answered yet */
	unsigned leaving;        /* so often a thread is on its way */
	unsigned leaving_at;     /* the number of the first thread that is asked for with it */
	unsigned waits, closes, opens, cancels, settled, resumed, paused, gone;
	int      gives_up;       /* a request that is cancelled ends */
	uint64_t enters;         /* frame of the first thread, which is about to enter the kernel */
	unsigned slow;           /* milliseconds that each look at the clock takes */
	uint64_t clock;
	int      clock_stands;
	const uint32_t *rest;    /* the word that asks threads to rest */
	unsigned let_in;         /* so often a request comes in where all is closed */
	unsigned closed_once;
	unsigned is_open;        /* requests are served */
	unsigned gone_open;      /* threads ran on while they were */
	unsigned unanswers_later; /* 'unanswered' once the word is set */
	unsigned rested;         /* components ran while it was set */
	int      keep_error;
	int      endless;        /* threads without end */
	int      one_each;       /* the platform answers for one thread at a time */
	const struct caplog_target *target; /* threads of it that are told to run on alone are counted */
	unsigned went, went_blocked;        /* all of them, and those that block in the stub */
} t;

static inline void f_wait(void *ctx, uint32_t ms)
{
	t.waits++;
	t.rested += t.rest && *t.rest;
	if (t.rest && *t.rest && t.unanswers_later) {
		t.unanswered = t.unanswers_later;
		t.unanswers_later = 0;
	}
	t.real.wait(ctx, ms);
}

static inline uint64_t f_now(void *ctx)
{
	t.clock += t.slow;
	return t.clock_stands ? 0 : t.real.now(ctx) + t.clock;
}
static inline void f_settle(void *ctx) { t.settled++; t.real.settle(ctx); }
static inline void f_go_all(void *ctx, void *target)
{
	t.gone++;
	t.gone_open += t.is_open;
	t.real.go_all(ctx, target);
}
static inline void f_go(void *ctx, void *target, uint32_t slot)
{
	if (t.target && t.target->handle == target) {
		t.went++;
		t.went_blocked += caplog_thread_of(t.target, slot)->state == CAPLOG_THREAD_FRAME;
	}
	t.real.go(ctx, target, slot);
}
static inline void f_resume(void *ctx, void *target) { t.resumed++; t.real.resume(ctx, target); }
static inline void f_pause(void *ctx, void *target) { t.paused++; t.real.pause(ctx, target); }

static inline void f_close(void *ctx, void *target)
{
	t.closes++;
	t.is_open = 0;
	t.real.close(ctx, target);
}
static inline void f_open(void *ctx, void *target)
{
	t.opens++;
	t.is_open = 1;
	t.real.open(ctx, target);
}

static inline void f_cancel(void *ctx, void *target)
{
	t.cancels++;
	t.real.cancel(ctx, target);
	if (t.gives_up)
		t.unanswered = 0;
}

static inline int f_closed(void *ctx, void *target)
{
	if (t.unanswered) {
		t.unanswered--;
		return 0;
	}
	/* a request comes in after it was found closed */
	if (t.let_in && t.closed_once++) {
		t.let_in--;
		t.closed_once = 0;
		return 0;
	}
	return t.real.closed(ctx, target);
}

static inline uint32_t f_stopped(void *ctx, void *target, uint32_t first, struct caplog_stopped *stopped)
{
	uint32_t n = t.real.stopped(ctx, target, t.endless ? 0 : first, stopped);

	if (n && t.one_each)
		n = 1;
	if (n && t.leaving && first == t.leaving_at && t.leaving--)
		stopped->state = CAPLOG_STOPPED_LEAVING;
	if (n && t.enters && first == 0) {
		stopped->state = CAPLOG_STOPPED_EXCEPTION;
		stopped->ip = HK_STUB_READY;
		stopped->sp = t.enters;
	}
	return n;
}

static inline int f_keep(void *ctx, void *target, uint32_t slot, const uint64_t *stub, uint64_t *frame,
                  struct caplog_diag *diag)
{
	if (t.keep_error) {
		snprintf(diag->text, sizeof diag->text, "injected");
		return t.keep_error;
	}
	return t.real.keep(ctx, target, slot, stub, frame, diag);
}

static inline struct group t_running(const char *scenario, uint64_t seed, unsigned steps)
{
	struct group g = group_empty(seed, 0x1000);

	group_start(&g, hosted_scenario_by_name(scenario));
	for (unsigned i = 0; i < steps || !group_has_logs(&g); i++)
		assert_in_range(hm_step(g.node), 1, INT32_MAX);
	memset(&t, 0, sizeof t);
	t.real = g.platform;
	g.platform.wait = f_wait;
	g.platform.settle = f_settle;
	g.platform.now = f_now;
	g.platform.resume = f_resume;
	g.platform.go_all = f_go_all;
	g.platform.go = f_go;
	g.platform.pause = f_pause;
	g.platform.close = f_close;
	g.platform.open = f_open;
	g.platform.closed = f_closed;
	g.platform.cancel = f_cancel;
	g.platform.stopped = f_stopped;
	g.platform.keep = f_keep;
	return g;
}

static inline void t_runs(const struct group *g)
{
	for (uint32_t i = 0; i < g->count; i++)
		for (unsigned n = 0; n < HK_THREADS; n++)
			if (group_handle(g, i)->task->thread[n])
				assert_false(group_handle(g, i)->task->thread[n]->stopped);
}

static inline void t_refused(struct group *g, int err, const char *says)
{
	struct caplog_diag diag = { 0, "" };
	int const got = caplog_capture(&g->platform, g->target, g->count, &diag);

	if (got != err || !strstr(diag.text, says))
		fail_msg("error %d \"%s\", expected %d \"%s\"", got, diag.text, err, says);
	t_runs(g);
}

static inline void t_stops(struct group *g)
{
	struct caplog_diag diag = { 0, "" };

	if (caplog_capture(&g->platform, g->target, g->count, &diag))
		fail_msg("%s", diag.text);
}

#endif
