/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/diag.h>
#include <caplog/space.h>

void caplog_space_init(struct caplog_space *space, const struct caplog_flavour *flavour,
                       uint32_t word_bytes)
{
	space->flavour    = flavour;
	space->word_bytes = word_bytes;
	for (uint32_t i = 0; i < CAPLOG_SLOTS_MAX; i++) {
		volatile struct caplog_cap *c = &space->cap[i]; /* no call of memset */
		c->badge = 0;
		c->other = 0;
		c->kind  = CAPLOG_EMPTY;
		c->stale = 0;
		c->version = 0;
		*(volatile uint64_t *)&space->a[i] = 0;
		*(volatile uint64_t *)&space->b[i] = 0;
	}
	for (uint32_t w = 0; w < CAPLOG_SLOTS_MAX / 32; w++)
		*(volatile uint32_t *)&space->changed[w] = ~(uint32_t)0;
}

int caplog_fold(struct caplog_space *space, const struct caplog_event *e)
{
	const struct caplog_flavour *f = space->flavour;

	if (e->kind == CAPLOG_NO_EVENT || e->kind > CAPLOG_IRQ_DETACH ||
	    e->slot >= f->slot_count || e->badge >> f->badge_bits)
		return CAPLOG_EINVAL;
	if ((e->kind == CAPLOG_RPC_ALLOC || e->kind == CAPLOG_IRQ_ATTACH) &&
	    e->other >= f->slot_count)
		return CAPLOG_EINVAL;
	if (e->kind == CAPLOG_INSERT_MAP && e->from >= f->slot_count)
		return CAPLOG_EINVAL;

	caplog_step(&space->cap[e->slot], e->kind, e->badge, e->other);
	space->cap[e->slot].version = e->version;
	space->changed[e->slot / 32] |= 1u << e->slot % 32;
	if (e->kind == CAPLOG_THREAD_START || e->kind == CAPLOG_IRQ_ATTACH) {
		space->a[e->slot] = e->a;
		space->b[e->slot] = e->b;
	}
	return 0;
}

void caplog_space_census(const struct caplog_space *space, struct caplog_census *n)
{
	volatile uint32_t *all = (uint32_t *)(void *)n; /* no call of memset */

	for (unsigned i = 0; i < sizeof *n / sizeof *all; i++)
		all[i] = 0;
	for (uint32_t i = 0; i < space->flavour->slot_count; i++) {
		const struct caplog_cap *c = &space->cap[i];

		n->tombstones += c->kind == CAPLOG_TOMBSTONE;
		n->stale      += c->kind != CAPLOG_EMPTY && c->kind != CAPLOG_TOMBSTONE && c->stale;
		if (c->kind == CAPLOG_EMPTY || c->kind == CAPLOG_TOMBSTONE || c->stale)
			continue;
		n->live++;
		n->threads  += c->kind == CAPLOG_THREAD;
		n->rpc      += c->kind == CAPLOG_RPC;
		n->irqs     += c->kind == CAPLOG_IRQ;
		n->received += c->kind == CAPLOG_RECEIVED;
		n->placed   += c->kind == CAPLOG_PLACED;
	}
}

const char *caplog_kind_name(unsigned kind)
{
	switch (kind) {
#define X(num, id, name) case CAPLOG_##id: return name;
	CAPLOG_KINDS(X)
#undef X
	default: return NULL;
	}
}

const char *caplog_event_name(unsigned kind)
{
	switch (kind) {
#define X(num, id, name) case CAPLOG_##id: return #name;
	CAPLOG_EVENTS(X)
#undef X
	default: return NULL;
	}
}

const char *caplog_slot_name(const struct caplog_space *space, uint32_t slot)
{
	const struct caplog_cap *c = &space->cap[slot];

	if (c->kind == CAPLOG_PLACED && slot == space->flavour->parent_slot)
		return "parent";
	if (c->kind == CAPLOG_PLACED && slot == space->flavour->thread_base)
		return "thread";
	return caplog_kind_name(c->kind);
}

uint32_t caplog_dead_badge(const struct caplog_flavour *flavour, uint32_t slot)
{
	uint32_t const mask = (1u << flavour->badge_bits) - 1;

	/* steps are powers of two of at least 4: an offset of 2 hits no multiple */
	return ((slot * flavour->badge_step) | 2u) & mask;
}
