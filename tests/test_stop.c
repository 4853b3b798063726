/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stop: a group comes to rest on the hosted platform, and every wait has an end
 *
 * Some tests put an answer of their own before the platform's, for what the
 * hosted model never does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "group.h"
#include "stop.h"

#include "t_compare.h"

enum { TRIES = 200, LEAST = 50, REST = 100, CANCELS = 300 };

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
} t;

static void f_wait(void *ctx, uint32_t ms)
{
	t.waits++;
	t.rested += t.rest && *t.rest;
	if (t.rest && *t.rest && t.unanswers_later) {
		t.unanswered = t.unanswers_later;
		t.unanswers_later = 0;
	}
	t.real.wait(ctx, ms);
}

static uint64_t f_now(void *ctx)
{
	t.clock += t.slow;
	return t.clock_stands ? 0 : t.real.now(ctx) + t.clock;
}
static void f_settle(void *ctx) { t.settled++; t.real.settle(ctx); }
static void f_go_all(void *ctx, void *target)
{
	t.gone++;
	t.gone_open += t.is_open;
	t.real.go_all(ctx, target);
}
static void f_resume(void *ctx, void *target) { t.resumed++; t.real.resume(ctx, target); }
static void f_pause(void *ctx, void *target) { t.paused++; t.real.pause(ctx, target); }

static void f_close(void *ctx, void *target)
{
	t.closes++;
	t.is_open = 0;
	t.real.close(ctx, target);
}
static void f_open(void *ctx, void *target)
{
	t.opens++;
	t.is_open = 1;
	t.real.open(ctx, target);
}

static void f_cancel(void *ctx, void *target)
{
	t.cancels++;
	t.real.cancel(ctx, target);
	if (t.gives_up)
		t.unanswered = 0;
}

static int f_closed(void *ctx, void *target)
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

static uint32_t f_stopped(void *ctx, void *target, uint32_t first, struct caplog_stopped *stopped)
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

static int f_keep(void *ctx, void *target, uint32_t slot, const uint64_t *stub, uint64_t *frame,
                  struct caplog_diag *diag)
{
	if (t.keep_error) {
		snprintf(diag->text, sizeof diag->text, "injected");
		return t.keep_error;
	}
	return t.real.keep(ctx, target, slot, stub, frame, diag);
}

static struct group t_running(const char *scenario, uint64_t seed, unsigned steps)
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
	g.platform.pause = f_pause;
	g.platform.close = f_close;
	g.platform.open = f_open;
	g.platform.closed = f_closed;
	g.platform.cancel = f_cancel;
	g.platform.stopped = f_stopped;
	g.platform.keep = f_keep;
	return g;
}

static void t_runs(const struct group *g)
{
	for (uint32_t i = 0; i < g->count; i++)
		for (unsigned n = 0; n < HK_THREADS; n++)
			if (group_handle(g, i)->task->thread[n])
				assert_false(group_handle(g, i)->task->thread[n]->stopped);
}

static void t_refused(struct group *g, int err, const char *says)
{
	struct caplog_diag diag = { 0, "" };
	int const got = caplog_capture(&g->platform, g->target, g->count, &diag);

	if (got != err || !strstr(diag.text, says))
		fail_msg("error %d \"%s\", expected %d \"%s\"", got, diag.text, err, says);
	t_runs(g);
}

static void t_stops(struct group *g)
{
	struct caplog_diag diag = { 0, "" };

	if (caplog_capture(&g->platform, g->target, g->count, &diag))
		fail_msg("%s", diag.text);
}


/*
 * At rest
 */

static void t_check_rest(const struct group *g, unsigned seen[CAPLOG_THREAD_STATES])
{
	for (uint32_t i = 0; i < g->count; i++) {
		const struct caplog_target *target = g->target[i];
		const struct hm_target *h = group_handle(g, i);
		const struct hb_env *env = hm_memory(group_handle(g, i), HK_BSS, sizeof *env);

		assert_int_equal(env->holders, 0);
		for (uint32_t n = 0; n < target->threads; n++) {
			const struct caplog_image_thread *th = &target->thread[n];
			const struct hk_thread *k = h->task->thread[hm_thread_index(th->slot)];

			assert_true(k->stopped);
			assert_int_not_equal(k->state, HK_DONE); /* a result that it did not look at */
			if (th->state != CAPLOG_THREAD_NEW)
				assert_int_equal(th->frame, k->frame);
			seen[th->state]++;
		}
	}
}

