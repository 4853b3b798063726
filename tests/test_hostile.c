/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logs that lie: whatever the bytes, and whenever they change, the reader comes
 * back soon, reads nothing outside, says what is wrong, and what it passes on
 * lies within the flavour's bounds
 */
#include <sys/mman.h>

#include "t_log.h"

#include <caplog/plan.h>

/* The reader itself, with the log changed before some of its loads */
#define shared_get     raw_get
#define shared_observe raw_observe
#include "../lib/caplog/log/shared.h"
#undef shared_get
#undef shared_observe

static void before_load(void);

static inline uint32_t shared_get(const uint32_t *p)
{
	before_load();
	return raw_get(p);
}

static inline uint32_t shared_observe(const uint32_t *p)
{
	before_load();
	return raw_observe(p);
}

#include "../lib/caplog/log/header.c"
#include "../lib/caplog/log/records.c"
#include "../lib/caplog/log/table.c"
#include "../lib/caplog/log/reader.c"

enum { PAGE = 4096, AREA = 64 * PAGE };

static struct {
	uint8_t        *area;      /* AREA bytes, what lies behind is not accessible */
	uint8_t        *log;       /* ends with the area                             */
	size_t          size;
	struct t_random r;
	uint64_t        loads;
	uint32_t        per_million; /* chance of a change before a load */
} t;

static struct caplog_space space;
static struct caplog_plan  plan;

static uint32_t *word_at(size_t offset)
{
	return (uint32_t *)(void *)(t.log + (offset & ~(size_t)3));
}

/* Values that break bounds checks */
static uint32_t nasty(void)
{
	static const uint32_t values[] = {
		0, 1, 2, 3, 7, 8, 16, 255, 256, 4095, 4096, 4097, 65535, 65536, 0x7fffffff, 0x80000000,
		0x80000001, 0xfffffff0, 0xfffffffe, 0xffffffff, 0x10000000, 0x0fffffff, 0xf0000000
	};
	uint32_t const pick = t_below(&t.r, sizeof values / sizeof *values + 4);

	if (pick < sizeof values / sizeof *values)
		return values[pick];
	if (pick % 2)
		return (uint32_t)t.size - t_below(&t.r, 64);
	return (uint32_t)t_next(&t.r);
}

/* Where a change does most harm: header, head, then anywhere */
static size_t nasty_place(void)
{
	size_t const head = 256, entries = 256 + 8 * 128;

	if (t_chance(&t.r, 30))
		return t_below(&t.r, 128);
	if (t_chance(&t.r, 50))
		return head + t_below(&t.r, 128);
	return t_chance(&t.r, 20) ? head + t_below(&t.r, (uint32_t)entries)
	                          : t_below(&t.r, (uint32_t)t.size);
}

static void change_one(void)
{
	uint32_t *w = word_at(nasty_place());

	switch (t_below(&t.r, 4)) {
	case 0: *w ^= 1u << t_below(&t.r, 32); break;
	case 1: *w += t_below(&t.r, 9) - 4; break;
	case 2: *w += 1u << t_below(&t.r, 32); break;
	default: *w = nasty(); break;
	}
}

static void before_load(void)
{
	t.loads++;
	if (t.per_million && t_below(&t.r, 1000000) < t.per_million)
		change_one();
}

/* A log of `size` bytes that ends where the accessible memory ends */
static void place(size_t size)
{
	t.size = size;
	t.log = t.area + AREA - size;
}

static void fill(uint32_t slots, uint32_t events)
{
	struct t_ref *ref = t_alloc(sizeof *ref);
	struct t_log log = { .bytes = t.log, .size = t.size };

	t_log_open_generation(&log, t.size, 1);
	for (uint32_t i = 0; i < events; i++) {
		struct t_event const e = t_random_event(&t.r, ref, t_below(&t.r, slots));
		t_write(&log.writer, &e);
		t_ref_apply(ref, &e);
	}
	free(ref);
}

