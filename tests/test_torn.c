/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A writer that stops anywhere: after every single store to the log, a reader
 * finds the state before the event in progress or the state after it, and
 * never goes back from the latter to the former
 */
#include "t_log.h"

#include <caplog/bytes.h>

/* The writer itself, with a look at the log after each of its stores */
#define shared_put     raw_put
#define shared_publish raw_publish
#include "shared.h"
#undef shared_put
#undef shared_publish

static void after_store(void);

static inline void shared_put(uint32_t *p, uint32_t v)
{
	raw_put(p, v);
	after_store();
}

static inline void shared_publish(uint32_t *p, uint32_t v)
{
	raw_publish(p, v);
	after_store();
}

static void clear_looking(void *to, size_t bytes)
{
	for (size_t i = 0; i < bytes / 4; i++)
		shared_put((uint32_t *)to + i, 0);
}

#define caplog_clear clear_looking
#include "format.c"
#include "writer.c"
#undef caplog_clear

/* An append that has not returned yet */
struct pending {
	struct t_event event;
	uint64_t       delta;   /* what it adds to the hash of the state */
	int            seen;    /* a reader has seen it                  */
};

enum { MOST_DETAILS = 32 };

static struct {
	struct t_log    log;
	struct t_ref   *ref;
	struct t_random r;
	struct pending  pending;
	int             writing;    /* pending is under way */
	struct caplog_reader follower;
	uint64_t        looks;
	uint64_t        records;    /* head, when last looked at */
	uint32_t        look_every; /* 1: after every store */
	struct caplog_detail detail[MOST_DETAILS];
	void          (*hook)(void);
} t;

static struct caplog_space fresh, followed;

/* The state must be the reference with the pending event either in or out */
static void check_state(const struct caplog_space *space, const char *who)
{
	uint64_t const hash = t_space_hash(space);
	struct pending *p = &t.pending;

	if (hash == t.ref->hash && !(t.writing && p->seen && p->delta))
		return;
	if (t.writing && hash == t.ref->hash + p->delta) {
		p->seen = 1;
		return;
	}
	for (uint32_t i = 0; i < CAPLOG_SLOTS_MAX; i++) {
		struct t_slot const s = t_slot_of(space, i);
		if (t_slot_hash(i, &s) != t_slot_hash(i, &t.ref->slot[i]))
			printf("  slot 0x%x is not as before the event: kind %u badge 0x%x stale %u, was "
			       "%u 0x%x %u\n", i, s.kind, s.badge, s.stale, t.ref->slot[i].kind,
			       t.ref->slot[i].badge, t.ref->slot[i].stale);
	}
	if (!t.writing)
		fail_msg("%s: state is not the one that was written", who);

	struct t_slot const read = t_slot_of(space, p->event.slot);
	fail_msg("%s: state is neither before nor after %s on slot 0x%x, seen %d, read as kind %u "
	         "badge 0x%x other 0x%x stale %u a 0x%llx", who, caplog_event_name(p->event.kind),
	         p->event.slot, p->seen, read.kind, read.badge, read.other, read.stale,
	         (unsigned long long)read.a);
}

/* The head grows, and is less than the writer's by what it appends just now */
static void check_head(void)
{
	struct caplog_log_stat stat;
	uint64_t const written = (uint64_t)t.log.writer.head_hi << 32 | t.log.writer.head_lo;

	assert_int_equal(caplog_reader_stat(&t.follower, &stat), 0);
	if (stat.records > written || stat.records + (t.writing ? 3 : 0) < written ||
	    stat.records < t.records)
		fail_msg("%llu records seen, %llu written, %llu seen before",
		         (unsigned long long)stat.records, (unsigned long long)written,
		         (unsigned long long)t.records);
	t.records = stat.records;
}

static void look(void)
{
	struct caplog_diag diag = { 0, "" };

	t.looks++;
	check_head();
	if (t_read_fresh(t.log.bytes, t.log.size, &fresh, &diag))
		fail_msg("fresh reader: %s", diag.text);
	check_state(&fresh, "fresh reader");
	if (caplog_reader_update(&t.follower, &followed, NULL, &diag))
		fail_msg("follower: %s", diag.text);
	check_state(&followed, "follower");
}

/* Details as they were when their serial was last stored: others change in one without */
static void check_details(void)
{
	const struct caplog_header *h = t_header(&t.log);
	const struct caplog_detail *now =
		(const struct caplog_detail *)(void *)(t.log.bytes + h->detail_offset);

	for (uint32_t i = 0; i < h->detail_count && i < MOST_DETAILS; i++) {
		struct caplog_detail *was = &t.detail[i];

		if (now[i].serial && now[i].serial == was->serial && memcmp(&now[i], was, sizeof *was))
			fail_msg("detail %u changes while it has serial %u", i, now[i].serial);
		*was = now[i];
	}
}

static void after_store(void)
{
	if (t.hook)
		t.hook();
	if (!t.writing)
		return;
	check_details();
	if (t.look_every == 1 || t_below(&t.r, t.look_every) == 0)
		look();
}

