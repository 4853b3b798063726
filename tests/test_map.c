/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The flat map against a model of the stock classes
 *
 * The model is the plainest that has the stock semantics (cap_map.cc,
 * cap_map_remove.cc, cap_alloc.h of Genode 16.08): an array of entries that are
 * in the tree or not, and scans. Random operations go to both; every result,
 * every badge and, with the log on, the folded log must agree.
 */
#include "t_log.h"
#include "t_map.h"

#include <caplog/map.h>

enum { SLOTS = 10240, BUCKETS = 2048 };

static CAPLOG_MAP_STORAGE(SLOTS, BUCKETS) storage;

struct model {
	uint32_t count, first;
	uint16_t id[SLOTS];      /* 0: unused, 0xffff: no badge           */
	uint8_t  in_tree[SLOTS];
	uint16_t object[SLOTS];  /* what the kernel has there, 0: nothing */
	/* what the log must lead to */
	uint8_t  kind[SLOTS], stale[SLOTS];
	uint16_t logged[SLOTS];
};

struct run {
	struct model      m;
	struct caplog_map map;
	struct caplog_map_ops ops;
	struct t_random   r;
	struct t_log      log;
	int               with_log;
	uint32_t          badges; /* different badges in use: few meet often */
	uint32_t          window[64], windows;
};

static struct caplog_space space;

static uint32_t model_find(const struct model *m, uint32_t id)
{
	for (uint32_t i = 0; i < m->count; i++)
		if (m->in_tree[i] && m->id[i] == (uint16_t)id)
			return i;
	return CAPLOG_NONE;
}

static uint32_t model_alloc_range(struct model *m, uint32_t n)
{
	uint32_t run;

	for (uint32_t i = m->first; i + n < m->count; i += run + 1) {
		for (run = 0; run < n && !m->id[i + run]; run++);
		if (run < n)
			continue;
		for (uint32_t j = 0; j < n; j++)
			m->id[i + j] = 0xffff;
		return i;
	}
	return CAPLOG_NONE;
}

static void model_log(struct model *m, uint32_t slot, unsigned kind, uint32_t id)
{
	m->kind[slot] = (uint8_t)kind;
	m->stale[slot] = 0;
	m->logged[slot] = (uint16_t)id;
}

static void model_free(struct model *m, uint32_t slot, uint32_t n)
{
	for (uint32_t i = slot; i < slot + n; i++) {
		m->id[i] = 0;
		m->in_tree[i] = 0;
		model_log(m, i, CAPLOG_EMPTY, 0);
	}
}

static void model_out_of_tree(struct model *m, uint32_t slot)
{
	m->in_tree[slot] = 0;
	m->stale[slot] = 1;
}

static void model_enter(struct model *m, uint32_t slot, uint32_t id, unsigned kind)
{
	m->id[slot] = (uint16_t)id;
	m->in_tree[slot] = 1;
	model_log(m, slot, kind, id);
}

static void model_insert_at(struct model *m, uint32_t id, uint32_t slot, uint32_t old)
{
	if (old != CAPLOG_NONE && old != slot)
		model_out_of_tree(m, old);
	model_enter(m, slot, id, CAPLOG_PLACED);
}

static uint32_t model_insert_map(struct model *m, uint32_t id, uint32_t from, uint32_t old)
{
	uint32_t slot;

	if (old != CAPLOG_NONE) {
		if (m->object[old] && m->object[old] == m->object[from])
			return old;
		if (m->object[old])
			return CAPLOG_NONE;
		model_out_of_tree(m, old);
	}
	slot = model_alloc_range(m, 1);
	if (slot != CAPLOG_NONE)
		model_enter(m, slot, id, CAPLOG_RECEIVED);
	return slot;
}

/* The kernel, as far as the map asks it */
static int equal(void *ctx, uint32_t slot, uint32_t other)
{
	const struct model *m = ctx;
	return m->object[slot] && m->object[slot] == m->object[other];
}

