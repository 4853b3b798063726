/* SPDX-License-Identifier: BSD-2-Clause */
/* Stop: what is asked of each thread and kept of it, and of sessions at siblings */
#include "t_stop.h"

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

	/* the last one is looked at as well as the first, before exceptions are waited for */
	t.leaving_at = threads - 1;
	t.leaving = UINT32_MAX;
	t.settled = 0;
	t_refused(&g, CAPLOG_EBUSY, "its thread runs");
	assert_int_equal(t.settled, 0);
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
		cmocka_unit_test(test_registers_that_cannot_be_kept),
		cmocka_unit_test(test_the_word_of_the_frame),
		cmocka_unit_test(test_threads_in_parts),
		cmocka_unit_test(test_threads_without_end),
		cmocka_unit_test(test_peers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
