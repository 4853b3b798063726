/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include <stdlib.h>

static int no_equal(void *ctx, uint32_t a, uint32_t b)
{
	(void)ctx;
	return a == b;
}

static int no_valid(void *ctx, uint32_t slot)
{
	(void)ctx;
	(void)slot;
	return 0;
}

static void no_grant(void *ctx, uint32_t from, uint32_t to)
{
	(void)ctx;
	(void)from;
	(void)to;
}

const struct caplog_map_ops world_ops = { no_equal, no_valid, no_grant, NULL };

struct world *world_new(uint32_t live)
{
	const struct caplog_flavour *f = caplog_flavours(NULL);
	struct caplog_format const format = { .flavour = f };
	struct world *w = calloc(1, sizeof *w);

	if (!w || posix_memalign((void **)&w->log, 4096, WORLD_LOG) ||
	    caplog_format(w->log, WORLD_LOG, &format) ||
	    caplog_writer_attach(&w->writer, w->log))
		abort();
	CAPLOG_MAP_BIND(&w->map, &w->storage);
	caplog_map_init(&w->map, CAPLOG_SLOTS_MAX, f->user_base, WORLD_BUCKETS, &w->writer);
	stock_init(&w->stock, f->user_base);
	w->live  = live;
	w->first = w->linear.first = f->user_base;
	w->linear.end = w->first + live;
	bench_badges(w->badge, live, w->absent);
	for (uint32_t i = 0; i < live; i++) {
		uint32_t const slot = caplog_map_insert_map(&w->map, w->badge[i], 0, &world_ops, NULL);

		if (slot != w->first + i ||
		    stock_insert_map(&w->stock, w->badge[i], 0, &world_ops) != slot)
			abort();
		w->linear.id[slot] = w->badge[i];
	}
	return w;
}

void world_free(struct world *w)
{
	free(w->log);
	free(w);
}