static void append_whole(struct t_event e)
{
	struct pending *p = &t.pending;
	struct t_slot after = t.ref->slot[e.slot];

	t_slot_apply(&after, &e);
	p->event = e;
	p->seen  = 0;
	p->delta = t_slot_hash(e.slot, &after) - t_slot_hash(e.slot, &t.ref->slot[e.slot]);
	t.writing = 1;
	t_write(&t.log.writer, &e);
	t.writing = 0;
	t_ref_apply(t.ref, &e);
}

static void begin(const char *name, size_t size)
{
	struct caplog_diag diag = { 0, "" };

	memset(&t, 0, sizeof t);
	t.r = t_seed(name);
	t.look_every = 1;
	t.ref = t_alloc(sizeof *t.ref);
	t_log_open(&t.log, size);
	assert_int_equal(caplog_reader_open(&t.follower, t.log.bytes, t.log.size, &diag), 0);
}

static void end(void)
{
	look();
	printf("  %llu looks\n", (unsigned long long)t.looks);
	t_log_close(&t.log);
	free(t.ref);
}

/* Every kind of event, with and without details */
static struct t_event nth_event(unsigned n, uint16_t slot)
{
	static const struct t_event all[] = {
		{ CAPLOG_INSERT_AT, 0, 0, 0, 0x40, 0, 0 },
		{ CAPLOG_INSERT_MAP, 0, 0, 0x200, 0x48, 0, 0 },
		{ CAPLOG_STALE, 0, 0, 0, 0x48, 0, 0 },
		{ CAPLOG_REMOVE, 0, 0, 1, 0x48, 0, 0 },
		{ CAPLOG_RPC_ALLOC, 0, 0xf, 0, 0x48, 0, 0 },
		{ CAPLOG_RPC_FREE, 0, 0, 0, 0x48, 0, 0 },
		{ CAPLOG_THREAD_START, 0, 0, 0, 0x48, 0xb3000000, 0x123456789abcull },
		{ CAPLOG_IRQ_ATTACH, 0, 0xc, 0, 0, 0x77, 0 },
		{ CAPLOG_IRQ_ATTACH, 0, 0x9, 0, 0, 0, 0 },
		{ CAPLOG_IRQ_DETACH, 0, 0, 0, 0, 0, 0 },
	};
	struct t_event e = all[n % (sizeof all / sizeof *all)];

	e.slot = slot;
	return e;
}

enum { KINDS = 10 };

/* All sequences of three events on a slot, at every place of the ring */
static void test_triples(void **state)
{
	(void)state;
	begin("triples", 20480);
	for (unsigned n = 0; n < KINDS * KINDS * KINDS; n++) {
		uint16_t const slot = (uint16_t)(t_below(&t.r, 150));

		append_whole(nth_event(n, slot));
		append_whole(nth_event(n / KINDS, slot));
		append_whole(nth_event(n / KINDS / KINDS, slot));
		if (t_chance(&t.r, 30))
			append_whole(nth_event(0, 5));
	}
	end();
}

static void run_random(const char *name, size_t size, uint32_t slots, uint64_t n)
{
	begin(name, size);
	for (uint64_t i = 0; i < t_turns(n); i++) {
		if (i % 4096 == 0)
			t.look_every = i % 8192 ? 50 : 1;
		append_whole(t_random_event(&t.r, t.ref, t_below(&t.r, slots)));
	}
	end();
}

static void test_random(void **state)
{
	(void)state;
	run_random("random", 20480, 12, 6000);
	run_random("one slot", 20480, 1, 3000);
	run_random("large", 65536, 4000, 1000);
}

/* The head's low word wraps in the middle */
static void test_carry(void **state)
{
	(void)state;
	begin("carry", 24576);
	t.look_every = 50;
	for (unsigned i = 0; i < 1000; i++)
		append_whole(t_random_event(&t.r, t.ref, t_below(&t.r, 12)));
	for (unsigned turn = 0; turn < t_turns(60); turn++) {
		t.records = 0;

		struct caplog_writer *w = &t.log.writer;

		w->head_lo = (uint32_t)-(int)(w->ring_mask + 1) | (w->head_lo & w->ring_mask);
		w->head_hi = turn;
		w->head->head_lo = w->head_lo;
		w->head->head_hi = w->head->head_hi_after = turn;
		for (unsigned i = 0; i < 90; i++) {
			t.look_every = i < 10 || t.log.writer.head_lo > (uint32_t)-8 ||
			               t.log.writer.head_lo < 6 ? 1 : 40;
			append_whole(t_random_event(&t.r, t.ref, t_below(&t.r, 12)));
		}
	}
	end();
}