static int valid(void *ctx, uint32_t slot)
{
	const struct model *m = ctx;
	return m->object[slot] != 0;
}

static void grant(void *ctx, uint32_t from, uint32_t to)
{
	struct model *m = ctx;

	m->object[to] = m->object[from];
	if (from != to)
		m->object[from] = 0;
}

/* Badges as core hands them out, few or many; or anything that fits an entry */
static uint32_t some_badge(struct run *run)
{
	if (t_chance(&run->r, 1))
		return 1 + t_below(&run->r, 0xfffe);
	return 8 * (1 + t_below(&run->r, run->badges));
}

static uint32_t some_slot(struct run *run)
{
	return t_below(&run->r, t_chance(&run->r, 70) ? run->m.first + 64 < run->m.count ?
	               run->m.first + 64 : run->m.count : run->m.count);
}

/* Slot that the map finds, after checking that it is one that may be found */
static uint32_t find_both(struct run *run, uint32_t badge)
{
	uint32_t const found = caplog_map_find(&run->map, badge);
	uint32_t const expected = model_find(&run->m, badge);

	if (found == expected)
		return found;
	/* several entries may share a badge after a monitor's rewriting */
	if (found == CAPLOG_NONE || found >= run->m.count || !run->m.in_tree[found] ||
	    run->m.id[found] != (uint16_t)badge)
		fail_msg("badge 0x%x: found slot 0x%x, expected 0x%x", badge, found, expected);
	return found;
}

static void do_window(struct run *run)
{
	uint32_t slot;

	if (run->windows && (t_chance(&run->r, 60) || run->windows == 64)) {
		/* nested calls release in reverse order, threads in any */
		uint32_t const i = t_chance(&run->r, 80) ? run->windows - 1 : t_below(&run->r, run->windows);

		slot = run->window[i];
		run->window[i] = run->window[--run->windows];
		assert_int_equal(caplog_map_free(&run->map, slot, CAPLOG_WINDOW), 0);
		model_free(&run->m, slot, CAPLOG_WINDOW);
		return;
	}
	slot = caplog_map_alloc(&run->map, CAPLOG_WINDOW);
	assert_int_equal(slot, model_alloc_range(&run->m, CAPLOG_WINDOW));
	if (slot != CAPLOG_NONE)
		run->window[run->windows++] = slot;
}

static void do_range(struct run *run)
{
	static const uint32_t sizes[] = { 1, 1, 1, 2, 3, 4, 5, 8, 31, 32, 33, 63, 64, 65, 130, 1000 };
	uint32_t const n = sizes[t_below(&run->r, 16)];

	if (t_chance(&run->r, 45)) {
		uint32_t const slot = caplog_map_alloc(&run->map, n);
		assert_int_equal(slot, model_alloc_range(&run->m, n));
		return;
	}
	/* a run that may hold anything: windows, entries, nothing */
	uint32_t const slot = some_slot(run);
	int const err = caplog_map_free(&run->map, slot, n);
	assert_int_equal(err, slot + n <= run->m.count ? 0 : -EINVAL);
	if (!err)
		model_free(&run->m, slot, n);
}

static void do_insert(struct run *run)
{
	uint32_t const badge = some_badge(run);
	uint32_t slot;

	if (find_both(run, badge) != CAPLOG_NONE)
		return; /* the stock class asserts that there is none */
	slot = caplog_map_insert(&run->map, badge);
	assert_int_equal(slot, model_alloc_range(&run->m, 1));
	if (slot != CAPLOG_NONE)
		model_enter(&run->m, slot, badge, CAPLOG_PLACED);
}

