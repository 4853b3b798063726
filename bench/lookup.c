/* SPDX-License-Identifier: BSD-2-Clause */
/* Lookup of a badge: tree, flat map, plain array */
#include "world.h"

enum { LOOKUPS = 512 };

static void in_stock(void *ctx)
{
	struct world *w = ctx;
	const uint16_t *key = world_keys(w, LOOKUPS);

	for (uint32_t i = 0; i < LOOKUPS; i++)
		bench_use(stock_find(&w->stock, key[i]));
}

static void in_flat(void *ctx)
{
	struct world *w = ctx;
	const uint16_t *key = world_keys(w, LOOKUPS);

	for (uint32_t i = 0; i < LOOKUPS; i++)
		bench_use(caplog_map_find(&w->map, key[i]));
}

static void in_linear(void *ctx)
{
	struct world *w = ctx;
	const uint16_t *key = world_keys(w, LOOKUPS);

	for (uint32_t i = 0; i < LOOKUPS; i++)
		bench_use(linear_find(&w->linear, key[i]));
}

static void measure(uint32_t live, int present)
{
	struct world *w = world_new(live);
	const char *what = present ? "present" : "absent";
	struct bench_side const side[] = {
		{ in_stock, NULL, w, LOOKUPS }, { in_flat, NULL, w, LOOKUPS },
		{ in_linear, NULL, w, LOOKUPS }
	};

	bench_keys(w->key, present ? w->badge : w->absent, live);
	struct bench_result const r = bench_compare(side, 3);

	bench_row(BENCH_AT_LEAST, 2, r.ratio[1], "x",
	          bench_text("lookup, %s, %u live", what, live),
	          bench_text("tree %.1f ns, flat %.1f ns; random badges, slots packed",
	                     r.ns[0].median, r.ns[1].median));
	bench_figure(r.ratio[2], "x", bench_text("plain array, lookup, %s, %u live", what, live),
	             bench_text("tree %.1f ns, array %.1f ns: below 1 the array is slower",
	                        r.ns[0].median, r.ns[2].median));
	world_free(w);
}

void bench_lookup(void)
{
	bench_heading("lookup: balanced tree / flat map");
	for (unsigned i = 0; i < BENCH_SIZES; i++) {
		measure(bench_live[i], 1);
		measure(bench_live[i], 0);
	}
}
