/* SPDX-License-Identifier: BSD-2-Clause */
/* A log whose bytes are changed, also before some of the reader's loads */
#ifndef T_HOSTILE_H
#define T_HOSTILE_H

#include <sys/mman.h>

#include "t_log.h"

#include <caplog/plan.h>

#include "t_loads.h"

enum { PAGE = 4096, AREA = 64 * PAGE };

static struct {
	uint8_t        *area;      /* AREA bytes; those after it are not accessible */
	uint8_t        *log;       /* ends with the area                             */
	size_t          size;
	struct t_random r;
	uint64_t        loads;
	uint32_t        per_million; /* chance of a change before a load */
} t;

static struct caplog_space space;
static struct caplog_plan  plan;

static inline uint32_t *word_at(size_t offset)
{
	return (uint32_t *)(void *)(t.log + (offset & ~(size_t)3));
}

/* Values that break bounds checks */
static inline uint32_t nasty(void)
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
static inline size_t nasty_place(void)
{
	size_t const head = 256, entries = 256 + 8 * 128;

	if (t_chance(&t.r, 30))
		return t_below(&t.r, 128);
	if (t_chance(&t.r, 50))
		return head + t_below(&t.r, 128);
	return t_chance(&t.r, 20) ? head + t_below(&t.r, (uint32_t)entries)
	                          : t_below(&t.r, (uint32_t)t.size);
}

static inline void change_one(void)
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
static inline void place(size_t size)
{
	t.size = size;
	t.log = t.area + AREA - size;
}

static inline void fill(uint32_t slots, uint32_t events)
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

static inline void fill_any(void)
{
	static const size_t sizes[] = { 4096, 8192, 20480, 24576 + 16, 65536 };
	size_t const size = sizes[t_below(&t.r, 5)];

	place(size);
	fill(t_chance(&t.r, 50) ? 4096 : 200,
	     t_below(&t.r, 3000));
}

static inline void check_space(void)
{
	for (uint32_t i = 0; i < CAPLOG_SLOTS_MAX; i++) {
		const struct caplog_cap *c = &space.cap[i];

		t_compare(c->kind, <=, CAPLOG_IRQ);
		t_compare(c->badge, <=, 0xffff);
		t_compare(c->other, <, CAPLOG_SLOTS_MAX);
		t_compare(c->stale, <=, 1);
		if (c->kind == CAPLOG_EMPTY)
			assert_int_equal(c->badge, 0);
	}
}

static inline int judge_any(void *ctx, uint32_t slot, const struct caplog_cap *cap,
                     struct caplog_diag *diag)
{
	(void)ctx, (void)cap, (void)diag;
	return slot % 7 ? CAPLOG_CAN : CAPLOG_DEAD;
}

static inline int visit(void *ctx, const struct caplog_event *e)
{
	t_compare(e->slot, <, CAPLOG_SLOTS_MAX);
	++*(uint32_t *)ctx;
	return 0;
}

/* A result is one of the contract's, and an error says what is wrong */
static inline void check_result(int err, const struct caplog_diag *diag, int with_space)
{
	if (err && err != -EAGAIN && err != -EINVAL && err != -EPROTONOSUPPORT && err != -ENOTSUP &&
	    (err != -EOVERFLOW || !with_space))
		fail_msg("%d is not an error that the reader may return", err);
	if (err) {
		assert_int_equal(diag->error, err);
		assert_non_null(memchr(diag->text, 0, sizeof diag->text));
		t_compare(strlen(diag->text), >, 10);
	}
}

static inline void check_bounded(void)
{
	/* 64 full readings of everything, and then some */
	t_compare(t.loads, <, 64u * (20 * t.size + 200000));
	t.loads = 0;
}

/* Plans are made and never executed */
static inline int make_none(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                            struct caplog_diag *diag)
{
	(void)ctx; (void)s; (void)badge; (void)diag;
	fail();
	return 0;
}

static inline int act_none(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	return make_none(ctx, s, NULL, diag);
}

static inline void undo_none(void *ctx, const struct caplog_plan_step *s)
{
	(void)make_none(ctx, s, NULL, NULL);
}

/* All that a monitor does with a log */
static inline int use_log(struct caplog_reader *r)
{
	static const struct caplog_ops ops = {
		.judge = judge_any, .thread = make_none, .object = make_none, .gate = make_none,
		.install = act_none, .attach = act_none, .badge = act_none, .registers = act_none,
		.start = act_none, .undo = undo_none
	};
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
	t_compare(n, <=, t.size / sizeof(struct caplog_record));
	assert_int_equal(caplog_reader_stat(r, &stat), 0);
	used = caplog_reader_map(r, &map);
	if (used && used != -ENOENT && used != -EINVAL)
		fail_msg("%d is not an error that caplog_reader_map may return", used);
	return err;
}

static inline int open_and_use(void)
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

static inline int setup(void **state)
{
	(void)state;
	t.area = mmap(NULL, AREA + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(t.area, MAP_FAILED);
	t.area += PAGE;
	return mprotect(t.area, AREA, PROT_READ | PROT_WRITE);
}

static inline int teardown(void **state)
{
	(void)state;
	return munmap(t.area - PAGE, AREA + 2 * PAGE);
}

static inline void begin(const char *name)
{
	t.r = t_seed(name);
	t.per_million = 0;
	t.loads = 0;
}

#endif
