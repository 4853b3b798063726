/* SPDX-License-Identifier: BSD-2-Clause */
/* What the writer puts into a log: versions, details, early records */
#include "t_log.h"

static struct caplog_space space;

/* Events on one slot until the ring holds nothing else */
static void fill_ring(struct t_log *log, struct t_ref *ref, uint16_t slot)
{
	for (uint32_t i = 0; i < t_header(log)->ring_count + 8; i++) {
		struct t_event const e = { CAPLOG_INSERT_MAP, slot, 0, 0x200, 0x100 + (i & 0xff) * 4, 0, 0 };
		t_write(&log->writer, &e);
		t_ref_apply(ref, &e);
	}
}

static void put(struct t_log *log, struct t_ref *ref, struct t_event e)
{
	t_write(&log->writer, &e);
	t_ref_apply(ref, &e);
}

static uint64_t version_of(const struct t_log *log, uint32_t slot)
{
	const struct caplog_entry *e = t_entry(log, slot);
	return (uint64_t)(e->other_version >> 16) << 32 | e->version;
}

/* A version is never used twice; lives of a slot differ in their serial */
static void test_version_never_reused(void **state)
{
	struct t_random r = t_seed("version_never_reused");
	struct t_ref *ref = t_alloc(sizeof *ref);
	struct t_log log;

	(void)state;
	t_log_open(&log, 65536);
	for (uint64_t i = 0; i < t_turns(2000000); i++) {
		uint32_t const slot = t_below(&r, 8);
		uint64_t const before = version_of(&log, slot);
		struct t_event const e = t_random_event(&r, ref, slot);

		put(&log, ref, e);

		uint64_t const after = version_of(&log, slot);
		t_compare(after, >, before);
		if (e.kind == CAPLOG_INSERT_AT || e.kind == CAPLOG_INSERT_MAP)
			t_compare(after >> 8, >, before >> 8);
		else if (before && (before & 0xff) != 0xff)
			assert_int_equal(after >> 8, before >> 8);
	}
	/* the low word wraps: the high one carries */
	for (uint32_t low = 0xfffffe00u; low; low += 0x100) {
		t_entry(&log, 9)->version = low;
		put(&log, ref, (struct t_event){ CAPLOG_INSERT_AT, 9, 0, 0, 0x40, 0, 0 });
		assert_int_equal(version_of(&log, 9), (uint64_t)low + 0x100);
	}
	assert_int_equal(version_of(&log, 9), 1ull << 32);
	t_log_close(&log);
	free(ref);
}

/* Details survive more changes in one life than the version's low byte counts */
static void test_detail_survives_long_life(void **state)
{
	struct t_ref *ref = t_alloc(sizeof *ref);
	struct t_log log;

	(void)state;
	t_log_open(&log, 65536);
	put(&log, ref, (struct t_event){ CAPLOG_INSERT_AT, 0x9, 0, 0, 1, 0, 0 });
	put(&log, ref, (struct t_event){ CAPLOG_THREAD_START, 0x9, 0, 0, 1, 0x1111, 0x2222 });
	put(&log, ref, (struct t_event){ CAPLOG_INSERT_MAP, 0x218, 0, 0x200, 0x40, 0, 0 });
	for (unsigned i = 0; i < 1500; i++) {
		put(&log, ref, (struct t_event){ CAPLOG_STALE, 0x9, 0, 0, 1, 0, 0 });
		put(&log, ref, (struct t_event){ i & 1 ? CAPLOG_IRQ_ATTACH : CAPLOG_STALE,
		                                    0x218, 0xf, 0, 0, i & 2 ? 0x77 + i : 0, 0 });
		if (i % 50 == 0 || i > 1400) {
			fill_ring(&log, ref, 0x300);
			t_check_fresh(&log, ref, &space, "long life");
		}
	}
	assert_int_equal(t_head(&log)->details_lost, 0);
	t_log_close(&log);
	free(ref);
}

/* An event on a slot that was never filled: impossible, yet nothing is lost */
static void test_detail_of_first_life(void **state)
{
	struct t_ref *ref = t_alloc(sizeof *ref);
	struct t_log log;

	(void)state;
	t_log_open(&log, 65536);
	put(&log, ref, (struct t_event){ CAPLOG_THREAD_START, 0x9, 0, 0, 0, 0xb3000000, 0x4711 });
	put(&log, ref, (struct t_event){ CAPLOG_IRQ_ATTACH, 0x218, 0x9, 0, 0, 0x55, 0 });
	t_check_fresh(&log, ref, &space, "first life, records still there");
	fill_ring(&log, ref, 0x300);
	t_check_fresh(&log, ref, &space, "first life, records overwritten");
	assert_int_equal(t_head(&log)->details_lost, 0);
	t_log_close(&log);
	free(ref);
}

