/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logs that lie: whatever the bytes, and whenever they change, the reader comes
 * back soon, reads nothing outside, says what is wrong, and what it passes on
 * lies within the flavour's bounds
 */
#include "t_hostile.h"

static void test_random_bytes(void **state)
{
	(void)state;
	begin("random bytes");
	for (uint64_t turn = 0; turn < t_turns(3000); turn++) {
		place(8 * (512 + t_below(&t.r, 1024)));
		for (size_t i = 0; i < t.size; i += 4)
			*word_at(i) = (uint32_t)t_next(&t.r);
		assert_int_equal(open_and_use(), -EINVAL);
		memcpy(t.log, CAPLOG_MAGIC, CAPLOG_MAGIC_SIZE);
		t_compare(open_and_use(), <, 0);
	}
	/* all of one value, and invalid sizes */
	for (unsigned byte = 0; byte < 256; byte += 15) {
		place(8192);
		memset(t.log, (int)byte, t.size);
		assert_int_equal(open_and_use(), -EINVAL);
	}
	for (size_t size = 0; size < CAPLOG_LOG_MIN; size += 8) {
		place(size);
		assert_int_equal(open_and_use(), -EINVAL);
	}
}

/* Table, details and rings full of nonsense, under a good header */
static void test_contents(void **state)
{
	uint32_t accepted = 0;

	(void)state;
	begin("contents");
	for (uint64_t turn = 0; turn < t_turns(6000); turn++) {
		fill_any();
		size_t const from = t_chance(&t.r, 50) ? 256 : 256 + 3 * 128;
		for (uint32_t n = 1 + t_below(&t.r, t_chance(&t.r, 20) ? 3000 : 5); n; n--)
			*word_at(from + t_below(&t.r, (uint32_t)(t.size - from))) = nasty();
		int const err = open_and_use();
		accepted += !err || err == -EOVERFLOW;
	}
	printf("  %u accepted\n", accepted);
}

/* What is damaged is named */
static void test_named(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;
	struct t_log log;

	(void)state;
	begin("named");
	place(65536);
	log.bytes = t.log;
	t_log_open_generation(&log, t.size, 1);
	for (uint32_t i = 0; i < 2000; i++)
		caplog_append(&log.writer, CAPLOG_INSERT_MAP, i % 200, 8 * i, 0, 0x200);
	uint32_t const head = t_head(&log)->head_lo, ring = t_header(&log)->ring_count;
	struct caplog_entry *e = t_entry(&log, 0xabc);
	struct caplog_record *last = t_record(&log, (head - 1) & (ring - 1));
	char text[32];

	e->badge_kind = 0x70000040;
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), 0);
	assert_int_equal(caplog_reader_update(&r, &space, NULL, &diag), -EINVAL);
	assert_non_null(strstr(diag.text, "slot 0xabc"));
	e->badge_kind = 0x20010000;
	assert_int_equal(caplog_reader_update(&r, &space, NULL, &diag), -EINVAL);
	assert_non_null(strstr(diag.text, "slot 0xabc"));
	e->badge_kind = 0x00000040;
	assert_int_equal(caplog_reader_update(&r, &space, NULL, &diag), -EINVAL);
	assert_non_null(strstr(diag.text, "slot 0xabc"));
	e->badge_kind = 0x30000040;
	e->other_version = 0xf123;
	assert_int_equal(caplog_reader_update(&r, &space, NULL, &diag), -EINVAL);
	assert_non_null(strstr(diag.text, "slot 0xabc"));
	e->badge_kind = e->other_version = 0;

	/* a record that no table entry has made up for */
	last->version += 0x100000;
	last->badge_event = 0xe0000040;
	assert_int_equal(caplog_reader_update(&r, &space, NULL, &diag), -EINVAL);
	snprintf(text, sizeof text, "record %u: event", head - 1);
	assert_non_null(strstr(diag.text, text));
	last->badge_event = 0x20000040;
	last->slot_other = 0x5000;
	assert_int_equal(caplog_reader_update(&r, &space, NULL, &diag), -EINVAL);
	assert_non_null(strstr(diag.text, text));
	assert_non_null(strstr(diag.text, "slot 0x5000"));
}

/* The log changes between the calls of one reader */
static void test_changes_between_calls(void **state)
{
	(void)state;
	begin("changes between calls");
	for (uint64_t turn = 0; turn < t_turns(400); turn++) {
		struct caplog_diag diag = { 0, "" };
		struct caplog_reader r;

		fill_any();
		memset(&r, 0, sizeof r);
		assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), 0);
		for (unsigned i = 0; i < 30; i++) {
			use_log(&r);
			for (uint32_t n = t_below(&t.r, 4); n; n--)
				change_one();
		}
	}
}

/* The log changes between any two loads of a call */
static void test_changes_within_calls(void **state)
{
	uint32_t accepted = 0;

	(void)state;
	begin("changes within calls");
	for (uint64_t turn = 0; turn < t_turns(3000); turn++) {
		struct caplog_diag diag = { 0, "" };
		struct caplog_reader r;

		t.per_million = 0;
		fill_any();
		memset(&r, 0, sizeof r);
		assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), 0);
		t.per_million = 20u << t_below(&t.r, 12);
		for (unsigned i = 0; i < 4; i++) {
			int const err = use_log(&r);
			accepted += !err || err == -EOVERFLOW;
		}
	}
	printf("  %u accepted\n", accepted);
	t_compare(accepted, >, 0);
}

/* A head that runs back and forth must not make the reader walk the distance */
static void test_runaway_head(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;

	(void)state;
	begin("runaway head");
	for (uint64_t turn = 0; turn < t_turns(300); turn++) {
		t.per_million = 0;
		place(65536);
		fill(200, 2000);
		memset(&r, 0, sizeof r);
		assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), 0);
		for (unsigned i = 0; i < 20; i++) {
			struct caplog_head *l = (struct caplog_head *)(void *)(t.log + 256);

			l->head_hi = t_chance(&t.r, 50) ? nasty() : l->head_hi;
			l->head_hi_after = t_chance(&t.r, 80) ? l->head_hi : nasty();
			l->head_lo = t_chance(&t.r, 50) ? nasty() : l->head_lo + t_below(&t.r, 2000);
			t.per_million = t_chance(&t.r, 50) ? 500 : 0;
			use_log(&r);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_bytes),
		cmocka_unit_test(test_contents),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_changes_between_calls),
		cmocka_unit_test(test_changes_within_calls),
		cmocka_unit_test(test_runaway_head),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
