/* SPDX-License-Identifier: BSD-2-Clause */
/* Long streams of events through small logs: what a reader folds is the live state */
#include "t_log.h"

static struct caplog_space fresh, followed;

/* One stream: which slots, how many events */
struct stream {
	struct t_log    log;
	struct t_ref   *ref;
	struct t_random r;
	uint16_t        slot[CAPLOG_SLOTS_MAX];
	uint32_t        slots;
	int             refill; /* slot just emptied, or -1: keeps the others live */
};

static void stream_open(struct stream *s, const char *name, size_t size)
{
	s->r = t_seed(name);
	s->ref = t_alloc(sizeof *s->ref);
	s->slots = 0;
	s->refill = -1;
	t_log_open(&s->log, size);
}

static void stream_close(struct stream *s)
{
	t_log_close(&s->log);
	free(s->ref);
}

/* n slots anywhere, or in a row */
static void pick_slots(struct stream *s, uint32_t n, int clustered)
{
	uint32_t const first = clustered ? t_below(&s->r, CAPLOG_SLOTS_MAX - n + 1) : 0;
	uint16_t all[CAPLOG_SLOTS_MAX];

	for (uint32_t i = 0; i < CAPLOG_SLOTS_MAX; i++)
		all[i] = (uint16_t)i;
	for (uint32_t i = 0; !clustered && i < n; i++) {
		uint32_t const j = i + t_below(&s->r, CAPLOG_SLOTS_MAX - i);
		uint16_t const swap = all[i];
		all[i] = all[j];
		all[j] = swap;
	}
	for (uint32_t i = 0; i < n; i++)
		s->slot[i] = all[first + i];
	s->slots = n;
}

/* A random event; slots stay live but for an instant */
static struct t_event stream_step(struct stream *s)
{
	uint32_t const slot = s->refill >= 0 ? (uint32_t)s->refill
	                                     : s->slot[t_below(&s->r, s->slots)];
	struct t_event const e = t_random_event(&s->r, s->ref, slot);

	t_write(&s->log.writer, &e);
	t_ref_apply(s->ref, &e);
	s->refill = e.kind == CAPLOG_REMOVE && t_chance(&s->r, 98) ? (int)slot : -1;
	return e;
}

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
			assert_true(stat.records > before);
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
	assert_true(strlen(diag.text) > 0);
	t_header(&s.log)->ready = 1;
	assert_int_equal(caplog_reader_update(&r, &followed, NULL, &diag), 0);
	stream_close(&s);
}

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
	assert_true(covered < CAPLOG_SLOTS_MAX);
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

		/* whoever followed all along knows everything */
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

/* The ring gives back the events as they were told, details included */
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

/* Where the badges lie is passed on only if it can be */
static void test_map_place(void **state)
{
	static const struct caplog_map_place good = { 0x1000, 0x800, 0x900, 2, 0, 2, 4096, 8 };
	struct { struct caplog_map_place p; uint8_t word; int err; } const c[] = {
		{ good, 8, 0 },
		{ { 0x1000, 0x800, 0x900, 32, 26, 2, 4096, 8 }, 8, 0 },
		{ { 0x1000, 0x800, 0x900, 32, 28, 4, 4096, 8 }, 4, 0 },
		{ { 0, 0x800, 0x900, 2, 0, 2, 4096, 8 }, 8, -ENOENT },
		{ { 0x1001, 0x800, 0x900, 2, 0, 2, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0, 0x900, 2, 0, 2, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0x802, 0x900, 2, 0, 2, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 0, 0, 2, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 1, 0, 2, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 4, 3, 2, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 4, 4, 2, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 4, 0xffffffff, 2, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 2, 0, 1, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 8, 0, 8, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 4097, 8 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 0xffffffff, 8 }, 8, -EINVAL },
		{ { 0xfffff000, 0x800, 0x900, 2, 0, 2, 4096, 8 }, 4, -EINVAL },
		{ { 0xfffff000, 0x800, 0x900, 2, 0, 2, 4096, 8 }, 8, 0 },
		{ { 0x100000000ull, 0x800, 0x900, 2, 0, 2, 4096, 8 }, 4, -EINVAL },
		{ { 0xfffffffffffff000ull, 0x800, 0x900, 2, 0, 2, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0xfffffffffffffffcull, 0x900, 2, 0, 2, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0xfffffffcu, 0x900, 2, 0, 2, 4096, 8 }, 4, -EINVAL },
		{ { 0x1000, 0x800, 0, 2, 0, 2, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x902, 2, 0, 2, 4096, 8 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 4096, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 4096, 4096 }, 8, 0 },
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 4096, 4097 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0xffffffe0, 2, 0, 2, 4096, 8 }, 4, -EINVAL },
		{ { 0x1000, 0x800, 0xffffffe0, 2, 0, 2, 4096, 8 }, 8, 0 },
		{ { 0x1000, 0x800, 0x900, 0xfffffffe, 0, 2, 4096, 8 }, 4, -EINVAL },
	};
	static uint8_t bytes[65536] __attribute__((aligned(64)));
	struct caplog_diag diag = { 0, "" };
	struct caplog_map_place p;
	struct caplog_reader r;

	(void)state;
	for (unsigned i = 0; i < sizeof c / sizeof *c; i++) {
		struct caplog_format f;

		memset(&f, 0, sizeof f);
		f.flavour = t_flavour();
		f.map = c[i].p;
		f.word_bytes = c[i].word;
		assert_int_equal(caplog_format(bytes, sizeof bytes, &f), 0);
		assert_int_equal(caplog_reader_open(&r, bytes, sizeof bytes, &diag), 0);
		if (caplog_reader_map(&r, &p) != c[i].err)
			fail_msg("map place %u: expected %d", i, c[i].err);
		if (!c[i].err)
			assert_memory_equal(&p, &c[i].p, offsetof(struct caplog_map_place, holders_count) + 4);
	}
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
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_small_overrun),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_map_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
