/* SPDX-License-Identifier: BSD-2-Clause */
/* What a plan contains, and what it refuses */
#include "t_world.h"

static void test_small(void **state)
{
	struct caplog_diag diag = { 0, "" };

	(void)state;
	begin(NULL);
	small_component();
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);
	assert_int_equal(t.calls, 0);
	assert_int_equal(caplog_execute(&t.plan, &ops, progress, &diag), 0);
	assert_int_equal(t.progressed, CAPLOG_PHASE_COUNT + 1);
	check_world();
}

static void test_empty(void **state)
{
	struct caplog_diag diag = { 0, "" };

	(void)state;
	begin(NULL);
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);
	assert_int_equal(t.plan.count, 0);
	assert_int_equal(caplog_execute(&t.plan, &ops, NULL, &diag), 0);
	check_world();
}

/* A plan that is refused touches nothing, and says why and where */
static void refused(int error, uint32_t slot, const char *word)
{
	struct caplog_diag diag = { 0, "" };
	static struct world before;
	char expected[32];

	before = t.world;
	t.phase = 0;
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), error);
	assert_int_equal(diag.error, error);
	snprintf(expected, sizeof expected, "0x%x", slot);
	if (!strstr(diag.text, expected) || !strstr(diag.text, word))
		fail_msg("\"%s\" does not name %s and %s", diag.text, expected, word);
	assert_int_equal(t.calls, 0);
	assert_memory_equal(&t.world, &before, sizeof before);
}

/* Each operation that is missing is named, but for the two that need not be there */
static void test_missing(void **state)
{
	static const struct { size_t offset; const char *name; } member[] = {
#define OP(name) { offsetof(struct caplog_ops, name), #name }
		OP(judge), OP(thread), OP(object), OP(gate), OP(install), OP(attach), OP(badge),
		OP(registers), OP(start), OP(undo)
#undef OP
	};
	struct caplog_diag diag = { 0, "" };
	struct caplog_ops some;

	(void)state;
	begin(NULL);
	small_component();
	for (unsigned i = 0; i < sizeof member / sizeof member[0]; i++) {
		char expected[32];

		some = ops;
		memset((char *)&some + member[i].offset, 0, sizeof some.judge);
		assert_int_equal(caplog_plan(&t.plan, &t.space, &some, &diag), CAPLOG_EINVAL);
		snprintf(expected, sizeof expected, "\"%s\"", member[i].name);
		assert_non_null(strstr(diag.text, expected));
		assert_int_equal(t.calls, 0);
	}
	some = ops;
	some.threads_done = NULL;
	some.badges_done = NULL;
	assert_int_equal(caplog_plan(&t.plan, &t.space, &some, &diag), 0);
}

static void start_over(void)
{
	begin(NULL);
	small_component();
}

static void test_refused(void **state)
{
	struct caplog_diag diag = { 0, "" };

	(void)state;
	start_over();
	t.refused = 0x204;
	refused(-EPERM, 0x204, "slot");
	t.with_text = 1;
	refused(-EPERM, 0x204, "not in the ledger");
	t.refused = 0x218;
	refused(-EPERM, 0x218, "not in the ledger");
	t.refused = 8;
	refused(-EPERM, 8, "not in the ledger");

	/* own RPC objects and IRQs without their thread */
	static const uint16_t no_threads[] = { 0x12, 0xa, 0x8, 0x204, 0, 0xfff, 0x1fe };
	for (unsigned i = 0; i < sizeof no_threads / sizeof *no_threads; i++) {
		start_over();
		t.space.cap[0x213].other = no_threads[i];
		refused(-EINVAL, 0x213, "no thread");
		start_over();
		t.space.cap[0x218].other = no_threads[i];
		refused(-EINVAL, 0x218, "no thread");
	}
	start_over();
	t.space.cap[0xf].stale = 1;
	refused(-EINVAL, 0x213, "no thread");
	start_over();
	t.dead[0x15] = 1;
	refused(-EINVAL, 0x218, "no thread");

	/* a dead one needs none */
	start_over();
	t.space.cap[0x213].other = 0x12;
	t.space.cap[0x213].stale = 1;
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);

	/* one badge, two live entries */
	start_over();
	t.space.cap[0x204].badge = 0x120;
	refused(-EINVAL, 0x213, "badge 0x120");
	refused(-EINVAL, 0x204, "badge 0x120");
	t.space.cap[0x204].stale = 1;
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);
	t.space.cap[0x204].stale = 0;
	t.dead[0x204] = 1;
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);
	t.dead[0x204] = 0;
	t.space.cap[0x204].badge = 0x138; /* that of the tombstone */
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);

	/* a thread where none can be */
	static const uint16_t outside[] = { 0x8, 0xa, 0x1fe, 0x1ff, 0x200, 0x300, 0xfff, 0 };
	for (unsigned i = 0; i < sizeof outside / sizeof *outside; i++) {
		start_over();
		put(outside[i], CAPLOG_THREAD, 0x400, 0);
		refused(-EINVAL, outside[i], "thread");
	}
}