static void test_rest_at_every_step(void **state)
{
	unsigned seen[CAPLOG_THREAD_STATES] = { 0 };

	(void)state;
	for (unsigned s = 0; hosted_scenario(s); s++) {
		struct group g = t_running(hosted_scenario(s)->name, 1 + s, 0);

		while (hm_step(g.node) > 0) {
			t_stops(&g);
			t_check_rest(&g, seen);
			group_resume(&g);
			t_runs(&g);
		}
		t_compare(t.settled, >=, 1); /* each look at the threads follows one */
		group_free(&g);
	}
	printf("%u threads blocked, %u running, %u not started\n", seen[CAPLOG_THREAD_FRAME],
	       seen[CAPLOG_THREAD_RUNNING], seen[CAPLOG_THREAD_NEW]);
	t_compare(seen[CAPLOG_THREAD_FRAME], >, 100);
	t_compare(seen[CAPLOG_THREAD_RUNNING], >, 5);
}

/* A server is stopped wherever it is, in the middle of a request as well */
static void test_servers_in_requests(void **state)
{
	struct group g = t_running("server", 3, 200);
	unsigned serving = 0;

	(void)state;
	for (unsigned i = 0; i < 150 && hm_step(g.node) > 0; i++) {
		t_stops(&g);
		/* a client that awaits the server's reply: its request is being served */
		for (unsigned n = 0; n < HK_THREADS; n++) {
			const struct hk_thread *caller = group_handle(&g, 1)->task->thread[n];

			serving += caller && caller->state == HK_AWAITING_REPLY &&
			           caller->to->thread->task == group_handle(&g, 0)->task;
		}
		group_resume(&g);
	}
	group_free(&g);
	printf("server in the middle of a request: %u of 150 stops\n", serving);
	t_compare(serving, >, 3);
}


/*
 * Every wait has an end
 */

static void test_a_request_that_is_never_answered(void **state)
{
	struct group g = t_running("counter", 1, 90);

	(void)state;
	t.unanswered = UINT32_MAX;
	t_refused(&g, CAPLOG_EBUSY, "counter: a request of it to the monitor was not answered");
	assert_int_equal(t.paused, 0);
	t_compare(t.waits, >=, REST);
	t_compare(t.waits, <, REST + LEAST);
	/* no request is held back after that */
	t_compare(t.opens, >=, t.closes);
	/* the end of the component does not wait for it either */
	t.waits = 0;
	struct caplog_diag diag = { 0, "" };
	assert_int_equal(caplog_quiesce(&g.platform, g.target, g.count, &diag), CAPLOG_EBUSY);
	assert_non_null(strstr(diag.text, "counter"));
	t_compare(t.cancels, >=, CANCELS / 2);
	t_compare(t.waits, <, REST + CANCELS + LEAST);
	/* and it can be destroyed when the request gives up, or stopped when it has its answer */
	t.gives_up = 1;
	t.unanswered = UINT32_MAX;
	assert_int_equal(caplog_quiesce(&g.platform, g.target, g.count, &diag), 0);
	for (unsigned n = 0; n < HK_THREADS; n++)
		if (group_handle(&g, 0)->task->thread[n])
			assert_true(group_handle(&g, 0)->task->thread[n]->stopped);
	group_resume(&g);
	t_stops(&g);
	group_free(&g);
}

static void test_a_slow_request_lets_threads_run(void **state)
{
	struct group g = t_running("counter", 1, 90);

	(void)state;
	t.unanswered = 60; /* beyond the short wait: threads run meanwhile */
	t_stops(&g);
	t_compare(t.waits, >=, 60);
	t_compare(t.gone, >=, 50);
	group_free(&g);
}

/* Requests wait from before the first look to the resume, but while threads have to run */
static void test_requests_wait_while_it_is_stopped(void **state)
{
	struct group g = t_running("counter", 1, 90);

	(void)state;
	t.leaving = 3;
	t_stops(&g);
	assert_int_equal(t.opens, 3 * g.count);
	assert_int_equal(t.closes, 4 * g.count);
	assert_int_equal(t.resumed, 0);
	group_resume(&g);
	assert_int_equal(t.resumed, g.count);
	group_free(&g);
}

static void test_a_thread_that_never_stands(void **state)
{
	struct group g = t_running("counter", 1, 90);

	(void)state;
	t.leaving = 7;
	t_stops(&g);
	t_compare(g.target[0]->tries, >=, 7);
	group_resume(&g);
	t.leaving = UINT32_MAX;
	t.paused = 0;
	t_refused(&g, CAPLOG_EBUSY, "slot 0x9: its thread runs");
	t_compare(t.paused, >, REST / 2);
	t_compare(t.paused, <, REST + LEAST);
	group_free(&g);
}

