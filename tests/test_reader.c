/* SPDX-License-Identifier: BSD-2-Clause */
/* Long streams of events through small logs: what a reader folds is the live state */
#include "t_stream.h"

/*
 * n events; a fresh reader looks `looks` times, a follower much more often and
 * at least once while the ring still has what it needs, then at longer gaps
 */
static void churn(struct stream *s, uint64_t n, uint32_t looks)
{
	uint32_t const ring = t_header(&s->log)->ring_count;
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader follower;
	uint64_t follow_at = 0;

	assert_int_equal(caplog_reader_open(&follower, s->log.bytes, s->log.size, &diag), 0);
	for (uint64_t i = 0; i < n; i++) {
		stream_step(s);
		if (i >= follow_at) {
			if (caplog_reader_update(&follower, &followed, NULL, &diag))
				fail_msg("follower: %s", diag.text);
			if (t_below(&s->r, 64) == 0)
				t_assert_equal(s->ref, &followed, "follower");
			follow_at = i + 1 + t_below(&s->r, t_chance(&s->r, 90) ? ring / 4 : 4 * ring);
		}
		if (t_below(&s->r, (uint32_t)(n / looks) + 1) == 0)
			t_check_fresh(&s->log, s->ref, &fresh, "fresh reader");
	}
	if (caplog_reader_update(&follower, &followed, NULL, &diag))
		fail_msg("follower: %s", diag.text);
	t_assert_equal(s->ref, &followed, "follower at the end");
	t_check_fresh(&s->log, s->ref, &fresh, "fresh reader at the end");
	assert_int_equal(t_head(&s->log)->details_lost, 0);
	assert_int_equal(t_head(&s->log)->uncovered, 0);
}

static void run_churn(const char *name, size_t size, uint32_t slots,
                      int clustered, uint64_t events)
{
	struct stream s;

	stream_open(&s, name, size);
	pick_slots(&s, slots, clustered);
	churn(&s, t_turns(events), 300);
	stream_close(&s);
}

static void test_256k_4000_live(void **state)
{
	(void)state;
	run_churn("256 KiB, 4000 live", 262144, 4000, 0, 10000000);
}

static void test_64k_1000_live(void **state)
{
	(void)state;
	run_churn("64 KiB, 1000 live anywhere", 65536, 1000, 0, 10000000);
	run_churn("64 KiB, 1000 live in a row", 65536, 1000, 1, 10000000);
}

static void test_few_live(void **state)
{
	(void)state;
	run_churn("128 KiB, 5 live", 131072, 5, 0, 2000000);
	run_churn("256 KiB, 500 live", 262144, 500, 0, 2000000);
}

/* Each of several readers follows at its own pace */
static void test_several_readers(void **state)
{
	enum { READERS = 5 };
	struct caplog_space *space = t_alloc(READERS * sizeof *space);
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r[READERS];
	struct stream s;

	(void)state;
	stream_open(&s, "several readers", 131072);
	pick_slots(&s, 300, 0);
	for (unsigned i = 0; i < READERS; i++)
		assert_int_equal(caplog_reader_open(&r[i], s.log.bytes, s.log.size, &diag), 0);
	for (uint64_t n = 0; n < t_turns(300000); n++) {
		stream_step(&s);
		for (unsigned i = 0; i < READERS; i++)
			if (t_below(&s.r, 10u << (3 * i)) == 0) {
				assert_int_equal(caplog_reader_update(&r[i], &space[i], NULL, &diag), 0);
				t_assert_equal(s.ref, &space[i], "one of several readers");
			}
	}
	free(space);
	stream_close(&s);
}

