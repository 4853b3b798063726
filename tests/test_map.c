/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The flat map against a model of the stock classes
 *
 * The model is the plainest that has the stock semantics (cap_map.cc,
 * cap_map_remove.cc, cap_alloc.h of Genode 16.08): an array of entries that are
 * in the tree or not, and scans. Random operations go to both; every result,
 * every badge and, with the log on, the folded log must agree.
 */
#include "t_model.h"

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

/* The badges of a test: below 2^16, and from there to the width of the flavour */
static unsigned shift(void)
{
	return t_flavour()->badge_bits - 16u;
}

static uint32_t spread(uint32_t small)
{
	return small << shift();
}

/* Badges as core hands them out, few or many; or anything that fits an entry */
static uint32_t some_badge(struct run *run)
{
	if (t_chance(&run->r, 1))
		return 1 + t_below(&run->r, spread(0xffff) - 1);
	return spread(8 * (1 + t_below(&run->r, run->badges)));
}

/* What its sender forged: wider than any badge */
static uint32_t maybe_forged(struct run *run, uint32_t badge)
{
	return badge | (t_chance(&run->r, 5) ? ~0u << t_flavour()->badge_bits : 0);
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
	    run->m.id[found] != narrow(badge))
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
	uint32_t const badge = maybe_forged(run, some_badge(run));
	uint32_t const slot = some_slot(run), old = find_both(run, badge);

	assert_int_equal(caplog_map_insert_at(&run->map, badge, slot), 0);
	model_insert_at(&run->m, badge, slot, old);
	run->m.object[slot] = (uint16_t)t_below(&run->r, 20);
	assert_int_equal(caplog_map_insert_at(&run->map, badge, run->m.count), -EINVAL);
	assert_int_equal(caplog_map_insert_at(&run->map, badge, 0xffffffff), -EINVAL);
}

static void do_insert_map(struct run *run)
{
	uint32_t const badge = maybe_forged(run, some_badge(run));
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
		int const none = n < 1000 && t_chance(&run->r, 5);
		uint32_t const id = n == 1000 ? i : none ? CAPLOG_BADGE_NONE : some_badge(run);

		caplog_map_set_badge(&run->map, slot + i, id);
		run->m.id[slot + i] = none ? CAPLOG_BADGE_NONE : narrow(id);
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
		if (m->id[slot] != CAPLOG_BADGE_NONE)
			model_log(m, slot, CAPLOG_EMPTY, 0);
		m->id[slot] = narrow(badge);
	}
}

static void check_all(struct run *run)
{
	static uint8_t present[0x10000]; /* of the badges that spread has */
	uint32_t used = 0;

	memset(present, 0, sizeof present);

	for (uint32_t i = 0; i < run->m.count; i++) {
		used += run->m.id[i] != 0;
		if (run->map.badge[i] != run->m.id[i])
			fail_msg("slot 0x%x has badge 0x%x, expected 0x%x", i, run->map.badge[i], run->m.id[i]);
		if (run->m.in_tree[i] && spread(run->m.id[i] >> shift()) == run->m.id[i])
			present[run->m.id[i] >> shift()] = 1;
	}
	assert_int_equal(t_map_used(&run->map), used);
	for (uint32_t small = 0; small < 0x10000; small++) {
		uint32_t const badge = spread(small), slot = caplog_map_find(&run->map, badge);

		if (present[small] ? slot >= run->m.count || !run->m.in_tree[slot] ||
		                     run->m.id[slot] != badge : slot != CAPLOG_NONE)
			fail_msg("badge 0x%x (%s): found slot 0x%x", badge, present[small] ? "in the map" :
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
		uint32_t badge = spread(4 * (1 + (i * step) % 0x3ffe));

		if (!m->id[i] || m->id[i] == CAPLOG_BADGE_NONE || t_chance(&run->r, 30))
			continue;
		if (!m->in_tree[i] || t_chance(&run->r, 20))
			badge = t_chance(&run->r, 50) ? caplog_dead_badge(t_flavour(), i & 0xfff) : 0x1002;
		m->id[i] = run->map.badge[i] = narrow(badge);
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
		{ "core", CAPLOG_OWN(CORE_SLOTS), 0x200, 2048, 8000, 0, 0, { 10, 20, 3, 20, 40, 5, 1, 1 }, 100000 },
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_component),
		cmocka_unit_test(test_core),
		cmocka_unit_test(test_epochs),
		cmocka_unit_test(test_odd_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