static void fill_any(void)
{
	static const size_t sizes[] = { 4096, 8192, 20480, 24576 + 16, 65536 };
	size_t const size = sizes[t_below(&t.r, 5)];

	place(size);
	fill(t_chance(&t.r, 50) ? 4096 : 200,
	     t_below(&t.r, 3000));
}

static void check_space(void)
{
	for (uint32_t i = 0; i < CAPLOG_SLOTS_MAX; i++) {
		const struct caplog_cap *c = &space.cap[i];

		assert_true(c->kind <= CAPLOG_IRQ);
		assert_true(c->badge <= 0xffff);
		assert_true(c->other < CAPLOG_SLOTS_MAX);
		assert_true(c->stale <= 1);
		assert_true(c->kind != CAPLOG_EMPTY || c->badge == 0);
	}
}

static int judge_any(void *ctx, uint32_t slot, const struct caplog_cap *cap,
                     struct caplog_diag *diag)
{
	(void)ctx, (void)cap, (void)diag;
	return slot % 7 ? CAPLOG_CAN : CAPLOG_DEAD;
}

static int visit(void *ctx, const struct caplog_event *e)
{
	assert_true(e->slot < CAPLOG_SLOTS_MAX);
	++*(uint32_t *)ctx;
	return 0;
}

/* A result is one of the contract's, and an error says what is wrong */
static void check_result(int err, const struct caplog_diag *diag, int with_space)
{
	assert_true(err == 0 || err == -EAGAIN || err == -EINVAL || err == -EPROTONOSUPPORT ||
	            err == -ENOTSUP || (err == -EOVERFLOW && with_space));
	if (err) {
		assert_int_equal(diag->error, err);
		assert_non_null(memchr(diag->text, 0, sizeof diag->text));
		assert_true(strlen(diag->text) > 10);
	}
}

static void check_bounded(void)
{
	/* 64 full readings of everything, and then some */
	assert_true(t.loads < 64u * (20 * t.size + 200000));
	t.loads = 0;
}

/* All that a monitor does with a log */
static int use_log(struct caplog_reader *r)
{
	static const struct caplog_ops ops = { .judge = judge_any };
	struct caplog_diag diag = { 0, "" };
	struct caplog_map_place map;
	struct caplog_log_stat stat;
	int complete, used;
	uint32_t n = 0;
	int const err = caplog_reader_update(r, &space, NULL, &diag);

	check_result(err, &diag, 1);
	check_bounded();
	if (!err || err == -EOVERFLOW) {
		check_space();
		if (t_chance(&t.r, 10))
			check_result(caplog_plan(&plan, &space, &ops, &diag), &diag, 0);
	}
	if (!r->flavour)
		return err;
	used = caplog_reader_history(r, &complete, visit, &n, &diag);
	check_result(used, &diag, 0);
	check_bounded();
	assert_true(n <= t.size / sizeof(struct caplog_record));
	assert_int_equal(caplog_reader_stat(r, &stat), 0);
	used = caplog_reader_map(r, &map);
	assert_true(used == 0 || used == -ENOENT || used == -EINVAL);
	return err;
}

static int open_and_use(void)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;
	int err;

	memset(&r, 0, sizeof r);
	err = caplog_reader_open(&r, t.log, t.size, &diag);
	check_result(err, &diag, 0);
	check_bounded();
	return err ? err : use_log(&r);
}

static int setup(void **state)
{
	(void)state;
	t.area = mmap(NULL, AREA + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(t.area != MAP_FAILED);
	t.area += PAGE;
	return mprotect(t.area, AREA, PROT_READ | PROT_WRITE);
}

static int teardown(void **state)
{
	(void)state;
	return munmap(t.area - PAGE, AREA + 2 * PAGE);
}

static void begin(const char *name)
{
	t.r = t_seed(name);
	t.per_million = 0;
	t.loads = 0;
}

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
		assert_true(open_and_use() < 0);
	}
	/* all of one value, and sizes that are none */
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

