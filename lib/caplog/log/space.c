/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/bytes.h>
#include <caplog/diag.h>
#include <caplog/space.h>

void caplog_space_init(struct caplog_space *space, const struct caplog_flavour *flavour,
                       uint32_t word_bytes)
{
	space->flavour    = flavour;
	space->word_bytes = word_bytes;
	caplog_clear(space->cap, sizeof space->cap);
	caplog_clear(space->a, sizeof space->a);
	caplog_clear(space->b, sizeof space->b);
	caplog_fill(space->changed, UINT16_MAX, sizeof space->changed / 2);
}

int caplog_fold(struct caplog_space *space, const struct caplog_event *e)
{
	if (!caplog_event_valid(space->flavour, e))
		return CAPLOG_EINVAL;

	caplog_step(&space->cap[e->slot], e->kind, e->badge, e->other);
	space->cap[e->slot].version = e->version;
	space->changed[e->slot / 32] |= 1u << e->slot % 32;
	if (caplog_event_members(e->kind) & CAPLOG_MEMBER_A) {
		space->a[e->slot] = e->a;
		space->b[e->slot] = e->b;
	}
	return 0;
}

void caplog_space_census(const struct caplog_space *space, struct caplog_census *n)
{
	caplog_clear(n, sizeof *n);
	for (uint32_t i = 0; i < space->flavour->slot_count; i++) {
		const struct caplog_cap *c = &space->cap[i];

		if (c->kind == CAPLOG_EMPTY)
			continue;
		if (c->kind == CAPLOG_TOMBSTONE) {
			n->tombstones++;
		} else if (c->stale) {
			n->stale++;
		} else {
			n->live++;
			n->kind[c->kind]++;
		}
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