static void do_insert_at(struct run *run)
{
	uint32_t const badge = some_badge(run) | (t_chance(&run->r, 5) ? 0xabcd0000u : 0);
	uint32_t const slot = some_slot(run), old = find_both(run, badge);

	assert_int_equal(caplog_map_insert_at(&run->map, badge, slot), 0);
	model_insert_at(&run->m, badge, slot, old);
	run->m.object[slot] = (uint16_t)t_below(&run->r, 20);
	assert_int_equal(caplog_map_insert_at(&run->map, badge, run->m.count), -EINVAL);
	assert_int_equal(caplog_map_insert_at(&run->map, badge, 0xffffffff), -EINVAL);
}

static void do_insert_map(struct run *run)
{
	uint32_t const badge = some_badge(run) | (t_chance(&run->r, 5) ? 0xffff0000u : 0);
	uint32_t const old = find_both(run, badge);
	uint32_t const from = run->windows ? run->window[run->windows - 1] + t_below(&run->r, 4)
	                                   : some_slot(run);
	uint32_t slot, expected;
	int fresh = -1;

	/* the same object, one that died, or another one */
	run->m.object[from] = (uint16_t)(1 + t_below(&run->r, 20));
	if (old != CAPLOG_NONE && old != from) {
		if (t_chance(&run->r, 40))
			run->m.object[from] = run->m.object[old];
		else if (t_chance(&run->r, 60))
			run->m.object[old] = 0;
	}
	expected = model_insert_map(&run->m, badge, from, old);
	slot = caplog_map_insert_map(&run->map, badge, from, &run->ops, &fresh);
	if (slot != expected)
		fail_msg("insert_map badge 0x%x: slot 0x%x, expected 0x%x", badge, slot, expected);
	if (fresh != (expected != CAPLOG_NONE && expected != old))
		fail_msg("insert_map badge 0x%x: slot 0x%x (known at 0x%x) reported as %s", badge, slot,
		         old, fresh ? "new" : "known");
}

static void do_remove(struct run *run)
{
	uint32_t const badge = some_badge(run);
	uint32_t slot = find_both(run, badge);

	if (slot == CAPLOG_NONE || t_chance(&run->r, 20))
		slot = some_slot(run); /* an entry that the index may not know */
	assert_int_equal(caplog_map_remove(&run->map, slot, (int)t_below(&run->r, 2)), 0);
	model_free(&run->m, slot, 1);
	assert_int_equal(caplog_map_remove(&run->map, run->m.count, 0), -EINVAL);
}

/* Ids by hand, as cap_integrity does it: a run, and then entry by entry */
static void do_ids_by_hand(struct run *run)
{
	uint32_t const n = t_chance(&run->r, 5) ? 1000 : 1 + t_below(&run->r, 8);
	uint32_t const slot = caplog_map_alloc(&run->map, n);

	assert_int_equal(slot, model_alloc_range(&run->m, n));
	if (slot == CAPLOG_NONE)
		return;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t const id = n == 1000 ? i : some_badge(run);

		caplog_map_set_badge(&run->map, slot + i, id);
		run->m.id[slot + i] = (uint16_t)id;
		if (t_chance(&run->r, 70)) {
			assert_int_equal(caplog_map_remove(&run->map, slot + i, 1), 0);
			model_free(&run->m, slot + i, 1);
		}
	}
}

/* An id by hand for an entry that may be in the tree: found by the new one */
static void do_set_badge(struct run *run)
{
	uint32_t const slot = some_slot(run);
	uint32_t const badge = t_chance(&run->r, 20) ? 0 : some_badge(run);
	struct model *m = &run->m;

	if (badge && find_both(run, badge) != CAPLOG_NONE)
		return;
	caplog_map_set_badge(&run->map, slot, badge);
	if (m->id[slot] == badge)
		return;
	if (m->in_tree[slot] && badge) {
		model_enter(m, slot, badge, CAPLOG_PLACED);
	} else {
		m->in_tree[slot] = 0;
		if (m->id[slot] != 0xffff)
			model_log(m, slot, CAPLOG_EMPTY, 0);
		m->id[slot] = (uint16_t)badge;
	}
}

