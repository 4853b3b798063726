/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/bytes.h>

#include "reader_parts.h"

static int load_entry(const struct caplog_reader *r, struct caplog_space *space, uint32_t slot,
                      struct caplog_diag *diag)
{
	const struct caplog_entry *e =
		(const struct caplog_entry *)(const void *)(r->log + r->header.table_offset) + slot;
	const struct caplog_flavour *f = r->flavour;
	struct caplog_cap cap;
	uint32_t const version = shared_observe(&e->version);
	uint32_t const other = shared_get(&e->other_version);

	cap = caplog_unpack(shared_get(&e->badge_kind), other, version);
	if (!caplog_kind_valid(cap.kind) || cap.badge >> f->badge_bits || cap.other >= f->slot_count)
		return caplog_say(diag, CAPLOG_EINVAL, "slot %x: table entry has kind %u, badge %x, "
		                  "other slot %x: out of range", slot, (uint32_t)cap.kind, cap.badge,
		                  (uint32_t)cap.other);
	if (cap.kind == CAPLOG_EMPTY && cap.badge)
		return caplog_say(diag, CAPLOG_EINVAL, "slot %x: table entry is empty, but has a "
		                  "badge %x", slot, cap.badge);
	if (cap.kind == CAPLOG_EMPTY)
		cap.other = 0; /* a running component may not have stored the other word yet */
	space->cap[slot] = cap;
	return 0;
}

/* By slot: change by which the detail came that the space has, plus 1; 0: none yet */
struct sources {
	uint16_t by[CAPLOG_SLOTS_MAX];
};

/* Take a detail of this life (serial) and change, unless a newer one is there */
static void take_detail(struct caplog_space *space, struct sources *from, uint32_t slot,
                        uint32_t serial, uint32_t change, uint64_t a, uint64_t b)
{
	const struct caplog_cap *cap = &space->cap[slot];

	if (!caplog_has_detail(cap->kind) || (uint32_t)(cap->version >> 8) != serial ||
	    change > (cap->version & 0xff) || change + 1 < from->by[slot])
		return;
	from->by[slot] = (uint16_t)(change + 1);
	space->a[slot] = a;
	space->b[slot] = b;
}

static void load_details(const struct caplog_reader *r, struct caplog_space *space,
                         struct sources *from)
{
	const struct caplog_detail *d =
		(const struct caplog_detail *)(const void *)(r->log + r->header.detail_offset);

	for (uint32_t i = 0; i < r->header.detail_count; i++, d++) {
		uint32_t const serial = shared_observe(&d->serial);
		uint32_t const slot_change = shared_get(&d->slot_change);

		if (!serial || (slot_change & CAPLOG_HALF_MASK) >= r->header.slot_count)
			continue;
		take_detail(space, from, slot_change & CAPLOG_HALF_MASK, serial, slot_change >> 16 & 0xffu,
		            reader_pair(d->a), reader_pair(d->b));
	}
}

/* Details that found no place may still be in the ring */
static void recall_details(const struct caplog_reader *r, struct caplog_space *space,
                           const struct reader_window *win, struct sources *from)
{
	for (uint64_t pos = win->begin; pos < win->end; ) {
		struct caplog_event e;

		if (reader_decode(r, &pos, win->end, &e) && e.slot < r->header.slot_count &&
		    (caplog_event_members(e.kind) & CAPLOG_MEMBER_A))
			take_detail(space, from, e.slot, (uint32_t)(e.version >> 8),
			            (uint32_t)e.version & 0xff, e.a, e.b);
	}
}

static int details_lost(const struct caplog_reader *r)
{
	return shared_get(&reader_head_block(r)->details_lost) != 0;
}

/* Record count at the first event on an uncovered slot */
static uint64_t uncovered_first(const struct caplog_reader *r)
{
	const struct caplog_head *block = reader_head_block(r);

	return shared_observe(&block->uncovered) ? reader_pair(block->uncovered_first)
	                                         : ~(uint64_t)0;
}

/* What is neither in the table nor in the window that was read */
static enum reader_lacks lacking(const struct caplog_reader *r, const struct caplog_space *space,
                                 const struct reader_window *win, const struct sources *from)
{
	if (uncovered_first(r) < win->begin)
		return LACKS_EVENTS;
	if (details_lost(r))
		for (uint32_t slot = 0; slot < r->header.table_count; slot++)
			if (caplog_has_detail(space->cap[slot].kind) && !from->by[slot] &&
			    !space->a[slot] && !space->b[slot])
				return LACKS_DETAIL;
	return LACKS_NOTHING;
}

/*
 * Where to begin, so that table and records together give the whole state
 *
 * A record is published before the table shows it, so an entry read between
 * two heads is at some state in between, and the records in between make it
 * exact; one event before them may not have reached the table yet. What the
 * table has no place for is in the ring alone. There a running writer soon
 * overwrites the oldest: each further attempt leaves it some more room.
 */
static uint64_t table_begin(const struct caplog_reader *r, unsigned attempt)
{
	uint64_t const head = reader_head(r), least = reader_oldest(r, head);
	uint64_t const slack = (uint64_t)(r->header.ring_count / READER_TRIES * attempt);
	uint64_t const first = head - least > slack ? least + slack : head;
	uint64_t begin = head > CAPLOG_GROUP_MAX ? head - CAPLOG_GROUP_MAX : 0, ring_alone;

	shared_loads_in_order(); /* else an uncovered event may precede the head unseen */
	ring_alone = details_lost(r) ? 0 : uncovered_first(r);
	if (ring_alone < begin)
		begin = ring_alone;
	return begin < first ? first : begin;
}

int reader_read_table(struct caplog_reader *r, struct caplog_space *space, unsigned attempt,
                      struct caplog_diag *diag)
{
	struct reader_window win;
	struct sources from;
	int err;

	win.begin = table_begin(r, attempt);
	caplog_clear(&from, sizeof from);
	caplog_space_init(space, r->flavour, r->header.word_bytes);
	for (uint32_t slot = 0; slot < r->header.table_count; slot++)
		if ((err = load_entry(r, space, slot, diag)))
			return err;
	load_details(r, space, &from);
	shared_loads_in_order();
	win.end = reader_head(r);
	/* overrun, or a head that jumps about: do not walk all that way */
	if (win.begin < reader_oldest(r, win.end))
		return CAPLOG_EAGAIN;
	if (details_lost(r))
		recall_details(r, space, &win, &from);
	if ((err = reader_apply(r, space, &win, diag)))
		return err;
	r->lacking = (int)lacking(r, space, &win, &from);
	return 0;
}