static void test_misuse(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;

	(void)state;
	begin("misuse");
	place(8192);
	fill(100, 100);
	assert_int_equal(caplog_reader_open(&r, NULL, 8192, &diag), -EINVAL);
	assert_int_equal(caplog_reader_open(&r, t.log + 4, 8000, &diag), -EINVAL);
	assert_int_equal(caplog_reader_open(&r, t.log, 8192, NULL), 0);
	assert_int_equal(caplog_reader_update(&r, &space, NULL, NULL), 0);
}

/* Half a log, wherever it is cut */
static void test_truncated(void **state)
{
	uint8_t *whole = t_alloc(65536);

	(void)state;
	begin("truncated");
	place(65536);
	fill(4000, 5000);
	memcpy(whole, t.log, 65536);
	for (size_t size = 0; size < 65536; size += size < 4200 ? 8 : 8 * (1 + t_below(&t.r, 64))) {
		place(size);
		memcpy(t.log, whole, size);
		assert_int_equal(open_and_use(), -EINVAL);
	}
	place(65536);
	memcpy(t.log, whole, 65536);
	assert_int_equal(open_and_use(), 0);
	free(whole);
}

static void test_versions(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;

	(void)state;
	begin("versions");
	place(8192);
	fill(100, 100);
	struct caplog_header *h = (struct caplog_header *)(void *)t.log;

	h->minor = 7;
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), 0);
	h->major = 2;
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), -EPROTONOSUPPORT);
	assert_non_null(strstr(diag.text, "2.7"));
	h->major = 0;
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), -EPROTONOSUPPORT);
	h->major = 1;
	h->byte_order = 0x04030201;
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), -ENOTSUP);
	h->byte_order = CAPLOG_BYTE_ORDER;
	h->flavour[0] = 'x';
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), -ENOTSUP);
	memset(h->flavour, 'f', sizeof h->flavour);
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), -ENOTSUP);
}

/* A field of the header that contradicts the rest, or what a reader can bear */
static void test_refused_fields(void **state)
{
#define FIELD(name) offsetof(struct caplog_header, name), sizeof ((struct caplog_header *)0)->name
	static const struct { size_t at, width; uint32_t value; } fields[] = {
		{ FIELD(size), 65537 }, { FIELD(size), 65552 }, { FIELD(size), 4095 }, { FIELD(size), 0 },
		{ FIELD(size), 0xffffffff }, { FIELD(word_bytes), 0 }, { FIELD(word_bytes), 2 },
		{ FIELD(word_bytes), 16 }, { FIELD(slot_shift), 13 }, { FIELD(record_size), 0 },
		{ FIELD(record_size), 32 }, { FIELD(slot_count), 0 }, { FIELD(slot_count), 4097 },
		{ FIELD(slot_count), 8192 }, { FIELD(head_count), 0 }, { FIELD(head_count), 9 },
		{ FIELD(head_count), 0xffff }, { FIELD(head_size), 0 }, { FIELD(head_size), 64 },
		{ FIELD(head_offset), 0 }, { FIELD(head_offset), 260 }, { FIELD(head_offset), 65536 },
		{ FIELD(head_offset), 0xffffff80 }, { FIELD(table_offset), 128 },
		{ FIELD(table_offset), 65535 }, { FIELD(table_offset), 0xfffffffc },
		{ FIELD(table_count), 4097 }, { FIELD(table_count), 0xffffffff },
		{ FIELD(table_count), 0x15555556 }, { FIELD(entry_size), 0 }, { FIELD(entry_size), 16 },
		{ FIELD(detail_size), 0 }, { FIELD(detail_offset), 252 }, { FIELD(detail_offset), 65532 },
		{ FIELD(detail_count), 65536 }, { FIELD(detail_count), 0x0aaaaaab },
		{ FIELD(ring_offset), 0 }, { FIELD(ring_offset), 65532 }, { FIELD(ring_count), 0 },
		{ FIELD(ring_count), 4 }, { FIELD(ring_count), 65 }, { FIELD(ring_count), 0x80000000 },
		{ FIELD(ring_count), 0x10000000 }, { FIELD(ring_count), 4096 }, { FIELD(ready), 2 },
		{ FIELD(ready), 0x80000001 }
	};
#undef FIELD
	(void)state;
	begin("refused fields");
	place(65536);
	fill(200, 100);
	/* so that a larger table, and another head, would fit */
	((struct caplog_header *)(void *)t.log)->table_offset = 1024;
	((struct caplog_header *)(void *)t.log)->ring_count = 64;
	assert_int_equal(open_and_use() == -EPROTONOSUPPORT, 0);
	for (unsigned i = 0; i < sizeof fields / sizeof *fields; i++) {
		struct caplog_diag diag = { 0, "" };
		struct caplog_reader r;
		uint8_t saved[4];

		memcpy(saved, t.log + fields[i].at, fields[i].width);
		memcpy(t.log + fields[i].at, &fields[i].value, fields[i].width);
		int const err = caplog_reader_open(&r, t.log, t.size, &diag);
		if (err != -EINVAL)
			fail_msg("value 0x%x at %zu: %d", fields[i].value, fields[i].at, err);
		check_result(err, &diag, 0);
		memcpy(t.log + fields[i].at, saved, fields[i].width);
	}
}