/* What no component can hold there: the checks of what was restored would not agree */
static void test_places(void **state)
{
	static const uint8_t kinds[] = { CAPLOG_RECEIVED, CAPLOG_IRQ, CAPLOG_RPC };

	(void)state;
	for (uint32_t slot = 0; slot < USER; slot++)
		for (unsigned i = 0; i < 3; i++) {
			start_over();
			put(slot, kinds[i], 0x400, 0x9);
			refused(-EINVAL, slot, "at slot 0x200 and above only");
		}
	for (unsigned kind = CAPLOG_PLACED; kind <= CAPLOG_RPC; kind++) {
		start_over();
		put(0x300, (uint8_t)kind, flavour()->main_badge, 0x9);
		refused(-EINVAL, 0x300, "is known by badge 0x1 and no other slot is");
	}
	start_over();
	put(0x9, CAPLOG_PLACED, 0x400, 0);
	refused(-EINVAL, 0x9, "is known by badge 0x1");
}

/* What lies behind the last slot is none, whatever it looks like */
static void test_behind_the_last_slot(void **state)
{
	struct caplog_cap const cap = { 0x400, 0, CAPLOG_RECEIVED, 0, 0x100 };
	struct caplog_diag diag = { 0, "" };
	uint32_t judged;

	(void)state;
	start_over();
	if (caplog_plan(&t.plan, &t.space, &ops, &diag))
		fail_msg("%s", diag.text);
	judged = t.judged;
	start_over();
	memcpy((uint8_t *)&t.space + offsetof(struct caplog_space, cap) + sizeof t.space.cap, &cap,
	       sizeof cap);
	if (caplog_plan(&t.plan, &t.space, &ops, &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(t.judged, judged);
}

/* No space needs more steps than a plan holds */
static void test_largest(void **state)
{
	struct caplog_diag diag = { 0, "" };
	uint32_t last = THREAD_BASE;

	(void)state;
	begin(NULL);
	while (caplog_is_thread_slot(flavour(), last + STRIDE))
		last += STRIDE;
	for (uint32_t slot = 0; slot < SLOTS; slot++)
		if (slot >= USER)
			put(slot, CAPLOG_IRQ, 8 * (slot + 1), last);
		else if (caplog_is_thread_slot(flavour(), slot))
			put(slot, CAPLOG_THREAD, slot == THREAD_BASE ? flavour()->main_badge : 8 * (slot + 1), 0);
		else
			put(slot, CAPLOG_PLACED, 8 * (slot + 1), 0);
	t.next_badge = 0;
	if (caplog_plan(&t.plan, &t.space, &ops, &diag))
		fail_msg("%s", diag.text);
	t_compare(t.plan.count, <=, CAPLOG_PLAN_STEPS);
	assert_int_equal(t.plan.phase_begin[CAPLOG_PHASE_COUNT], t.plan.count);
	t_compare(t.plan.count, >, 4 * (SLOTS - USER) + 3 * USER);
}

static void test_names(void **state)
{
	(void)state;
	for (unsigned phase = 0; phase < CAPLOG_PHASE_COUNT; phase++)
		assert_non_null(caplog_phase_name(phase));
	assert_null(caplog_phase_name(CAPLOG_PHASE_COUNT));
	assert_string_equal(caplog_phase_name(CAPLOG_PHASE_THREADS), "threads");
	assert_int_equal(CAPLOG_PHASE_THREADS, 0);
	assert_int_equal(CAPLOG_PHASE_START, CAPLOG_PHASE_COUNT - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_behind_the_last_slot),
		cmocka_unit_test(test_largest),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
