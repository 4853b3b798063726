/* SPDX-License-Identifier: BSD-2-Clause */
#include "stock.h"

#include <string.h>

static int by_id(const struct stock_entry *a, const struct stock_entry *b)
{
	return (int)a->id - (int)b->id;
}

RB_GENERATE_INTERNAL(stock_tree, stock_entry, node, by_id, __attribute__((unused)) static)

void stock_init(struct stock *s, uint32_t first)
{
	memset(s, 0, sizeof *s);
	RB_INIT(&s->tree);
	s->first = first;
}

static struct stock_entry *find(struct stock *s, uint32_t badge)
{
	struct stock_entry key;

	key.id = (uint16_t)badge;
	return RB_FIND(stock_tree, &s->tree, &key);
}

static uint32_t slot_of(const struct stock *s, const struct stock_entry *e)
{
	return (uint32_t)(e - s->slot);
}

uint32_t stock_find(struct stock *s, uint32_t badge)
{
	const struct stock_entry *e = find(s, badge);

	return e ? slot_of(s, e) : CAPLOG_NONE;
}

uint32_t stock_alloc(struct stock *s, uint32_t n)
{
	for (uint32_t i = s->first, j = 0; i + n < CAPLOG_SLOTS_MAX; i += j + 1) {
		for (j = 0; j < n; j++)
			if (s->slot[i + j].id)
				break;
		if (j < n)
			continue;
		for (j = 0; j < n; j++) {
			s->slot[i + j].refs = 0;
			s->slot[i + j].id = CAPLOG_BADGE_NONE;
		}
		return i;
	}
	return CAPLOG_NONE;
}

void stock_free(struct stock *s, uint32_t slot, uint32_t n)
{
	for (uint32_t i = slot; i < slot + n; i++)
		s->slot[i].id = 0;
}

void stock_insert_at(struct stock *s, uint32_t badge, uint32_t slot)
{
	struct stock_entry *old = find(s, badge);

	if (old)
		RB_REMOVE(stock_tree, &s->tree, old);
	s->slot[slot].id = (uint16_t)badge;
	RB_INSERT(stock_tree, &s->tree, &s->slot[slot]);
}

uint32_t stock_insert_map(struct stock *s, uint32_t badge, uint32_t from,
                          const struct caplog_map_ops *ops)
{
	struct stock_entry *e = find(s, badge);
	uint32_t slot;

	if (e) {
		if (ops->equal(ops->ctx, slot_of(s, e), from))
			return slot_of(s, e);
		if (ops->valid(ops->ctx, slot_of(s, e)))
			return CAPLOG_NONE;
		RB_REMOVE(stock_tree, &s->tree, e);
	}
	slot = stock_alloc(s, 1);
	if (slot == CAPLOG_NONE)
		return CAPLOG_NONE;
	s->slot[slot].id = (uint16_t)badge;
	RB_INSERT(stock_tree, &s->tree, &s->slot[slot]);
	ops->grant(ops->ctx, from, slot);
	return slot;
}

void stock_remove(struct stock *s, uint32_t slot)
{
	struct stock_entry *e = &s->slot[slot];

	if (find(s, e->id) == e)
		RB_REMOVE(stock_tree, &s->tree, e);
	stock_free(s, slot, 1);
}

uint32_t linear_find(const struct linear *l, uint32_t badge)
{
	for (uint32_t i = l->first; i < l->end; i++)
		if (l->id[i] == badge)
			return i;
	return CAPLOG_NONE;
}
