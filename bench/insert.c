/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reception of a new capability: tree and slot scan / flat map and log
 *
 * Two loads. `receive`: a few new capabilities on top of those that live, so
 * only the insertion is timed. `receive and drop`: one after the other, as the
 * short-lived capabilities of an RPC do, once with the low slots packed, once
 * with a hole in the lowest slot, where the scan ends at once.
 */
#include "world.h"

enum { NEW = 16, PAIRS = 256 };

/* The badges after the live ones are not in use */
static uint32_t fresh(const struct world *w, uint32_t i) { return w->absent[i]; }

static void stock_receive(void *ctx)
{
	struct world *w = ctx;

	for (uint32_t i = 0; i < NEW; i++)
		stock_insert_map(&w->stock, fresh(w, i), 0, &world_ops);
}

static void stock_drop(void *ctx)
{
	struct world *w = ctx;

	for (uint32_t i = 0; i < NEW; i++)
		if (w->stock.slot[w->first + w->live + i].id)
			stock_remove(&w->stock, w->first + w->live + i);
}

static void flat_receive(void *ctx)
{
	struct world *w = ctx;

	for (uint32_t i = 0; i < NEW; i++)
		caplog_map_insert_map(&w->map, fresh(w, i), 0, &world_ops, NULL);
}

static void flat_drop(void *ctx)
{
	struct world *w = ctx;

	for (uint32_t i = 0; i < NEW; i++)
		if (w->map.badge[w->first + w->live + i])
			caplog_map_remove(&w->map, w->first + w->live + i, 1);
}

static void stock_pairs(void *ctx)
{
	struct world *w = ctx;
	const uint16_t *key = world_keys(w, PAIRS);

	for (uint32_t i = 0; i < PAIRS; i++)
		stock_remove(&w->stock, stock_insert_map(&w->stock, key[i], 0, &world_ops));
}

static void flat_pairs(void *ctx)
{
	struct world *w = ctx;
	const uint16_t *key = world_keys(w, PAIRS);

	for (uint32_t i = 0; i < PAIRS; i++)
		caplog_map_remove(&w->map, caplog_map_insert_map(&w->map, key[i], 0, &world_ops, NULL), 1);
}

static void measure_receive(struct world *w, double target)
{
	struct bench_side const side[] = {
		{ stock_receive, stock_drop, w, NEW }, { flat_receive, flat_drop, w, NEW }
	};
	struct bench_result const r = bench_compare(side, 2);

	bench_row(BENCH_AT_LEAST, target, r.ratio[1], "x",
	          bench_text("receive a new capability, %u live", w->live),
	          bench_text("stock %.1f ns, flat with log %.1f ns; slots packed, %u to %u live",
	                     r.ns[0].median, r.ns[1].median, w->live, w->live + NEW));
	stock_drop(w);
	flat_drop(w);
}

static void measure_pairs(struct world *w, double target, const char *holes)
{
	struct bench_side const side[] = {
		{ stock_pairs, NULL, w, PAIRS }, { flat_pairs, NULL, w, PAIRS }
	};
	struct bench_result const r = bench_compare(side, 2);

	bench_row(BENCH_AT_LEAST, target, r.ratio[1], "x",
	          bench_text("receive and drop, %s, %u live", holes, w->live),
	          bench_text("stock %.1f ns, flat with log %.1f ns; two records", r.ns[0].median,
	                     r.ns[1].median));
}

void bench_insert(void)
{
	bench_heading("receive: tree and slot scan / flat map with log");
	for (unsigned i = 0; i < BENCH_SIZES; i++) {
		struct world *w = world_new(bench_live[i]);
		double const target = bench_live[i] == BENCH_LARGEST ? 3 : 1;

		bench_keys(w->key, w->absent, w->live);
		measure_receive(w, target);
		measure_pairs(w, target, "slots packed");
		stock_remove(&w->stock, w->first);
		caplog_map_remove(&w->map, w->first, 1);
		measure_pairs(w, 1, "lowest slot free");
		world_free(w);
	}
}


/*
 * Slots and windows alone
 */

enum { ALLOCS = 128 };

struct alloc_load {
	struct world *w;
	uint32_t n;
};

static void stock_allocs(void *ctx)
{
	struct alloc_load *l = ctx;

	for (unsigned i = 0; i < ALLOCS; i++)
		stock_free(&l->w->stock, stock_alloc(&l->w->stock, l->n), l->n);
}

static void flat_allocs(void *ctx)
{
	struct alloc_load *l = ctx;

	for (unsigned i = 0; i < ALLOCS; i++)
		caplog_map_free(&l->w->map, caplog_map_alloc(&l->w->map, l->n), l->n);
}

static void measure_alloc(struct world *w, uint32_t n, const char *what, const char *holes)
{
	struct alloc_load load = { w, n };
	struct bench_side const side[] = {
		{ stock_allocs, NULL, &load, ALLOCS }, { flat_allocs, NULL, &load, ALLOCS }
	};
	struct bench_result const r = bench_compare(side, 2);
	const char *name = bench_text("allocate + free %s, %u live", what, w->live);
	const char *about = bench_text("scan %.1f ns, bitmaps %.1f ns; %s",
	                               r.ns[0].median, r.ns[1].median, holes);

	if (w->live == BENCH_LARGEST)
		bench_row(BENCH_AT_LEAST, 10, r.ratio[1], "x", name, about);
	else
		bench_figure(r.ratio[1], "x", name, about);
}

void bench_alloc(void)
{
	bench_heading("slots: linear scan / bitmaps");
	for (unsigned i = 0; i < BENCH_SIZES; i++) {
		struct world *w = world_new(bench_live[i]);

		measure_alloc(w, 1, "a slot", "slots packed");
		measure_alloc(w, CAPLOG_WINDOW, "a window", "slots packed");
		world_free(w);
	}
	/* the best that a scan can meet: it ends where it begins */
	struct world *w = world_new(0);
	measure_alloc(w, 1, "a slot", "lowest slots free");
	measure_alloc(w, CAPLOG_WINDOW, "a window", "lowest slots free");
	world_free(w);
}
