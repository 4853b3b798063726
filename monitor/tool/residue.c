/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "input.h"

void residue_init(struct residue *r, const struct caplog_flavour *flavour)
{
	memset(r, 0, sizeof *r);
	r->flavour = flavour;
}

static void leave(struct residue *r, uint32_t slot, unsigned how, uint32_t badge)
{
	r->how[slot] = (uint8_t)how;
	r->badge[slot] = badge;
	r->passed[slot] = 0;
}

/* The allocator takes the first free slot: one that it passed over was not free */
static void take(struct residue *r, uint32_t slot)
{
	for (uint32_t i = r->flavour->user_base; i < slot; i++)
		r->passed[i] |= (uint8_t)(r->freed[i] & ~r->reserved[i]);
	r->freed[slot] = 0;
	leave(r, slot, CAPLOG_RESIDUE_NONE, 0);
}

static void set_window(struct residue *r, const struct caplog_line *line, uint8_t reserved)
{
	for (uint32_t i = 0; i < line->count; i++)
		r->reserved[line->event.slot + i] = reserved;
}

void residue_line(struct residue *r, const struct caplog_line *line)
{
	const struct caplog_event *e = &line->event;

	switch (line->kind) {
	case CAPLOG_LINE_RESERVE:
		set_window(r, line, 1);
		return;
	case CAPLOG_LINE_RELEASE:
		set_window(r, line, 0);
		return;
	case CAPLOG_LINE_EVENT:
		if (e->kind == CAPLOG_INSERT_AT)
			leave(r, e->slot, CAPLOG_RESIDUE_NONE, 0);
		if (e->kind == CAPLOG_INSERT_MAP)
			take(r, e->slot);
		if (e->kind == CAPLOG_REMOVE) {
			leave(r, e->slot, CAPLOG_RESIDUE_REMOVED, e->badge);
			r->freed[e->slot] = 1;
		}
		break;
	default:
		break;
	}
	if (e->kind == CAPLOG_INSERT_MAP && e->from != e->slot)
		leave(r, e->from, CAPLOG_RESIDUE_WINDOW, e->badge);
}

void residue_unmatched(struct residue *r, const struct caplog_event *e)
{
	leave(r, e->slot, CAPLOG_RESIDUE_UNMATCHED, e->badge);
}

uint32_t residue_entries(const struct residue *r, struct caplog_residue *entry)
{
	uint32_t n = 0;

	for (uint32_t slot = 0; slot < r->flavour->slot_count; slot++)
		if (r->how[slot] != CAPLOG_RESIDUE_NONE)
			entry[n++] = (struct caplog_residue){
				(uint16_t)slot, r->how[slot], r->passed[slot], r->badge[slot] };
	return n;
}
