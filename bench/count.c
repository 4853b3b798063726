/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hot paths one at a time, for callgrind: instructions.sh reports it within
 * which function to count, so what is around the call does not matter
 */
#include <string.h>

#include "world.h"

static void receive_drop(struct world *w, uint32_t i)
{
	caplog_map_remove(&w->map, caplog_map_insert_map(&w->map, w->absent[i], 0, &world_ops, NULL), 1);
	stock_remove(&w->stock, stock_insert_map(&w->stock, w->absent[i], 0, &world_ops));
}

/* Received again: equal says so, since the receive slot is the entry's own */
static void known(struct world *w, uint32_t i)
{
	caplog_map_insert_map(&w->map, w->badge[i], w->first + i, &world_ops, NULL);
	stock_insert_map(&w->stock, w->badge[i], w->first + i, &world_ops);
}

static void present(struct world *w, uint32_t i)
{
	bench_use(caplog_map_find(&w->map, w->badge[i]));
	bench_use(stock_find(&w->stock, w->badge[i]));
}

static void absent(struct world *w, uint32_t i)
{
	bench_use(caplog_map_find(&w->map, w->absent[i]));
	bench_use(stock_find(&w->stock, w->absent[i]));
}

static void window(struct world *w, uint32_t i)
{
	(void)i;
	caplog_map_free(&w->map, caplog_map_alloc(&w->map, CAPLOG_WINDOW), CAPLOG_WINDOW);
	stock_free(&w->stock, stock_alloc(&w->stock, CAPLOG_WINDOW), CAPLOG_WINDOW);
}

static void append(struct world *w, uint32_t i)
{
	caplog_append(&w->writer, i % 2 ? CAPLOG_REMOVE : CAPLOG_INSERT_MAP, w->first + i / 2, 8, 0, 1);
}

int bench_count(const char *name, uint32_t live, uint32_t n)
{
	static const struct {
		const char *name;
		void (*run)(struct world *w, uint32_t i);
	} paths[] = {
		{ "receive-drop", receive_drop }, { "known", known }, { "present", present },
		{ "absent", absent }, { "window", window }, { "append", append }
	};

	for (unsigned p = 0; p < sizeof paths / sizeof paths[0]; p++) {
		if (strcmp(name, paths[p].name))
			continue;
		struct world *w = world_new(live);
		for (uint32_t i = 0; i < n; i++)
			paths[p].run(w, i % live);
		world_free(w);
		return 0;
	}
	return -1;
}