/* A follower reads the events since its last look and no more */
static void test_work_follows_events(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;
	struct stream s;
	uint64_t events;

	(void)state;
	stream_open(&s, "work follows events", 262144);
	pick_slots(&s, 4000, 0);
	assert_int_equal(caplog_reader_open(&r, s.log.bytes, s.log.size, &diag), 0);
	assert_int_equal(caplog_reader_update(&r, &followed, &events, &diag), 0);
	for (unsigned turn = 0; turn < 1000; turn++) {
		uint32_t const n = t_below(&s.r, 200);
		uint64_t expected = 0;

		for (uint32_t i = 0; i < n; i++) {
			struct t_event const e = stream_step(&s);
			expected += e.kind == CAPLOG_THREAD_START ? 3
			          : e.kind == CAPLOG_IRQ_ATTACH && e.a ? 2 : 1;
		}
		assert_int_equal(caplog_reader_update(&r, &followed, &events, &diag), 0);
		assert_int_equal(events, expected);
		t_assert_equal(s.ref, &followed, "after a few events");
	}
	stream_close(&s);
}

/* Move the head up by a multiple of the ring: to where the words carry */
static void preset_head(struct stream *s, uint64_t head)
{
	struct caplog_writer *w = &s->log.writer;
	struct caplog_head *l = t_head(&s->log);

	head = (head & ~(uint64_t)w->ring_mask) | (w->head_lo & w->ring_mask);
	w->head_lo = l->head_lo = (uint32_t)head;
	w->head_hi = l->head_hi = l->head_hi_after = (uint32_t)(head >> 32);
}

static void test_head_carry(void **state)
{
	static const uint64_t heads[] = { 0xffffffffu, 0x1ffffffffull, 0x7fffffffu,
	                                  0x3fffffffffffffffull };
	struct caplog_diag diag = { 0, "" };
	struct caplog_log_stat stat;
	struct caplog_reader r;
	struct stream s;

	(void)state;
	for (unsigned i = 0; i < sizeof heads / sizeof *heads; i++) {
		uint64_t before;

		stream_open(&s, "head carry", 131072);
		pick_slots(&s, 200, 0);
		churn(&s, 20000, 5);
		preset_head(&s, heads[i] - 2000);
		assert_int_equal(caplog_reader_open(&r, s.log.bytes, s.log.size, &diag), 0);
		assert_int_equal(caplog_reader_update(&r, &followed, NULL, &diag), 0);
		t_assert_equal(s.ref, &followed, "before the carry");
		before = 0;
		for (unsigned n = 0; n < 12000; n++) {
			stream_step(&s);
			if (n % 64 && t_head(&s.log)->head_lo + 10 > 20)
				continue;
			t_check_fresh(&s.log, s.ref, &fresh, "near the carry");
			assert_int_equal(caplog_reader_update(&r, &followed, NULL, &diag), 0);
			t_assert_equal(s.ref, &followed, "follower near the carry");
			assert_int_equal(caplog_reader_stat(&r, &stat), 0);
			t_compare(stat.records, >, before);
			before = stat.records;
		}
		assert_int_equal(t_head(&s.log)->head_hi, (uint32_t)((heads[i] + 1) >> 32));
		assert_int_equal(t_head(&s.log)->head_hi, t_head(&s.log)->head_hi_after);
		stream_close(&s);
	}
}

/* The component formats its log again: readers notice, whatever was there before */
static void test_generation(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;
	struct stream s;

	(void)state;
	stream_open(&s, "generation", 131072);
	pick_slots(&s, 300, 0);
	assert_int_equal(caplog_reader_open(&r, s.log.bytes, s.log.size, &diag), 0);
	for (uint32_t generation = 2; generation < 40; generation++) {
		for (uint32_t n = t_below(&s.r, 5000); n; n--)
			stream_step(&s);
		if (t_chance(&s.r, 70))
			assert_int_equal(caplog_reader_update(&r, &followed, NULL, &diag), 0);

		memset(s.ref, 0, sizeof *s.ref);
		t_log_open_generation(&s.log, s.log.size - (t_chance(&s.r, 50) ? 16384 : 0),
		                      generation);
		for (uint32_t n = t_below(&s.r, 5000); n; n--)
			stream_step(&s);
		s.log.size = 131072;
		if (caplog_reader_update(&r, &followed, NULL, &diag))
			fail_msg("%s", diag.text);
		t_assert_equal(s.ref, &followed, "new generation");
		assert_int_equal(r.header.generation, generation);
	}
	stream_close(&s);
}

