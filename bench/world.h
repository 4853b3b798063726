/* SPDX-License-Identifier: BSD-2-Clause */
/* The same live capabilities in a flat map with a log, in a stock map, in an array */
#ifndef BENCH_WORLD_H
#define BENCH_WORLD_H

#include "bench.h"
#include "stock.h"

enum { WORLD_BUCKETS = 2048, WORLD_LOG = 64 * 1024 };

struct world {
	struct caplog_map    map;
	struct caplog_writer writer;
	CAPLOG_MAP_STORAGE(CAPLOG_SLOTS_MAX, WORLD_BUCKETS) storage;
	struct stock         stock;
	struct linear        linear;
	uint8_t             *log;
	uint32_t             live, first;
	caplog_badge         badge[CAPLOG_SLOTS_MAX], absent[CAPLOG_SLOTS_MAX];
	uint16_t             key[BENCH_KEYS];
	uint32_t             at;  /* next key */
};

/* `live` capabilities, packed from the first slot up; NULL ops act on nothing */
struct world *world_new(uint32_t live);
void world_free(struct world *w);

/* The next n keys; wraps before the end */
static inline const uint16_t *world_keys(struct world *w, uint32_t n)
{
	if (w->at + n > BENCH_KEYS)
		w->at = 0;
	w->at += n;
	return &w->key[w->at - n];
}

/* Kernel operations that cost the same for all maps: a call each */
extern const struct caplog_map_ops world_ops;

#endif
