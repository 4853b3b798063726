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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head_that_goes_back),
		cmocka_unit_test(test_head_that_runs_away),
		cmocka_unit_test(test_values_of_another_slot),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