static void test_being_formatted(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r, other;
	struct stream s;

	(void)state;
	stream_open(&s, "being formatted", 65536);
	pick_slots(&s, 30, 0);
	assert_int_equal(caplog_reader_open(&r, s.log.bytes, s.log.size, &diag), 0);
	assert_int_equal(caplog_reader_update(&r, &followed, NULL, &diag), 0);
	t_header(&s.log)->ready = 0;
	assert_int_equal(caplog_reader_open(&other, s.log.bytes, s.log.size, &diag), -EAGAIN);
	assert_int_equal(caplog_reader_update(&r, &followed, NULL, &diag), -EAGAIN);
	t_compare(strlen(diag.text), >, 0);
	t_header(&s.log)->ready = 1;
	assert_int_equal(caplog_reader_update(&r, &followed, NULL, &diag), 0);
	stream_close(&s);
}

struct history {
	struct t_event *event;
	uint32_t next, count;
};

static int visit(void *ctx, const struct caplog_event *e)
{
	struct history *h = ctx;
	const struct t_event *x = &h->event[h->next++];

	if (h->next > h->count || e->kind != x->kind || e->slot != x->slot || e->a != x->a ||
	    e->b != x->b || e->other != x->other || e->from != x->from || e->badge != x->badge)
		return 77;
	return 0;
}

static int stop(void *ctx, const struct caplog_event *e)
{
	(void)e;
	return ++*(int *)ctx == 5 ? -42 : 0;
}

/* The ring gives back the events as they were recorded, details included */
static void test_history(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct history h = { NULL, 0, 0 };
	struct caplog_reader r;
	struct stream s;
	int complete, n = 0;

	(void)state;
	stream_open(&s, "history", 65536);
	pick_slots(&s, 50, 0);
	h.event = t_alloc(5000 * sizeof *h.event);
	while (t_head(&s.log)->head_lo < t_header(&s.log)->ring_count - 6)
		h.event[h.count++] = stream_step(&s);
	assert_int_equal(caplog_reader_open(&r, s.log.bytes, s.log.size, &diag), 0);
	assert_int_equal(caplog_reader_history(&r, &complete, visit, &h, &diag), 0);
	assert_int_equal(complete, 1);
	assert_int_equal(h.next, h.count);

	while (h.count < 5000)
		h.event[h.count++] = stream_step(&s);
	/* the events that are left are the last ones: find how many by a first pass */
	uint32_t left = 0;
	for (uint32_t i = h.count, records = 0; i > 0; i--, left++) {
		const struct t_event *e = &h.event[i - 1];
		records += e->kind == CAPLOG_THREAD_START ? 3 : e->kind == CAPLOG_IRQ_ATTACH && e->a ? 2 : 1;
		if (records > t_header(&s.log)->ring_count - 3)
			break;
	}
	h.next = h.count - left;
	assert_int_equal(caplog_reader_history(&r, &complete, visit, &h, &diag), 0);
	assert_int_equal(complete, 0);
	assert_int_equal(h.next, h.count);
	assert_int_equal(caplog_reader_history(&r, &complete, stop, &n, &diag), -42);
	free(h.event);
	stream_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_256k_4000_live),
		cmocka_unit_test(test_64k_1000_live),
		cmocka_unit_test(test_few_live),
		cmocka_unit_test(test_several_readers),
		cmocka_unit_test(test_work_follows_events),
		cmocka_unit_test(test_head_carry),
		cmocka_unit_test(test_generation),
		cmocka_unit_test(test_being_formatted),
		cmocka_unit_test(test_history),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