/* Each bit of header and head, seen by a fresh reader and by one that follows */
static void test_bit_flips(void **state)
{
	(void)state;
	begin("bit flips");
	for (unsigned variant = 0; variant < 3; variant++) {
		struct caplog_diag diag = { 0, "" };
		struct caplog_reader primed, r;

		place(variant == 1 ? 8192 : 65536);
		fill(variant == 1 ? 4000 : 200, 2000);
		memset(&primed, 0, sizeof primed);
		assert_int_equal(caplog_reader_open(&primed, t.log, t.size, &diag), 0);
		use_log(&primed);
		for (uint32_t bit = 0; bit < 8 * (256 + 128); bit++) {
			t.log[bit / 8] ^= (uint8_t)(1 << bit % 8);
			open_and_use();
			r = primed;
			use_log(&r);
			t.log[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		assert_int_equal(open_and_use(), variant == 1 ? -EOVERFLOW : 0);
	}
}

/* Several header fields at once, with values that break bounds checks */
static void test_header_fields(void **state)
{
	uint32_t accepted = 0;

	(void)state;
	begin("header fields");
	for (uint64_t turn = 0; turn < t_turns(300); turn++) {
		uint8_t good[256 + 3 * 128];

		fill_any();
		memcpy(good, t.log, sizeof good);
		for (unsigned i = 0; i < 100; i++) {
			for (unsigned n = 1 + t_below(&t.r, 3); n; n--) {
				/* behind the flavour: geometry, map place, heads */
				uint32_t const at = t_chance(&t.r, 70) ? 40 + t_below(&t.r, 48)
				                                       : 16 + t_below(&t.r, sizeof good - 16);
				if (t_chance(&t.r, 50))
					*word_at(at) = nasty();
				else
					*(uint16_t *)(void *)(t.log + (at & ~1u)) = (uint16_t)nasty();
			}
			int const err = open_and_use();
			accepted += !err || err == -EOVERFLOW;
			memcpy(t.log, good, sizeof good);
		}
	}
	printf("  %u accepted\n", accepted);
	assert_true(accepted > 0);
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
	assert_true(accepted > 0);
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
		cmocka_unit_test(test_misuse),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_refused_fields),
		cmocka_unit_test(test_bit_flips),
		cmocka_unit_test(test_header_fields),
		cmocka_unit_test(test_contents),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_changes_between_calls),
		cmocka_unit_test(test_changes_within_calls),
		cmocka_unit_test(test_runaway_head),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
