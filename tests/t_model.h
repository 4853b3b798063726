/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plainest model that has the semantics of the stock classes of the cap map
 * (Genode 16.08 base-foc, cap_map.cc and cap_alloc.h), and of the kernel below
 */
#ifndef T_MODEL_H
#define T_MODEL_H

#include "t_log.h"
#include "t_map.h"

enum { SLOTS = CAPLOG_OWN(CORE_SLOTS), BUCKETS = 2048 };

static CAPLOG_MAP_STORAGE(SLOTS, BUCKETS) storage;

struct model {
	uint32_t count, first;
	caplog_badge id[SLOTS];  /* 0: unused; or CAPLOG_BADGE_NONE       */
	uint8_t  in_tree[SLOTS];
	uint16_t object[SLOTS];  /* what the kernel has there, 0: nothing */
	/* what the log must lead to */
	uint8_t  kind[SLOTS], stale[SLOTS];
	uint32_t logged[SLOTS];
};

/* A badge of the size that core hands out, as an entry holds it */
static inline caplog_badge narrow(uint32_t id)
{
	return (caplog_badge)(id & ((1u << t_flavour()->badge_bits) - 1));
}

static inline uint32_t model_find(const struct model *m, uint32_t id)
{
	for (uint32_t i = 0; i < m->count; i++)
		if (m->in_tree[i] && m->id[i] == narrow(id))
			return i;
	return CAPLOG_NONE;
}

static inline uint32_t model_alloc_range(struct model *m, uint32_t n)
{
	uint32_t run;

	for (uint32_t i = m->first; i + n < m->count; i += run + 1) {
		for (run = 0; run < n && !m->id[i + run]; run++);
		if (run < n)
			continue;
		for (uint32_t j = 0; j < n; j++)
			m->id[i + j] = CAPLOG_BADGE_NONE;
		return i;
	}
	return CAPLOG_NONE;
}

static inline void model_log(struct model *m, uint32_t slot, unsigned kind, uint32_t id)
{
	m->kind[slot] = (uint8_t)kind;
	m->stale[slot] = 0;
	m->logged[slot] = narrow(id);
}

static inline void model_free(struct model *m, uint32_t slot, uint32_t n)
{
	for (uint32_t i = slot; i < slot + n; i++) {
		m->id[i] = 0;
		m->in_tree[i] = 0;
		model_log(m, i, CAPLOG_EMPTY, 0);
	}
}

static inline void model_out_of_tree(struct model *m, uint32_t slot)
{
	m->in_tree[slot] = 0;
	m->stale[slot] = 1;
}

static inline void model_enter(struct model *m, uint32_t slot, uint32_t id, unsigned kind)
{
	m->id[slot] = narrow(id);
	m->in_tree[slot] = 1;
	model_log(m, slot, kind, id);
}

static inline void model_insert_at(struct model *m, uint32_t id, uint32_t slot, uint32_t old)
{
	if (old != CAPLOG_NONE && old != slot)
		model_out_of_tree(m, old);
	model_enter(m, slot, id, CAPLOG_PLACED);
}

static inline uint32_t model_insert_map(struct model *m, uint32_t id, uint32_t from, uint32_t old)
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
static inline int equal(void *ctx, uint32_t slot, uint32_t other)
{
	const struct model *m = ctx;
	return m->object[slot] && m->object[slot] == m->object[other];
}

static inline int valid(void *ctx, uint32_t slot)
{
	const struct model *m = ctx;
	return m->object[slot] != 0;
}

static inline void grant(void *ctx, uint32_t from, uint32_t to)
{
	struct model *m = ctx;

	m->object[to] = m->object[from];
	if (from != to)
		m->object[from] = 0;
}

#endif
