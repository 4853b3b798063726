/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the flat map is measured against
 *
 * The cap map as Genode 16.08 has it: entries in an array whose index is the
 * slot, a balanced tree over them by badge, first fit by walking the array.
 * The tree is the red-black one of libbsd's sys/tree.h. And the plain array
 * without a tree, as once proposed on Genode's mailing list.
 *
 * Source of the algorithms: Genode 16.08, repos/base-foc, cap_map.cc and
 * cap_alloc.h (first fit that restarts after each slot in use).
 */
#ifndef BENCH_STOCK_H
#define BENCH_STOCK_H

#include <bsd/sys/tree.h>

#include <caplog/map.h>

struct stock_entry {
	RB_ENTRY(stock_entry) node;
	uint8_t  refs;
	caplog_badge id;         /* 0 unused, CAPLOG_BADGE_NONE without a badge */
};

RB_HEAD(stock_tree, stock_entry);

struct stock {
	struct stock_tree  tree;
	uint32_t           first;
	struct stock_entry slot[CAPLOG_SLOTS_MAX];
};

void     stock_init(struct stock *s, uint32_t first);
uint32_t stock_find(struct stock *s, uint32_t badge);
uint32_t stock_alloc(struct stock *s, uint32_t n);
void     stock_free(struct stock *s, uint32_t slot, uint32_t n);
void     stock_insert_at(struct stock *s, uint32_t badge, uint32_t slot);
uint32_t stock_insert_map(struct stock *s, uint32_t badge, uint32_t from,
                          const struct caplog_map_ops *ops);
void     stock_remove(struct stock *s, uint32_t slot);

/* Badges only, as dense as they can lie */
struct linear {
	uint16_t id[CAPLOG_SLOTS_MAX];
	uint32_t first, end;     /* slots in use lie in between */
};

uint32_t linear_find(const struct linear *l, uint32_t badge);

#endif