static void check_all(struct run *run)
{
	static uint8_t present[0x10000];
	uint32_t used = 0;

	memset(present, 0, sizeof present);

	for (uint32_t i = 0; i < run->m.count; i++) {
		used += run->m.id[i] != 0;
		if (run->map.badge[i] != run->m.id[i])
			fail_msg("slot 0x%x has badge 0x%x, expected 0x%x", i, run->map.badge[i], run->m.id[i]);
		if (run->m.in_tree[i])
			present[run->m.id[i]] = 1;
	}
	assert_int_equal(t_map_used(&run->map), used);
	for (uint32_t badge = 0; badge < 0x10000; badge++) {
		uint32_t const slot = caplog_map_find(&run->map, badge);

		if (present[badge] ? slot >= run->m.count || !run->m.in_tree[slot] ||
		                     run->m.id[slot] != badge : slot != CAPLOG_NONE)
			fail_msg("badge 0x%x (%s): found slot 0x%x", badge, present[badge] ? "in the map" :
			         "not in the map", slot);
	}
}

/* The folded log is the map */
static void check_log(struct run *run)
{
	struct caplog_diag diag = { 0, "" };

	if (t_read_fresh(run->log.bytes, run->log.size, &space, &diag))
		fail_msg("%s", diag.text);
	for (uint32_t i = 0; i < run->m.count; i++) {
		const struct caplog_cap *c = &space.cap[i];

		if (c->kind != run->m.kind[i] || (c->kind && (c->stale != run->m.stale[i] ||
		                                              c->badge != run->m.logged[i])))
			fail_msg("log, slot 0x%x: kind %u badge 0x%x stale %u, expected %u 0x%x %u", i, c->kind,
			         c->badge, c->stale, run->m.kind[i], run->m.logged[i], run->m.stale[i]);
	}
}

/*
 * What a restore does: other badges in the array, one more in the epoch word.
 * Entries whose object is dead may share one badge, or have one of their own.
 */
static void rewrite_badges(struct run *run)
{
	struct model *m = &run->m;
	uint32_t const step = 1 + 2 * t_below(&run->r, 500);

	for (uint32_t i = 0; i < m->count; i++) {
		uint32_t badge = 4 * (1 + (i * step) % 0x3ffe);

		if (!m->id[i] || m->id[i] == 0xffff || t_chance(&run->r, 30))
			continue;
		if (!m->in_tree[i] || t_chance(&run->r, 20))
			badge = t_chance(&run->r, 50) ? caplog_dead_badge(t_flavour(), i & 0xfff) : 0x1002;
		m->id[i] = run->map.badge[i] = (uint16_t)badge;
	}
	run->map.epoch++;
}

struct load {
	const char *name;
	uint32_t count, first, buckets, badges;
	int      with_log, epochs;
	/* weights of operations, in the order of the switch below */
	uint8_t  weight[8];
	uint64_t turns;
};

static void step(struct run *run, const struct load *l)
{
	uint32_t total = 0, pick;
	unsigned op = 0;

	for (unsigned i = 0; i < 8; i++)
		total += l->weight[i];
	for (pick = t_below(&run->r, total); pick >= l->weight[op]; op++)
		pick -= l->weight[op];
	switch (op) {
	case 0: do_window(run); break;
	case 1: do_insert_map(run); break;
	case 2: do_insert_at(run); break;
	case 3: do_remove(run); break;
	case 4: do_insert(run); break;
	case 5: do_range(run); break;
	case 6: do_ids_by_hand(run); break;
	case 7: do_set_badge(run); break;
	}
}

