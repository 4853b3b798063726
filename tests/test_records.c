/* SPDX-License-Identifier: BSD-2-Clause */
/* Records and heads as no writer leaves them: what a reader makes of each */
#include "t_log.h"

static struct caplog_space space;

static void t_open(struct t_log *log, struct caplog_reader *r)
{
	struct caplog_diag diag = { 0, "" };

	t_log_open(log, 65536);
	for (uint32_t i = 0; i < 10; i++)
		caplog_append(&log->writer, CAPLOG_INSERT_MAP, 0x200 + i, 8 * (i + 1), 0, 0x300);
	assert_int_equal(caplog_reader_open(r, log->bytes, log->size, &diag), 0);
	assert_int_equal(caplog_reader_update(r, &space, NULL, &diag), 0);
	assert_int_equal(space.cap[0x200].badge, 8);
}

/* Records that a reader has consumed are no longer there: the table says what holds */
static void test_head_that_goes_back(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;
	struct t_log log;

	(void)state;
	for (uint32_t back = 1; back <= 10; back++) {
		t_open(&log, &r);
		t_head(&log)->head_lo -= back;
		t_entry(&log, 0x200)->badge_kind += 0x80;
		assert_int_equal(caplog_reader_update(&r, &space, NULL, &diag), 0);
		assert_int_equal(space.cap[0x200].badge, 0x88);
		t_log_close(&log);
	}
}

/* A head further than the ring is long */
static void test_head_that_runs_away(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;
	struct t_log log;

	(void)state;
	t_open(&log, &r);
	t_head(&log)->head_lo += 2 * t_header(&log)->ring_count;
	t_entry(&log, 0x200)->badge_kind += 0x80;
	assert_int_equal(caplog_reader_update(&r, &space, NULL, &diag), 0);
	assert_int_equal(space.cap[0x200].badge, 0x88);
	t_log_close(&log);
}

static int keep(void *ctx, const struct caplog_event *e)
{
	struct caplog_event *last = ctx;

	*last = *e;
	return 0;
}

/* A value belongs to the event before it only if it names the same slot */
static void test_values_of_another_slot(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_event last;
	struct caplog_reader r;
	struct t_log log;
	int complete;

	(void)state;
	t_open(&log, &r);
	caplog_append_thread(&log.writer, 0x200, 8, 0xb3000000, 0x1234);
	assert_int_equal(caplog_reader_history(&r, &complete, keep, &last, &diag), 0);
	assert_int_equal(last.a, 0xb3000000);
	assert_int_equal(last.b, 0x1234);

	t_record(&log, 12)->slot_other = 0x201;
	assert_int_equal(caplog_reader_history(&r, &complete, keep, &last, &diag), 0);
	assert_int_equal(last.slot, 0x200);
	assert_int_equal(last.a, 0xb3000000);
	assert_int_equal(last.b, 0);

	t_record(&log, 11)->slot_other = 0x201;
	assert_int_equal(caplog_reader_history(&r, &complete, keep, &last, &diag), 0);
	assert_int_equal(last.a, 0);
	assert_int_equal(last.b, 0);
	t_log_close(&log);
}

/* After an overrun nobody knows which slots changed: any may have */
static void test_marks_after_an_overrun(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;
	struct t_log log;

	(void)state;
	t_open(&log, &r);
	memset(space.changed, 0, sizeof space.changed);
	caplog_append(&log.writer, CAPLOG_REMOVE, 0x200, 8, 0, 1);
	assert_int_equal(caplog_reader_update(&r, &space, NULL, &diag), 0);
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++)
		assert_int_equal(space.changed[slot / 32] >> slot % 32 & 1, slot == 0x200);

	for (uint32_t i = 0; i <= t_header(&log)->ring_count; i++)
		caplog_append(&log.writer, CAPLOG_INSERT_MAP, 0x201, 8 * (i + 1), 0, 0x300);
	assert_int_equal(caplog_reader_update(&r, &space, NULL, &diag), 0);
	for (uint32_t i = 0; i < CAPLOG_SLOTS_MAX / 32; i++)
		assert_int_equal(space.changed[i], 0xffffffff);
	t_log_close(&log);
}

/* A running component may have stored one word of an entry and not yet the next */
static void test_empty_entries_are_empty(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;
	struct t_log log;

	(void)state;
	t_open(&log, &r);
	t_entry(&log, 0x400)->other_version = 0x9;
	assert_int_equal(t_read_fresh(log.bytes, log.size, &space, &diag), 0);
	assert_int_equal(space.cap[0x400].kind, CAPLOG_EMPTY);
	assert_int_equal(space.cap[0x400].other, 0);
	/* but what says nothing has no badge */
	t_entry(&log, 0x400)->badge_kind = 8;
	assert_int_equal(t_read_fresh(log.bytes, log.size, &space, &diag), -EINVAL);
	t_log_close(&log);
}

/* A log that covers no more than some slots */
static void test_badges_of_uncovered_slots(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;
	struct t_log log;

	(void)state;
	t_log_open(&log, 16384);
	uint32_t const count = t_header(&log)->table_count;

	t_compare(count, <, t_flavour()->slot_count);
	caplog_append(&log.writer, CAPLOG_INSERT_MAP, count - 1, 8, 0, 0x300);
	assert_int_equal(caplog_reader_open(&r, log.bytes, log.size, &diag), 0);
	assert_int_equal(caplog_reader_rebadge(&r, count - 1, 0x88, &diag), 0);
	assert_int_equal(t_entry(&log, count - 1)->badge_kind & CAPLOG_BADGE_MASK, 0x88);
	assert_int_equal(caplog_reader_rebadge(&r, count - 2, 0x88, &diag), -EINVAL);
	assert_int_equal(caplog_reader_rebadge(&r, count, 0x88, &diag), -EOVERFLOW);
	assert_int_equal(caplog_reader_rebadge(&r, ~0u, 0x88, &diag), -EOVERFLOW);
	t_log_close(&log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head_that_goes_back),
		cmocka_unit_test(test_head_that_runs_away),
		cmocka_unit_test(test_values_of_another_slot),
		cmocka_unit_test(test_marks_after_an_overrun),
		cmocka_unit_test(test_empty_entries_are_empty),
		cmocka_unit_test(test_badges_of_uncovered_slots),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