/* A version's low word wraps: the entry is torn between its halves */
static void test_version_carry(void **state)
{
	(void)state;
	begin("version carry", 20480);
	for (unsigned turn = 0; turn < 40; turn++) {
		uint32_t const slot = turn % 4;

		append_whole(nth_event(0, (uint16_t)slot));
		/* no record of this slot in the way */
		t.look_every = 50;
		for (unsigned i = 0; i < t_header(&t.log)->ring_count; i++)
			append_whole(nth_event(0, 10));
		t.look_every = 1;
		t_entry(&t.log, slot)->version = 0xfffffef0u + t_below(&t.r, 16);
		caplog_reader_open(&t.follower, t.log.bytes, t.log.size, NULL);
		for (unsigned i = 0; i < 300 && t_entry(&t.log, slot)->version >> 31; i++)
			append_whole(nth_event(t_below(&t.r, 6), (uint16_t)slot));
		for (unsigned i = 0; i < 5; i++)
			append_whole(nth_event(t_below(&t.r, 6), (uint16_t)slot));
	}
	end();
}

/* Slots that the table does not cover are as exact while the ring has them */
static void test_uncovered(void **state)
{
	struct caplog_diag diag = { 0, "" };

	(void)state;
	begin("uncovered", CAPLOG_LOG_MIN);
	for (unsigned turn = 1; turn < t_turns(80); turn++) {
		t.records = 0;
		memset(t.ref, 0, sizeof *t.ref);
		t_log_open_generation(&t.log, t.log.size, turn + 1);
		assert_int_equal(caplog_reader_open(&t.follower, t.log.bytes, t.log.size, &diag), 0);
		while (t_head(&t.log)->head_lo + 6 < t_header(&t.log)->ring_count)
			append_whole(t_random_event(&t.r, t.ref, 190 + t_below(&t.r, 30)));
	}
	end();
}

/* Early records reach the log one by one, in order */
static struct {
	uint64_t hash[CAPLOG_EARLY_MAX + 1];
	uint32_t count, seen;
} early;

static void look_early(void)
{
	struct caplog_diag diag = { 0, "" };
	uint64_t hash;

	if (t_read_fresh(t.log.bytes, t.log.size, &fresh, &diag))
		fail_msg("early: %s", diag.text);
	hash = t_space_hash(&fresh);
	while (early.seen <= early.count && early.hash[early.seen] != hash)
		early.seen++;
	if (early.seen > early.count)
		fail_msg("the state is none that the early events lead to, in their order");
}

static void test_attach(void **state)
{
	(void)state;
	for (unsigned turn = 0; turn < t_turns(100); turn++) {
		struct caplog_writer w;

		begin("attach", 20480);
		memset(&w, 0, sizeof w);
		memset(&early, 0, sizeof early);
		for (uint32_t n = t_below(&t.r, 20); n; n--) {
			struct t_event const e = t_random_event(&t.r, t.ref, t_below(&t.r, 5));
			t_write(&w, &e);
			t_ref_apply(t.ref, &e);
			early.hash[++early.count] = t.ref->hash;
		}
		t.log.writer = w;
		t.hook = look_early;
		assert_int_equal(caplog_writer_attach(&t.log.writer, t.log.bytes), 0);
		t.hook = NULL;
		end();
	}
}

/* While a log is formatted again a reader gets "try again", and nothing else */
static void look_formatting(void)
{
	struct caplog_diag diag = { 0, "" };
	int const err = t_read_fresh(t.log.bytes, t.log.size, &fresh, &diag);
	int const follow = caplog_reader_update(&t.follower, &followed, NULL, &diag);
	int const expected = t_header(&t.log)->ready ? 0 : -EAGAIN;

	t.looks++;
	if (err != expected || follow != expected)
		fail_msg("while formatting: fresh reader %d, follower %d: %s", err, follow, diag.text);
}

static void look_first_format(void)
{
	struct caplog_diag diag = { 0, "" };
	int const err = t_read_fresh(t.log.bytes, t.log.size, &fresh, &diag);

	t.looks++;
	/* not a log until the magic is there */
	if (!t_header(&t.log)->ready && err != -EINVAL && err != -EAGAIN)
		fail_msg("first format: %d: %s", err, diag.text);
}

static void test_format(void **state)
{
	struct caplog_diag diag = { 0, "" };

	(void)state;
	begin("format", CAPLOG_LOG_MIN);
	for (unsigned i = 0; i < 40; i++)
		append_whole(t_random_event(&t.r, t.ref, t_below(&t.r, 50)));
	assert_int_equal(caplog_reader_open(&t.follower, t.log.bytes, t.log.size, &diag), 0);
	assert_int_equal(caplog_reader_update(&t.follower, &followed, NULL, &diag), 0);
	t.hook = look_formatting;
	memset(t.ref, 0, sizeof *t.ref);
	t_log_open_generation(&t.log, t.log.size, 2);
	t_compare(t.looks, >, 1000);
	t.hook = NULL;

	t.records = 0;
	memset(t.log.bytes, 0, t.log.size);
	t.hook = look_first_format;
	t_log_open_generation(&t.log, t.log.size, 3);
	t.hook = NULL;
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_triples),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_carry),
		cmocka_unit_test(test_version_carry),
		cmocka_unit_test(test_uncovered),
		cmocka_unit_test(test_attach),
		cmocka_unit_test(test_format),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