static void run_load(const struct load *l)
{
	struct run *run = t_alloc(sizeof *run);
	uint64_t const turns = t_turns(l->turns);

	run->r = t_seed(l->name);
	run->m.count = l->count;
	run->m.first = l->first;
	run->badges = l->badges;
	run->with_log = l->with_log;
	run->ops = (struct caplog_map_ops){ equal, valid, grant, &run->m };
	memset(&storage, 0xa5, sizeof storage);
	CAPLOG_MAP_BIND(&run->map, &storage);
	if (l->with_log)
		t_log_open(&run->log, 262144);
	caplog_map_init(&run->map, l->count, l->first, l->buckets,
	                l->with_log ? &run->log.writer : NULL);
	for (uint64_t i = 0; i < turns; i++) {
		step(run, l);
		if (t_below(&run->r, 64) == 0)
			find_both(run, t_chance(&run->r, 50) ? some_badge(run) : (uint32_t)t_next(&run->r));
		if (l->epochs && t_below(&run->r, 500) == 0) {
			rewrite_badges(run);
			if (t_chance(&run->r, 50))
				check_all(run);
		}
		if (t_below(&run->r, (uint32_t)(turns / 40) + 1) == 0) {
			check_all(run);
			if (l->with_log)
				check_log(run);
		}
	}
	check_all(run);
	if (l->with_log) {
		check_log(run);
		t_log_close(&run->log);
	}
	free(run);
}