/* A try that takes long on a busy machine is not the last one; nor is it if the clock stands */
static void test_the_number_of_tries(void **state)
{
	struct group g = t_running("counter", 1, 90);

	(void)state;
	t.leaving = LEAST - 1;
	t.slow = REST;
	t_stops(&g);
	group_resume(&g);
	t.leaving = UINT32_MAX;
	t.paused = 0;
	t_refused(&g, CAPLOG_EBUSY, "its thread runs");
	assert_int_equal(t.paused, LEAST);
	t.paused = t.slow = 0;
	t.clock_stands = 1;
	t_refused(&g, CAPLOG_EBUSY, "its thread runs");
	assert_int_equal(t.paused, TRIES);
	group_free(&g);
}

/* All are asked to send nothing while some run on, and the word is 0 when they stand or run again */
static void test_the_word_to_rest(void **state)
{
	struct group g = t_running("counter", 1, 90);
	const struct hb_env *env = hm_memory(group_handle(&g, 0), HK_BSS, sizeof *env);

	(void)state;
	t.leaving = 5;
	t.rest = &env->rest;
	t_stops(&g);
	assert_int_equal(t.rested, 5);
	assert_int_equal(env->rest, 0);
	group_resume(&g);
	t.leaving = 10; /* the eighth time they run without it */
	t.rested = 0;
	t_stops(&g);
	assert_int_equal(t.rested, 9);
	group_resume(&g);
	t.leaving = UINT32_MAX;
	t_refused(&g, CAPLOG_EBUSY, "its thread runs");
	assert_int_equal(env->rest, 0);
	group_free(&g);
}

/* A thread that rests may be the one that has to answer a request: they rest for some tries only */
static void test_who_answers_does_not_rest(void **state)
{
	struct group g = t_running("counter", 1, 90);
	const struct hb_env *env = hm_memory(group_handle(&g, 0), HK_BSS, sizeof *env);

	(void)state;
	t.rest = &env->rest;
	t.leaving = 1;
	t.unanswers_later = 30;
	t_stops(&g);
	t_compare(t.rested, <, 15);
	assert_int_equal(env->rest, 0);
	group_resume(&g);
	group_free(&g);
}

/* While threads are told to run on no request is served: one may end such a thread */
static void test_run_on_before_requests(void **state)
{
	struct group g = t_running("counter", 1, 90);

	(void)state;
	t.leaving = 10;
	t_stops(&g);
	t_compare(t.gone, >, 0);
	assert_int_equal(t.gone_open, 0);
	group_resume(&g);
	group_free(&g);
}

/* A request may let in another one of a component that was found closed: all are asked once more */
static void test_closed_twice(void **state)
{
	struct group g = t_running("counter", 1, 90);

	(void)state;
	t.let_in = 3;
	t_stops(&g);
	assert_int_equal(t.let_in, 0);
	group_resume(&g);
	group_free(&g);
}

static void test_a_badge_that_is_held_for_ever(void **state)
{
	struct group g = t_running("counter", 1, 90);
	struct hb_env *env = hm_memory(group_handle(&g, 0), HK_BSS, sizeof *env);

	(void)state;
	t_stops(&g);
	group_resume(&g);
	env->holders++;
	t_refused(&g, CAPLOG_EBUSY, "threads hold badges");
	group_free(&g);
}

static void test_registers_that_cannot_be_kept(void **state)
{
	(void)state;
	/* not at every step a thread runs outside of the stub */
	for (unsigned steps = 60; steps < 140; steps++) {
		struct group g = t_running("counter", 1, steps);
		struct caplog_diag diag = { 0, "" };

		t.keep_error = CAPLOG_EIO;
		int const err = caplog_capture(&g.platform, g.target, g.count, &diag);
		if (err) {
			assert_int_equal(err, CAPLOG_EIO);
			assert_non_null(strstr(diag.text, "injected"));
			t_runs(&g);
			group_free(&g);
			return;
		}
		group_free(&g);
	}
	fail_msg("no thread stood outside of the stub");
}

/*
 * A thread about to enter the kernel with a reply has to go on, one with a request need not: its
 * frame says which, in a word of the component's width
 */
static void test_the_word_of_the_frame(void **state)
{
	static const struct { uint64_t word; uint32_t bytes; int replies; } c[] = {
		{ 1, 8, 1 }, { 0, 8, 0 }, { 1ull << 32, 8, 1 },
		{ 1, 4, 1 }, { 0, 4, 0 }, { 1ull << 32, 4, 0 }
	};
	uint64_t const at = HK_STACKS + 7 * HK_STACK_SIZE + HK_PAGE; /* of no thread */
	struct group g = t_running("counter", 1, 90);
	uint8_t *const frame = hm_memory(group_handle(&g, 0), at, hk_frame_bytes());

	(void)state;
	t_stops(&g);
	group_resume(&g);
	t.enters = at;
	for (unsigned i = 0; i < sizeof c / sizeof *c; i++) {
		struct caplog_diag diag = { 0, "" };

		/* what lies around the word says the opposite */
		memset(frame, c[i].replies ? 0 : 0xff, hk_frame_bytes());
		memcpy(frame + hk_frame_waits(), &c[i].word, sizeof c[i].word);
		g.target[0]->space.word_bytes = c[i].bytes;
		int const err = caplog_stop(&g.platform, g.target, g.count, &diag);
		if (err != (c[i].replies ? CAPLOG_EBUSY : 0) ||
		    (err && !strstr(diag.text, "is about to reply")))
			fail_msg("%u: error %d \"%s\"", i, err, diag.text);
		if (!err)
			assert_int_equal(g.target[0]->thread[0].frame, at);
		group_resume(&g);
	}
	group_free(&g);
}