/* Label 0 replaces an earlier label of the same life, the ring overwritten or not */
static void test_detail_replaced(void **state)
{
	struct t_random r = t_seed("detail_replaced");
	struct t_ref *ref = t_alloc(sizeof *ref);
	struct t_log log;

	(void)state;
	t_log_open(&log, 131072);
	for (uint32_t slot = 0x200; slot < 0x210; slot++)
		put(&log, ref, (struct t_event){ CAPLOG_INSERT_MAP, (uint16_t)slot, 0, 0x200, 8, 0, 0 });
	for (uint64_t i = 0; i < t_turns(4000); i++) {
		for (unsigned n = t_below(&r, 20); n; n--) {
			uint16_t const slot = (uint16_t)(0x200 + t_below(&r, 16));
			struct t_event const e = {
				t_chance(&r, 80) ? CAPLOG_IRQ_ATTACH : CAPLOG_IRQ_DETACH, slot,
				(uint16_t)(9 + 3 * t_below(&r, 4)), 0, 0, t_below(&r, 3), 0 };
			if (e.kind == CAPLOG_IRQ_DETACH)
				put(&log, ref, (struct t_event){ CAPLOG_IRQ_DETACH, slot, 0, 0, 0, 0, 0 });
			else
				put(&log, ref, e);
		}
		if (i % 16 == 0)
			fill_ring(&log, ref, 0x400);
		t_check_fresh(&log, ref, &space, "replaced");
	}
	t_log_close(&log);
	free(ref);
}

/* A detail without a place is counted, and reported once only the table knows the slot */
static void test_details_lost(void **state)
{
	struct t_ref *ref = t_alloc(sizeof *ref);
	struct caplog_diag diag = { 0, "" };
	uint32_t room, lost;
	struct t_log log;

	(void)state;
	t_log_open(&log, 65536);
	room = t_header(&log)->detail_count;
	for (uint32_t i = 0; i < room + 10; i++) {
		uint16_t const slot = (uint16_t)(0x200 + i);
		put(&log, ref, (struct t_event){ CAPLOG_INSERT_MAP, slot, 0, 0x200, 8, 0, 0 });
		put(&log, ref, (struct t_event){ CAPLOG_IRQ_ATTACH, slot, 9, 0, 0, i + 1, 0 });
	}
	assert_int_equal(t_head(&log)->details_lost, 10);
	fill_ring(&log, ref, 0x100);
	assert_int_equal(t_read_fresh(log.bytes, log.size, &space, &diag), -EOVERFLOW);
	assert_non_null(strstr(diag.text, "too small"));

	/* all but the lost labels are there */
	lost = 0;
	for (uint32_t i = 0; i < room + 10; i++) {
		assert_int_equal(space.cap[0x200 + i].kind, CAPLOG_IRQ);
		lost += space.a[0x200 + i] != i + 1;
	}
	assert_int_equal(lost, 10);

	/* those slots go: nothing is missing any more */
	for (uint32_t i = room; i < room + 10; i++)
		put(&log, ref, (struct t_event){ CAPLOG_REMOVE, (uint16_t)(0x200 + i), 0, 1, 8, 0, 0 });
	t_check_fresh(&log, ref, &space, "after removal");
	t_log_close(&log);
	free(ref);
}

/* A detail that found no place is known as long as it is in the ring */
static void test_details_from_ring(void **state)
{
	struct t_ref *ref = t_alloc(sizeof *ref);
	struct t_log log;

	(void)state;
	t_log_open(&log, CAPLOG_LOG_MIN);
	t_compare(t_header(&log)->detail_count, <, 12);
	for (uint16_t slot = 9; slot < 9 + 3 * 12; slot = (uint16_t)(slot + 3)) {
		put(&log, ref, (struct t_event){ CAPLOG_INSERT_AT, slot, 0, 0, 8u * slot, 0, 0 });
		put(&log, ref, (struct t_event){ CAPLOG_THREAD_START, slot, 0, 0, 8u * slot, slot, 2 });
	}
	t_compare(t_head(&log)->details_lost, >, 0);
	t_check_fresh(&log, ref, &space, "details from the ring");
	t_log_close(&log);
	free(ref);
}

static void test_early(void **state)
{
	struct t_random r = t_seed("early");
	struct t_ref *ref = t_alloc(sizeof *ref);

	(void)state;
	for (unsigned turn = 0; turn < 300; turn++) {
		struct caplog_writer w;
		struct t_log log;
		uint32_t used = 0, lost = 0;

		memset(&w, 0, sizeof w);
		memset(ref, 0, sizeof *ref);
		for (unsigned n = t_below(&r, 80); n; n--) {
			struct t_event const e = t_random_event(&r, ref, t_below(&r, 16));
			uint32_t const need = e.kind == CAPLOG_THREAD_START ? 3
			                    : e.kind == CAPLOG_IRQ_ATTACH && e.a ? 2 : 1;
			t_write(&w, &e);
			if (used + need > CAPLOG_EARLY_MAX) {
				lost++;
				continue;
			}
			used += need;
			t_ref_apply(ref, &e);
		}
		assert_int_equal(w.early_lost, lost);

		t_log_open(&log, 65536);
		log.writer = w;
		assert_int_equal(caplog_writer_attach(&log.writer, log.bytes), 0);
		assert_int_equal(t_head(&log)->early_lost, lost);
		assert_int_equal(t_head(&log)->head_lo, used);
		for (unsigned n = 0; n < 50; n++)
			put(&log, ref, t_random_event(&r, ref, t_below(&r, 16)));

		struct caplog_diag diag = { 0, "" };
		int const err = t_read_fresh(log.bytes, log.size, &space, &diag);
		assert_int_equal(err, lost ? -EOVERFLOW : 0);
		t_assert_equal(ref, &space, "early");
		t_log_close(&log);
	}
	free(ref);
}

