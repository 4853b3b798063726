/* SPDX-License-Identifier: BSD-2-Clause */
/* Stop: a group comes to rest on the hosted platform, and every wait has an end */
#include "t_stop.h"

enum { TRIES = 200, LEAST = 50, REST = 100, CANCELS = 300 };

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
	unsigned went = 0;

	(void)state;
	/* not at every step a thread runs outside of the stub */
	for (unsigned steps = 60; steps < 100; steps++) {
		struct group g = t_running("counter", 1, steps);
		struct hb_env *env = hm_memory(group_handle(&g, 0), HK_BSS, sizeof *env);

		t_stops(&g);
		group_resume(&g);
		env->holders++;
		t.target = g.target[0];
		t_refused(&g, CAPLOG_EBUSY, "threads hold badges");
		/* one that blocks holds none: it is not disturbed */
		assert_int_equal(t.went_blocked, 0);
		went += t.went;
		group_free(&g);
	}
	t_compare(went, >, 0);
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
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