/* A platform looks at some threads at a time: nothing is missed, nothing looked at twice */
static void test_threads_in_parts(void **state)
{
	struct group g = t_running("counter", 1, 90);
	struct caplog_image_thread at_once[128];
	uint32_t const bytes = sizeof at_once[0];

	(void)state;
	t_stops(&g);
	uint32_t const threads = g.target[0]->threads;
	t_compare(threads, >, 1);
	memcpy(at_once, g.target[0]->thread, threads*bytes);
	group_resume(&g);

	t.one_each = 1;
	t_stops(&g);
	t_compare(g.target[0]->threads, ==, threads);
	assert_memory_equal(g.target[0]->thread, at_once, threads*bytes);
	group_resume(&g);
	t_runs(&g);

	/* the last one is looked at as well as the first */
	t.leaving_at = threads - 1;
	t.leaving = UINT32_MAX;
	t_refused(&g, CAPLOG_EBUSY, "its thread runs");
	group_free(&g);
}

static void test_threads_without_end(void **state)
{
	struct group g = t_running("counter", 1, 90);

	(void)state;
	t.endless = 1;
	struct caplog_diag diag = { 0, "" };
	assert_int_equal(caplog_capture(&g.platform, g.target, g.count, &diag), CAPLOG_EINVAL);
	assert_non_null(strstr(diag.text, "threads"));
	t_runs(&g);
	group_free(&g);
}


/*
 * Sessions at siblings
 */

static void test_peers(void **state)
{
	struct group g = t_running("server", 1, 300);
	struct caplog_ledger *server = &g.target[0]->ledger, *client = &g.target[1]->ledger;
	const struct caplog_object *gate = caplog_ledger_first(server, CAPLOG_OBJECT_GATE);
	union caplog_words w = { .peer = { 0, 0, gate->badge, 0, 0 } };
	struct caplog_diag diag = { 0, "" };

	(void)state;
	t_stops(&g);
	group_resume(&g);
	uint32_t const known = caplog_ledger_give(client, CAPLOG_OBJECT_PEER, CAPLOG_PSEUDO_BADGE, &w,
	                                          "adder");
	w.peer.badge = caplog_ledger_first(server, CAPLOG_OBJECT_PD)->badge; /* no session of its own */
	w.peer.session = 77;
	uint32_t const wrong = caplog_ledger_give(client, CAPLOG_OBJECT_PEER, CAPLOG_PSEUDO_BADGE, &w,
	                                          "adder");
	w.peer.server = 7;
	uint32_t const nobody = caplog_ledger_give(client, CAPLOG_OBJECT_PEER, CAPLOG_PSEUDO_BADGE, &w,
	                                           "adder");
	/* not caplog_capture: a component that has such sessions is refused here */
	if (caplog_stop(&g.platform, g.target, g.count, &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(caplog_ledger_by_id(client, known)->peer.session, gate->id);
	assert_int_equal(caplog_ledger_by_id(client, wrong)->peer.session, 0);
	assert_int_equal(caplog_ledger_by_id(client, nobody)->peer.session, 0);
	group_resume(&g);
	t_refused(&g, CAPLOG_ENOTSUP, "session at a sibling");
	group_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rest_at_every_step),
		cmocka_unit_test(test_servers_in_requests),
		cmocka_unit_test(test_a_request_that_is_never_answered),
		cmocka_unit_test(test_a_slow_request_lets_threads_run),
		cmocka_unit_test(test_requests_wait_while_it_is_stopped),
		cmocka_unit_test(test_a_thread_that_never_stands),
		cmocka_unit_test(test_the_number_of_tries),
		cmocka_unit_test(test_the_word_to_rest),
		cmocka_unit_test(test_who_answers_does_not_rest),
		cmocka_unit_test(test_closed_twice),
		cmocka_unit_test(test_run_on_before_requests),
		cmocka_unit_test(test_a_badge_that_is_held_for_ever),
		cmocka_unit_test(test_registers_that_cannot_be_kept),
		cmocka_unit_test(test_the_word_of_the_frame),
		cmocka_unit_test(test_threads_in_parts),
		cmocka_unit_test(test_threads_without_end),
		cmocka_unit_test(test_peers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