static void test_off_and_reset(void **state)
{
	struct t_ref *ref = t_alloc(sizeof *ref);
	struct caplog_writer w;
	struct t_log log;

	(void)state;
	memset(&w, 0, sizeof w);
	caplog_append(&w, CAPLOG_INSERT_AT, 8, 0x40, 0, 0);
	caplog_writer_off(&w);
	for (unsigned i = 0; i < 1000; i++)
		caplog_append_thread(&w, 9, 1, 2, 3);
	assert_int_equal(w.early_lost, 0);
	assert_int_equal(w.early_count, 0);

	for (unsigned i = 0; i < 1000; i++)
		caplog_append(&w, CAPLOG_INSERT_AT, 8, 0x40, 0, 0);
	caplog_writer_reset(&w);
	caplog_append(&w, CAPLOG_INSERT_AT, 8, 0x48, 0, 0);
	t_ref_apply(ref, &(struct t_event){ CAPLOG_INSERT_AT, 8, 0, 0, 0x48, 0, 0 });
	t_log_open(&log, 65536);
	log.writer = w;
	assert_int_equal(caplog_writer_attach(&log.writer, log.bytes), 0);
	t_check_fresh(&log, ref, &space, "after reset");

	/* a writer that went on after reset forgets the log */
	caplog_writer_reset(&log.writer);
	caplog_append(&log.writer, CAPLOG_REMOVE, 8, 0x48, 0, 1);
	t_check_fresh(&log, ref, &space, "reset writer");
	t_log_close(&log);
	free(ref);
}

/* Counters: events by kind */
static void test_counts(void **state)
{
	struct t_random r = t_seed("counts");
	struct t_ref *ref = t_alloc(sizeof *ref);
	uint64_t count[CAPLOG_EVENT_KINDS] = { 0 };
	struct t_log log;

	(void)state;
	t_log_open(&log, 65536);
	for (unsigned i = 0; i < 10000; i++) {
		struct t_event const e = t_random_event(&r, ref, t_below(&r, CAPLOG_SLOTS_MAX));
		put(&log, ref, e);
		count[e.kind]++;
	}
	for (unsigned k = 0; k < CAPLOG_EVENT_KINDS; k++)
		assert_int_equal(t_head(&log)->count[k], count[k]);
	t_log_close(&log);
	free(ref);
}

/* A badge for an IRQ event is ignored, whatever it is */
static void test_irq_badge_ignored(void **state)
{
	struct t_ref *ref = t_alloc(sizeof *ref);
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader follower;
	struct t_log log;

	(void)state;
	t_log_open(&log, 65536);
	put(&log, ref, (struct t_event){ CAPLOG_INSERT_MAP, 0x218, 0, 0x200, 0x40, 0, 0 });
	assert_int_equal(caplog_reader_open(&follower, log.bytes, log.size, &diag), 0);
	assert_int_equal(caplog_reader_update(&follower, &space, NULL, &diag), 0);
	caplog_append(&log.writer, CAPLOG_IRQ_ATTACH, 0x218, 0xdeadbeef, 0xf, 0);
	t_ref_apply(ref, &(struct t_event){ CAPLOG_IRQ_ATTACH, 0x218, 0xf, 0, 0, 0, 0 });
	assert_int_equal(caplog_reader_update(&follower, &space, NULL, &diag), 0);
	t_assert_equal(ref, &space, "attach with a badge");
	caplog_append(&log.writer, CAPLOG_IRQ_DETACH, 0x218, 0xdeadbeef, 0, 0);
	t_ref_apply(ref, &(struct t_event){ CAPLOG_IRQ_DETACH, 0x218, 0, 0, 0, 0, 0 });
	assert_int_equal(caplog_reader_update(&follower, &space, NULL, &diag), 0);
	t_assert_equal(ref, &space, "detach with a badge");
	t_log_close(&log);
	free(ref);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version_never_reused),
		cmocka_unit_test(test_detail_survives_long_life),
		cmocka_unit_test(test_detail_of_first_life),
		cmocka_unit_test(test_detail_replaced),
		cmocka_unit_test(test_details_lost),
		cmocka_unit_test(test_details_from_ring),
		cmocka_unit_test(test_early),
		cmocka_unit_test(test_off_and_reset),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_irq_badge_ignored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
