/* SPDX-License-Identifier: BSD-2-Clause */
#include "reader_parts.h"

uint64_t reader_head(const struct caplog_reader *r)
{
	const struct caplog_head *block = reader_head_block(r);
	uint32_t after, lo, hi;

	/* bounded: each turn but the first means that 2^32 records went by */
	for (unsigned i = 0; ; i++) {
		after = shared_observe(&block->head_hi_after);
		lo = shared_observe(&block->head_lo);
		hi = shared_observe(&block->head_hi);
		if (i == 4 || after == shared_get(&block->head_hi_after))
			break;
	}
	/* in the middle of a carry: low half small means that it has wrapped */
	if (hi != after && lo >> 31)
		hi = after;
	return (uint64_t)hi << 32 | lo;
}

uint64_t reader_oldest(const struct caplog_reader *r, uint64_t head)
{
	uint64_t const keep = r->header.ring_count - CAPLOG_GROUP_MAX;
	return head > keep ? head - keep : 0;
}

static void copy_record(struct caplog_record *to, const struct caplog_record *from)
{
	to->badge_event  = shared_get(&from->badge_event);
	to->slot_other   = shared_get(&from->slot_other);
	to->from_version = shared_get(&from->from_version);
	to->version      = shared_get(&from->version);
}

static void record_at(const struct caplog_reader *r, uint64_t pos, struct caplog_record *to)
{
	const struct caplog_record *ring =
		(const struct caplog_record *)(const void *)(r->log + r->header.ring_offset);

	copy_record(to, &ring[(uint32_t)pos & (r->header.ring_count - 1)]);
}

int reader_decode(const struct caplog_reader *r, uint64_t *pos, uint64_t end,
                  struct caplog_event *e)
{
	struct caplog_record rec;

	record_at(r, (*pos)++, &rec);
	e->kind    = (uint8_t)(rec.badge_event >> CAPLOG_KIND_SHIFT);
	e->badge   = rec.badge_event & CAPLOG_BADGE_MASK;
	e->slot    = (caplog_slot)rec.slot_other;
	e->other   = (caplog_slot)(rec.slot_other >> 16);
	e->from    = (caplog_slot)rec.from_version;
	e->version = (uint64_t)(rec.from_version >> 16) << 32 | rec.version;
	e->a = e->b = 0;
	if (e->kind == CAPLOG_EXT)
		return 0;

	unsigned const ext = caplog_event_ext(e->kind, 1);

	for (unsigned i = 0; i < ext && *pos < end; i++) {
		record_at(r, *pos, &rec);
		if (rec.badge_event >> CAPLOG_KIND_SHIFT != CAPLOG_EXT ||
		    (caplog_slot)rec.slot_other != e->slot)
			break;
		*(i ? &e->b : &e->a) = (uint64_t)rec.version << 32 | rec.from_version;
		(*pos)++;
	}
	return 1;
}

/* Newer by the low half, the only part of a torn entry that is reliable */
static int newer(uint64_t version, uint64_t than)
{
	return (int32_t)((uint32_t)version - (uint32_t)than) > 0;
}

static int apply(struct caplog_space *space, const struct caplog_event *e, uint64_t pos,
                 struct caplog_diag *diag)
{
	if (e->slot < CAPLOG_SLOTS_MAX && e->version &&
	    !newer(e->version, space->cap[e->slot].version))
		return 0;
	if (caplog_fold(space, e))
		return caplog_say(diag, CAPLOG_EINVAL, "record %n: event %u on slot %x with badge %x "
		                  "is out of range", pos, (uint32_t)e->kind, (uint32_t)e->slot,
		                  e->badge);
	return 0;
}

int reader_apply(struct caplog_reader *r, struct caplog_space *space,
                 const struct reader_window *win, struct caplog_diag *diag)
{
	uint64_t pos = win->begin;
	int err = 0;

	while (pos < win->end && !err) {
		uint64_t const at = pos;
		struct caplog_event e;

		if (reader_decode(r, &pos, win->end, &e))
			err = apply(space, &e, at, diag);
	}
	shared_loads_in_order();
	/* overrun while reading: what was read, and err, mean nothing */
	if (win->begin < win->end && win->begin < reader_oldest(r, reader_head(r)))
		return CAPLOG_EAGAIN;
	r->consumed = win->end;
	return err;
}
