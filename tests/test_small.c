/* SPDX-License-Identifier: BSD-2-Clause */
/* Logs too small for their component: what is missing is counted and reported */
#include "t_stream.h"

/* Is the oldest event that the table does not cover still in the ring? */
struct small {
	uint64_t records, first_uncovered, uncovered;
};

/*
 * A log too small for its slots: it says what it does not cover, counts it, and
 * the reader complains exactly when such an event is overwritten and unread
 */
static void run_small(size_t size)
{
	struct small small = { 0, ~0ull, 0 };
	struct caplog_diag diag = { 0, "" };
	struct caplog_log_stat stat;
	struct caplog_reader r;
	uint64_t follow = 0;
	uint32_t covered, keep;
	struct stream s;
	int err;

	stream_open(&s, "too small", size);
	covered = t_header(&s.log)->table_count;
	keep = t_header(&s.log)->ring_count - 3;
	t_compare(covered, <, CAPLOG_SLOTS_MAX);
	pick_slots(&s, 600, 0);
	assert_int_equal(caplog_reader_open(&r, s.log.bytes, s.log.size, &diag), 0);
	for (unsigned i = 0; i < 4000; i++) {
		/* at first the table's slots only; no details, which have no place here */
		uint32_t const slot = i < 200 ? t_below(&s.r, covered) : s.slot[t_below(&s.r, 600)];
		struct t_event e = t_random_event(&s.r, s.ref, slot);
		if (e.kind == CAPLOG_THREAD_START || e.kind == CAPLOG_IRQ_ATTACH)
			e.kind = CAPLOG_REMOVE;
		t_write(&s.log.writer, &e);
		t_ref_apply(s.ref, &e);
		if (slot >= covered) {
			small.uncovered++;
			if (small.first_uncovered == ~0ull)
				small.first_uncovered = small.records;
		}
		small.records++;

		/* a reader that followed all along knows everything */
		if (i >= follow) {
			err = caplog_reader_update(&r, &followed, NULL, &diag);
			if (err)
				fail_msg("follower: %s", diag.text);
			t_assert_equal(s.ref, &followed, "follower of a small log");
			follow = i + t_below(&s.r, keep);
		}
		err = t_read_fresh(s.log.bytes, s.log.size, &fresh, &diag);
		uint64_t const oldest = small.records > keep ? small.records - keep : 0;
		assert_int_equal(err, small.first_uncovered < oldest ? -EOVERFLOW : 0);
		if (!err)
			t_assert_equal(s.ref, &fresh, "small log, nothing overwritten");
	}
	/* the message says how large is large enough */
	assert_int_equal(err, -EOVERFLOW);
	assert_non_null(strstr(diag.text, "too small"));
	assert_int_equal(caplog_reader_stat(&r, &stat), 0);
	assert_int_equal(stat.uncovered, small.uncovered);
	assert_int_equal(stat.records, small.records);

	/* what the table covers is right nevertheless */
	for (uint32_t i = covered; i < CAPLOG_SLOTS_MAX; i++)
		memset(&s.ref->slot[i], 0, sizeof s.ref->slot[i]);
	for (uint32_t i = covered; i < CAPLOG_SLOTS_MAX; i++)
		fresh.cap[i].kind = CAPLOG_EMPTY;
	t_assert_equal(s.ref, &fresh, "covered slots");
	stream_close(&s);
}

static void test_too_small(void **state)
{
	(void)state;
	for (size_t size = CAPLOG_LOG_MIN; size < 54000; size += 4096)
		run_small(size);
}

/* A follower that was overrun has lost what the table does not cover, and keeps saying so */
static void test_small_overrun(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;
	struct t_log log;

	(void)state;
	t_log_open(&log, CAPLOG_LOG_MIN);
	assert_int_equal(caplog_reader_open(&r, log.bytes, log.size, &diag), 0);
	caplog_append(&log.writer, CAPLOG_INSERT_MAP, 0xf00, 0x40, 0, 0x200);
	assert_int_equal(caplog_reader_update(&r, &followed, NULL, &diag), 0);
	assert_int_equal(followed.cap[0xf00].badge, 0x40);
	for (unsigned i = 0; i < 300; i++)
		caplog_append(&log.writer, CAPLOG_INSERT_MAP, 0x10, 0x80, 0, 0x200);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(caplog_reader_update(&r, &followed, NULL, &diag), -EOVERFLOW);
		assert_int_equal(followed.cap[0x10].badge, 0x80);
		caplog_append(&log.writer, CAPLOG_INSERT_MAP, 0x11, 0x84, 0, 0x200);
	}
	t_log_close(&log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_small_overrun),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