static void test_component(void **state)
{
	static const struct load loads[] = {
		{ "component", 4096, 0x200, 2048, 400, 1, 0, { 30, 30, 3, 27, 3, 5, 1, 1 }, 400000 },
		{ "component, many", 4096, 0x200, 2048, 8000, 1, 0, { 10, 60, 3, 20, 3, 1, 1, 1 }, 150000 },
		{ "component, few badges", 4096, 0x200, 2048, 12, 1, 0, { 20, 40, 10, 20, 3, 5, 0, 3 }, 500000 },
		{ "component, full", 4096, 0x200, 2048, 8000, 1, 0, { 20, 60, 2, 12, 3, 0, 1, 1 }, 150000 },
		{ "component, windows", 4096, 0x200, 2048, 50, 1, 0, { 80, 10, 0, 10, 0, 0, 0, 0 }, 500000 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof loads / sizeof *loads; i++)
		run_load(&loads[i]);
}

static void test_core(void **state)
{
	static const struct load loads[] = {
		{ "core", 10240, 0x200, 2048, 8000, 0, 0, { 10, 20, 3, 20, 40, 5, 1, 1 }, 100000 },
		{ "core, one bucket", 10240, 0x200, 1, 300, 0, 0, { 10, 20, 3, 20, 40, 5, 1, 1 }, 60000 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof loads / sizeof *loads; i++)
		run_load(&loads[i]);
}

static void test_epochs(void **state)
{
	static const struct load loads[] = {
		{ "epochs", 4096, 0x200, 2048, 400, 0, 1, { 20, 40, 3, 25, 5, 2, 1, 1 }, 150000 },
		{ "epochs, many", 4096, 0x200, 2048, 8000, 0, 1, { 10, 60, 3, 20, 5, 1, 1, 1 }, 100000 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof loads / sizeof *loads; i++)
		run_load(&loads[i]);
}

/* Spaces whose ends do not fall on the bounds of words */
static void test_odd_sizes(void **state)
{
	static const uint32_t sizes[][2] = {
		{ 1, 0 }, { 2, 0 }, { 5, 0 }, { 6, 1 }, { 63, 0 }, { 64, 0 }, { 65, 0 }, { 66, 60 },
		{ 68, 61 }, { 100, 7 }, { 127, 64 }, { 128, 63 }, { 129, 64 }, { 192, 62 }, { 193, 129 },
		{ 1000, 999 }, { 1000, 1000 }, { 1000, 1200 }, { 4097, 4000 }, { 4160, 0x200 }
	};

	(void)state;
	for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct load const l = { "odd sizes", sizes[i][0], sizes[i][1], 16, 40, 0, 0,
		                        { 25, 25, 3, 20, 15, 8, 2, 2 }, 10000 };
		run_load(&l);
	}
}

static struct caplog_map map;

static void empty_map(uint32_t count, uint32_t first)
{
	memset(&storage, 0, sizeof storage);
	CAPLOG_MAP_BIND(&map, &storage);
	caplog_map_init(&map, count, first, BUCKETS, NULL);
}

/* The last slot is never handed out by a scan, and full is full */
static void test_exhausted(void **state)
{
	(void)state;
	empty_map(4096, 0x200);
	for (uint32_t slot = 0x200; slot < 4095; slot++)
		assert_int_equal(caplog_map_alloc(&map, 1), slot);
	assert_int_equal(caplog_map_alloc(&map, 1), CAPLOG_NONE);
	assert_int_equal(caplog_map_alloc(&map, 4), CAPLOG_NONE);
	assert_int_equal(caplog_map_insert(&map, 0x40), CAPLOG_NONE);
	assert_int_equal(caplog_map_find(&map, 0x40), CAPLOG_NONE);
	assert_int_equal(caplog_map_insert_at(&map, 0x40, 4095), 0);
	assert_int_equal(caplog_map_find(&map, 0x40), 4095);
	assert_int_equal(caplog_map_free(&map, 4091, 4), 0);
	assert_int_equal(caplog_map_alloc(&map, 4), 4091);

	/* sizes that wrap */
	empty_map(4096, 0x200);
	assert_int_equal(caplog_map_alloc(&map, 0), CAPLOG_NONE);
	assert_int_equal(caplog_map_alloc(&map, 4096), CAPLOG_NONE);
	assert_int_equal(caplog_map_alloc(&map, 0xffffffff), CAPLOG_NONE);
	assert_int_equal(caplog_map_alloc(&map, 4095 - 0x200 + 1), CAPLOG_NONE);
	assert_int_equal(caplog_map_alloc(&map, 4095 - 0x200), 0x200);
	assert_int_equal(caplog_map_free(&map, 0x200, 0xffffffff), -EINVAL);
	assert_int_equal(caplog_map_free(&map, 4096, 1), -EINVAL);
	assert_int_equal(caplog_map_free(&map, 4000, 97), -EINVAL);
	assert_int_equal(caplog_map_free(&map, 0x200, 0), -EINVAL);
	assert_int_equal(t_map_used(&map), 4095 - 0x200);
}

/* Windows and repeated receptions write nothing */
static void test_quiet(void **state)
{
	struct model *m = t_alloc(sizeof *m);
	struct caplog_map_ops const ops = { equal, valid, grant, m };
	struct t_log log;

	(void)state;
	t_log_open(&log, 65536);
	CAPLOG_MAP_BIND(&map, &storage);
	caplog_map_init(&map, 4096, 0x200, BUCKETS, &log.writer);
	m->object[0x300] = 7;
	assert_int_equal(caplog_map_insert_map(&map, 0x40, 0x300, &ops, NULL), 0x200);
	assert_int_equal(t_head(&log)->head_lo, 1);
	for (unsigned i = 0; i < 1000; i++) {
		uint32_t const window = caplog_map_alloc(&map, 4);

		m->object[window] = 7;
		assert_int_equal(caplog_map_insert_map(&map, 0x40, window, &ops, NULL), 0x200);
		m->object[window] = 9; /* a forgery */
		assert_int_equal(caplog_map_insert_map(&map, 0x40, window, &ops, NULL), CAPLOG_NONE);
		assert_int_equal(caplog_map_free(&map, window, 4), 0);
	}
	assert_int_equal(t_head(&log)->head_lo, 1);
	t_log_close(&log);
	free(m);
}

/* A badge that core never hands out, another one for each slot */
static void test_dead_badges(void **state)
{
	uint8_t *taken = t_alloc(0x10000);

	(void)state;
	for (uint32_t slot = 0; slot < t_flavour()->slot_count; slot++) {
		uint32_t const badge = caplog_dead_badge(t_flavour(), slot);

		assert_true(badge > 1 && badge < 0xffff && badge % t_flavour()->badge_step);
		assert_false(taken[badge]);
		taken[badge] = 1;
	}
	free(taken);
}

/* After a rewriting any call may be the first, and finds entries by their new badges */
static void test_first_call_after_rewriting(void **state)
{
	struct model *m = t_alloc(sizeof *m);
	struct caplog_map_ops const ops = { equal, valid, grant, m };

	(void)state;
	for (unsigned call = 0; call < 8; call++) {
		uint32_t slot = 0x240, badge = 0x4000 + 8 * 0x40, live = 0x80, removed = CAPLOG_NONE;

		empty_map(4096, 0x200);
		for (uint32_t i = 0; i < live; i++)
			assert_int_equal(caplog_map_insert(&map, 8 * (i + 1)), 0x200 + i);
		for (uint32_t i = 0; i < live; i++)
			map.badge[0x200 + i] = (uint16_t)(0x4000 + 8 * i);
		map.epoch++;
		memset(m->object, 0, sizeof m->object);
		switch (call) {
		case 0: assert_int_equal(caplog_map_remove(&map, slot, 1), 0); removed = slot; break;
		case 1: assert_int_equal(caplog_map_free(&map, slot, 1), 0); removed = slot; break;
		case 2: caplog_map_set_badge(&map, slot, 0); removed = slot; break;
		case 3:
			caplog_map_set_badge(&map, slot, 0x9000);
			assert_int_equal(caplog_map_find(&map, 0x9000), slot);
			removed = slot;
			break;
		case 4:
			assert_int_equal(caplog_map_insert_at(&map, badge, 0x300), 0);
			assert_int_equal(caplog_map_find(&map, badge), 0x300);
			/* the one before is stale: it does not come back */
			assert_int_equal(caplog_map_remove(&map, 0x300, 1), 0);
			removed = slot;
			break;
		case 5:
			assert_int_equal(caplog_map_insert_at(&map, 0x9000, slot), 0);
			assert_int_equal(caplog_map_find(&map, 0x9000), slot);
			removed = slot;
			break;
		case 6:
			m->object[slot] = m->object[0x400] = 7;
			assert_int_equal(caplog_map_insert_map(&map, badge, 0x400, &ops, NULL), slot);
			break;
		case 7:
			assert_int_equal(caplog_map_insert(&map, 0x9000), 0x200 + live);
			assert_int_equal(caplog_map_find(&map, 0x9000), 0x200 + live);
			break;
		}
		assert_int_equal(caplog_map_find(&map, 0), CAPLOG_NONE);
		for (uint32_t i = 0; i < live; i++) {
			assert_int_equal(caplog_map_find(&map, 8 * (i + 1)), CAPLOG_NONE);
			if (0x200 + i != removed)
				assert_int_equal(caplog_map_find(&map, 0x4000 + 8 * i), 0x200 + i);
			else
				assert_int_equal(caplog_map_find(&map, 0x4000 + 8 * i), CAPLOG_NONE);
		}
		/* and so it is once the index is built again */
		map.epoch++;
		assert_int_equal(caplog_map_find(&map, 0), CAPLOG_NONE);
		assert_int_equal(caplog_map_find(&map, 8), CAPLOG_NONE);
	}
	free(m);
}

/* The epoch is a number that comes round, and nothing else */
static void test_epoch_wraps(void **state)
{
	(void)state;
	empty_map(4096, 0x200);
	map.epoch = map.indexed_epoch = 0xffffffff;
	assert_int_equal(caplog_map_insert(&map, 0x40), 0x200);
	map.badge[0x200] = 0x48;
	map.epoch++;
	assert_int_equal(caplog_map_find(&map, 0x40), CAPLOG_NONE);
	assert_int_equal(caplog_map_find(&map, 0x48), 0x200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_component),
		cmocka_unit_test(test_core),
		cmocka_unit_test(test_epochs),
		cmocka_unit_test(test_odd_sizes),
		cmocka_unit_test(test_exhausted),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_dead_badges),
		cmocka_unit_test(test_first_call_after_rewriting),
		cmocka_unit_test(test_epoch_wraps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
