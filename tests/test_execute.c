/* SPDX-License-Identifier: BSD-2-Clause */
/* Plans executed: the outcome, and the way back from each failure */
#include "t_world.h"

static void test_random(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct t_random r = t_seed("random components");

	(void)state;
	for (uint64_t turn = 0; turn < t_turns(500); turn++) {
		begin(NULL);
		t.r = r;
		random_component();
		r = t.r;
		if (caplog_plan(&t.plan, &t.space, &ops, &diag))
			fail_msg("%s", diag.text);
		if (caplog_execute(&t.plan, &ops, progress, &diag))
			fail_msg("%s", diag.text);
		check_world();
	}
}

/* Fail at each call in turn: all is undone, in reverse, and the message says where */
static void fail_everywhere(void)
{
	struct caplog_diag diag = { 0, "" };
	static struct world before;
	uint32_t calls;

	before = t.world;
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);
	forget_calls(0);
	assert_int_equal(caplog_execute(&t.plan, &ops, NULL, &diag), 0);
	calls = t.calls;
	for (uint32_t fail_at = 1; fail_at <= calls; fail_at++) {
		uint32_t index = fail_at - 1; /* of the step, without the ends of phases */
		char expected[64];

		t.world = before;
		forget_calls(fail_at);
		t.with_text = (int)(fail_at & 1);
		assert_int_equal(caplog_execute(&t.plan, &ops, progress, &diag), -ENOMEM);
		assert_int_equal(diag.error, -ENOMEM);
		assert_int_equal(t.calls, fail_at);
		assert_int_equal(t.count, 0);
		t.world.epoch = before.epoch; /* a count of rewritings is not taken back */
		assert_memory_equal(&t.world, &before, sizeof before);

		uint32_t const threads = t.plan.phase_begin[CAPLOG_PHASE_THREADS + 1];
		uint32_t const badges = t.plan.phase_begin[CAPLOG_PHASE_BADGES + 1];
		if (index == threads) {
			strcpy(expected, "phase threads, at its end");
		} else if (index == badges + 1) {
			strcpy(expected, "phase badges, at its end");
		} else {
			const struct caplog_plan_step *s =
				&t.plan.step[index - (index > threads) - (index > badges + 1)];
			snprintf(expected, sizeof expected, "phase %s, slot 0x%x: ",
			         caplog_phase_name(s->phase), s->slot);
		}
		if (!strstr(diag.text, expected) || (t.with_text && !strstr(diag.text, "injected")))
			fail_msg("\"%s\" does not say \"%s\"", diag.text, expected);
	}
	/* and a plan that failed can be executed */
	t.world = before;
	forget_calls(0);
	assert_int_equal(caplog_execute(&t.plan, &ops, NULL, &diag), 0);
	check_world();
}

static void test_failures(void **state)
{
	struct t_random r = t_seed("failures");

	(void)state;
	begin(NULL);
	small_component();
	fail_everywhere();
	for (uint64_t turn = 0; turn < t_turns(10); turn++) {
		begin(NULL);
		t.r = r;
		random_component();
		r = t.r;
		fail_everywhere();
	}
}

/* Phase by phase, and back from anywhere */
static void test_phases(void **state)
{
	struct caplog_diag diag = { 0, "" };
	static struct world before;

	(void)state;
	for (unsigned last = 0; last < CAPLOG_PHASE_COUNT; last++) {
		begin(NULL);
		small_component();
		before = t.world;
		assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);
		for (unsigned phase = 0; phase <= last; phase++)
			assert_int_equal(caplog_execute_phase(&t.plan, phase, &ops, &diag), 0);
		for (unsigned phase = last + 1; phase-- > 0; )
			caplog_undo_phase(&t.plan, phase, &ops);
		assert_int_equal(t.count, 0);
		t.world.epoch = before.epoch;
		assert_memory_equal(&t.world, &before, sizeof before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_phases),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
