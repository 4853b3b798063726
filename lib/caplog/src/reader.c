/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/diag.h>
#include <caplog/reader.h>
#include <caplog/writer.h>

#include "shared.h"

enum {
	TRIES = 64,  /* full readings against a writer that overruns them */
	GROUP = 3    /* records of the largest event */
};

/* What a full reading did not find, see -EOVERFLOW of caplog_reader_update */
enum {
	LACKS_NOTHING,
	LACKS_EVENTS,  /* on slots that the table does not cover */
	LACKS_DETAIL
};

/* Positions in one lane's endless sequence of records */
struct window {
	uint64_t begin, end;
};

static const struct caplog_lane *lane_of(const struct caplog_reader *r, uint32_t lane)
{
	return (const struct caplog_lane *)(const void *)(r->log + r->header.lane_offset) + lane;
}

static const struct caplog_record *ring_of(const struct caplog_reader *r, uint32_t lane)
{
	return (const struct caplog_record *)(const void *)(r->log + r->header.ring_offset)
	       + (size_t)lane * r->header.ring_count;
}

/* Records appended to a lane; see struct caplog_lane for the carry */
static uint64_t head_of(const struct caplog_reader *r, uint32_t lane)
{
	const struct caplog_lane *l = lane_of(r, lane);
	uint32_t after, lo, hi;

	/* bounded: each turn but the first means that 2^32 records went by */
	for (unsigned i = 0; ; i++) {
		after = shared_observe(&l->head_hi_after);
		lo = shared_observe(&l->head_lo);
		hi = shared_observe(&l->head_hi);
		if (i == 4 || after == shared_get(&l->head_hi_after))
			break;
	}
	/* in the middle of a carry: low half small means that it has wrapped */
	if (hi != after && lo >> 31)
		hi = after;
	return (uint64_t)hi << 32 | lo;
}

/* Oldest record that cannot be overwritten by a group in the making */
static uint64_t oldest(const struct caplog_reader *r, uint64_t head)
{
	uint64_t const keep = r->header.ring_count - GROUP;
	return head > keep ? head - keep : 0;
}


/*
 * Header
 */

static int section_fits(const struct caplog_header *h, uint32_t offset, uint32_t count,
                        uint32_t each, uint32_t align)
{
	return offset >= sizeof *h && offset <= h->size && !(offset & (align - 1)) &&
	       (uint64_t)count * each <= h->size - offset;
}

static int check_version(const struct caplog_header *h, struct caplog_diag *diag)
{
	static const uint8_t magic[] = CAPLOG_MAGIC;

	for (unsigned i = 0; i < CAPLOG_MAGIC_SIZE; i++)
		if (h->magic[i] != magic[i])
			return caplog_say(diag, CAPLOG_EINVAL, "not a capability log: wrong magic");
	if (h->byte_order != CAPLOG_BYTE_ORDER)
		return caplog_say(diag, CAPLOG_ENOTSUP, "byte order mark is %x, expected %x: "
		                  "written by a machine of the other byte order, or damaged",
		                  h->byte_order, CAPLOG_BYTE_ORDER);
	if (h->major != CAPLOG_MAJOR)
		return caplog_say(diag, CAPLOG_EPROTONOSUPPORT, "log has format version %u.%u, "
		                  "this reader knows %u.x: use a matching caplog",
		                  (uint32_t)h->major, (uint32_t)h->minor, CAPLOG_MAJOR);
	return 0;
}

static int check_geometry(const struct caplog_header *h, size_t size,
                          const struct caplog_flavour *f, struct caplog_diag *diag)
{
	if (h->size > size || h->size < CAPLOG_LOG_MIN || h->size > CAPLOG_LOG_MAX)
		return caplog_say(diag, CAPLOG_EINVAL, "header says %u bytes, there are %n: "
		                  "truncated or damaged", h->size, (uint64_t)size);
	if (h->record_size != sizeof(struct caplog_record) ||
	    h->entry_size != sizeof(struct caplog_entry) ||
	    h->detail_size != sizeof(struct caplog_detail) ||
	    h->lane_size != sizeof(struct caplog_lane))
		return caplog_say(diag, CAPLOG_EINVAL, "header names wrong sizes of records (%u), "
		                  "entries (%u), details (%u) or lanes (%u)",
		                  (uint32_t)h->record_size, (uint32_t)h->entry_size,
		                  (uint32_t)h->detail_size, (uint32_t)h->lane_size);
	if (h->slot_count != f->slot_count || h->slot_shift != f->slot_shift ||
	    (h->word_bytes != 4 && h->word_bytes != 8))
		return caplog_say(diag, CAPLOG_EINVAL, "header contradicts flavour %s: %u slots, "
		                  "shift %u, %u-byte words", f->name, h->slot_count,
		                  (uint32_t)h->slot_shift, (uint32_t)h->word_bytes);
	if (!h->lane_count || h->lane_count > CAPLOG_LANES_MAX || h->ring_count < 2 * GROUP ||
	    (h->ring_count & (h->ring_count - 1)) ||
	    h->table_count > h->slot_count ||
	    !section_fits(h, h->lane_offset, h->lane_count, h->lane_size, 8) ||
	    !section_fits(h, h->table_offset, h->table_count, h->entry_size, 4) ||
	    !section_fits(h, h->detail_offset, h->detail_count, h->detail_size, 8) ||
	    (uint64_t)h->ring_count * h->lane_count > h->size ||
	    !section_fits(h, h->ring_offset, h->ring_count * h->lane_count, h->record_size, 4))
		return caplog_say(diag, CAPLOG_EINVAL, "header describes sections outside the log");
	return 0;
}

/* A header as it is loaded: word by word, so that it cannot change after it was checked */
union header_copy {
	struct caplog_header h;
	uint32_t w[sizeof(struct caplog_header) / 4];
};

static void copy_header(union header_copy *to, const void *log)
{
	const uint32_t *from = log;

	for (unsigned i = 0; i < sizeof *to / 4; i++)
		to->w[i] = shared_observe(&from[i]);
}

static void keep_header(struct caplog_reader *r, const struct caplog_header *h)
{
	volatile uint8_t *to = (uint8_t *)(void *)&r->header; /* no call of memcpy */
	const uint8_t *from = (const uint8_t *)(const void *)h;

	for (unsigned i = 0; i < sizeof *h; i++)
		to[i] = from[i];
}

/* Is the log formatted anew since it had this generation? */
static int restarted(const struct caplog_reader *r, uint32_t generation)
{
	const struct caplog_header *h = (const struct caplog_header *)(const void *)r->log;

	shared_loads_in_order();
	return shared_observe(&h->ready) != 1 || shared_get(&h->generation) != generation;
}

static int load_header(struct caplog_reader *r, struct caplog_diag *diag)
{
	union header_copy copy;
	const struct caplog_header *h = &copy.h;
	int err;

	copy_header(&copy, r->log);
	if ((err = check_version(h, diag)))
		return err;
	if (h->ready > 1)
		return caplog_say(diag, CAPLOG_EINVAL, "ready mark is %x", h->ready);
	if (!h->ready || restarted(r, h->generation))
		return caplog_say(diag, CAPLOG_EAGAIN, "log is being formatted: try again");

	const struct caplog_flavour *f = caplog_flavour_by_name(h->flavour);
	if (!f)
		return caplog_say(diag, CAPLOG_ENOTSUP, "log names a flavour that this reader "
		                  "does not know");
	if ((err = check_geometry(h, r->size, f, diag)))
		return err;
	keep_header(r, h);
	r->flavour = f;
	return 0;
}

int caplog_reader_open(struct caplog_reader *r, const void *log, size_t size,
                       struct caplog_diag *diag)
{
	r->log    = log;
	r->size   = size;
	r->primed = 0;
	r->lacking = LACKS_NOTHING;
	for (unsigned i = 0; i < CAPLOG_LANES_MAX; i++)
		*(volatile uint64_t *)&r->consumed[i] = 0;
	if (!log || ((uintptr_t)log & 7u))
		return caplog_say(diag, CAPLOG_EINVAL, "log is not 8-byte aligned");
	if (size < CAPLOG_LOG_MIN)
		return caplog_say(diag, CAPLOG_EINVAL, "%n bytes are too few for a log: the least "
		                  "is %u", (uint64_t)size, CAPLOG_LOG_MIN);
	return load_header(r, diag);
}


/*
 * Records
 */

static void copy_record(struct caplog_record *to, const struct caplog_record *from)
{
	to->badge_event  = shared_get(&from->badge_event);
	to->slot_other   = shared_get(&from->slot_other);
	to->from_version = shared_get(&from->from_version);
	to->version      = shared_get(&from->version);
}

static void record_at(const struct caplog_reader *r, uint32_t lane, uint64_t pos,
                      struct caplog_record *to)
{
	copy_record(to, &ring_of(r, lane)[(uint32_t)pos & (r->header.ring_count - 1)]);
}

/*
 * Decode the event at *pos and move *pos behind it
 *
 * \return 1; 0 if there is none (EXT records whose event is overwritten)
 */
static int decode(const struct caplog_reader *r, uint32_t lane, uint64_t *pos, uint64_t end,
                  struct caplog_event *e)
{
	struct caplog_record rec;

	record_at(r, lane, (*pos)++, &rec);
	e->kind    = (uint8_t)(rec.badge_event >> 28);
	e->badge   = rec.badge_event & CAPLOG_BADGE_MASK;
	e->slot    = (uint16_t)rec.slot_other;
	e->other   = (uint16_t)(rec.slot_other >> 16);
	e->from    = (uint16_t)rec.from_version;
	e->version = (uint64_t)(rec.from_version >> 16) << 32 | rec.version;
	e->a = e->b = 0;
	if (e->kind == CAPLOG_EXT)
		return 0;
	if (e->kind != CAPLOG_THREAD_START && e->kind != CAPLOG_IRQ_ATTACH)
		return 1;

	for (unsigned i = 0; i < 2 && *pos < end; i++) {
		record_at(r, lane, *pos, &rec);
		if (rec.badge_event >> 28 != CAPLOG_EXT || (uint16_t)rec.slot_other != e->slot)
			break;
		*(i ? &e->b : &e->a) = (uint64_t)rec.version << 32 | rec.from_version;
		(*pos)++;
	}
	return 1;
}

/* Newer by the low half, which is all that a torn entry tells reliably */
static int newer(uint64_t version, uint64_t than)
{
	return (int32_t)((uint32_t)version - (uint32_t)than) > 0;
}

/*
 * Is it this event's turn? With several lanes an event waits for the one
 * before it on its slot; an event on an uncovered slot has no version.
 */
static int is_next(const struct caplog_event *e, const struct caplog_cap *cap)
{
	if (!e->version || caplog_begins_life(e->kind))
		return 1;
	return (uint32_t)e->version == (uint32_t)caplog_next_version(cap->version, e->kind);
}

static int apply(struct caplog_space *space, const struct caplog_event *e, uint32_t lane,
                 uint64_t pos, struct caplog_diag *diag)
{
	if (e->slot < CAPLOG_SLOTS_MAX && e->version &&
	    !newer(e->version, space->cap[e->slot].version))
		return 0;
	if (caplog_fold(space, e))
		return caplog_say(diag, CAPLOG_EINVAL, "record %n of lane %u: event %u on slot %x "
		                  "with badge %x is out of range", pos, lane, (uint32_t)e->kind,
		                  (uint32_t)e->slot, e->badge);
	return 0;
}

/*
 * Apply a lane's events up to the first that has to wait
 *
 * \param force  the first need not wait
 * \return       number of events that were applied or passed over, or error
 */
static int apply_lane(const struct caplog_reader *r, struct caplog_space *space, uint32_t lane,
                      struct window *win, int force, struct caplog_diag *diag)
{
	int const alone = r->header.lane_count == 1;
	int n = 0, err;

	for (; win->begin < win->end; n = 1) {
		uint64_t pos = win->begin;
		struct caplog_event e;

		if (decode(r, lane, &pos, win->end, &e)) {
			if (!alone && !(force && !n) && e.slot < CAPLOG_SLOTS_MAX &&
			    newer(e.version, space->cap[e.slot].version) &&
			    !is_next(&e, &space->cap[e.slot]))
				break;
			if ((err = apply(space, &e, lane, win->begin, diag)))
				return err;
		}
		win->begin = pos;
	}
	return n;
}

/* Move the windows' ends to the heads of now. \return 0 if they were there */
static int extend(const struct caplog_reader *r, const struct window *win, struct window *todo)
{
	int moved = 0;

	for (uint32_t l = 0; l < r->header.lane_count; l++) {
		uint64_t const head = head_of(r, l);

		if (head > todo[l].end && win[l].begin >= oldest(r, head)) {
			todo[l].end = head;
			moved = 1;
		}
	}
	return moved;
}

/*
 * Apply all lanes' windows, each slot's events in the order of their versions
 *
 * A lane waits at an event whose predecessor on the slot stands in another
 * lane. If all wait, the predecessor came into its lane after that lane's
 * head was read: so the windows grow. If they do not, it is missing, which
 * only damage explains: then the first lane goes on.
 *
 * \param todo  the windows; left empty at the ends that were reached
 */
static int apply_windows(const struct caplog_reader *r, struct caplog_space *space,
                         const struct window *win, struct window *todo,
                         struct caplog_diag *diag)
{
	int progress = 1, left = 1;

	while (left) {
		int force = !progress && !extend(r, win, todo);

		progress = left = 0;
		for (uint32_t l = 0; l < r->header.lane_count; l++) {
			int const n = apply_lane(r, space, l, &todo[l], force, diag);

			if (n < 0)
				return n;
			if (n)
				progress = 1;
			if (todo[l].begin < todo[l].end)
				left = 1;
			if (progress)
				force = 0;
		}
	}
	return 0;
}

/* Apply the windows, remember where they ended; -EAGAIN if the writer overran one */
static int apply_up_to_end(struct caplog_reader *r, struct caplog_space *space,
                           const struct window *win, struct caplog_diag *diag)
{
	struct window todo[CAPLOG_LANES_MAX];

	for (uint32_t l = 0; l < r->header.lane_count; l++)
		todo[l] = win[l];

	int const err = apply_windows(r, space, win, todo, diag);

	shared_loads_in_order();
	for (uint32_t l = 0; l < r->header.lane_count; l++) {
		/* overrun while reading: what was read, and err, mean nothing */
		if (win[l].begin < todo[l].end && win[l].begin < oldest(r, head_of(r, l)))
			return CAPLOG_EAGAIN;
		r->consumed[l] = todo[l].end;
	}
	return err;
}


/*
 * Table
 */

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
	if (cap.kind > CAPLOG_IRQ || cap.badge >> f->badge_bits || cap.other >= f->slot_count)
		return caplog_say(diag, CAPLOG_EINVAL, "slot %x: table entry has kind %u, badge %x, "
		                  "other slot %x: out of range", slot, (uint32_t)cap.kind, cap.badge,
		                  (uint32_t)cap.other);
	if (cap.kind == CAPLOG_EMPTY && cap.badge)
		return caplog_say(diag, CAPLOG_EINVAL, "slot %x: table entry is empty, yet has a "
		                  "badge %x", slot, cap.badge);
	if (cap.kind == CAPLOG_EMPTY)
		cap.other = 0; /* the other word may lag behind in a running component */
	space->cap[slot] = cap;
	return 0;
}

static int has_detail(const struct caplog_cap *cap)
{
	return cap->kind == CAPLOG_THREAD || cap->kind == CAPLOG_IRQ;
}

/* By slot: change that told the detail which the space has, plus 1; 0: none yet */
struct told {
	uint16_t by[CAPLOG_SLOTS_MAX];
};

/* Take a detail of this life (serial) and change, unless a newer one is there */
static void take_detail(struct caplog_space *space, struct told *told, uint32_t slot,
                        uint32_t serial, uint32_t change, uint64_t a, uint64_t b)
{
	const struct caplog_cap *cap = &space->cap[slot];

	if (!has_detail(cap) || (uint32_t)(cap->version >> 8) != serial ||
	    change > (cap->version & 0xff) || change + 1 < told->by[slot])
		return;
	told->by[slot] = (uint16_t)(change + 1);
	space->a[slot] = a;
	space->b[slot] = b;
}

static void load_details(const struct caplog_reader *r, struct caplog_space *space,
                         struct told *told)
{
	const struct caplog_detail *d =
		(const struct caplog_detail *)(const void *)(r->log + r->header.detail_offset);

	for (uint32_t i = 0; i < r->header.detail_count; i++, d++) {
		uint32_t const serial = shared_observe(&d->serial);
		uint32_t const slot_change = shared_get(&d->slot_change);

		if (!serial || (slot_change & 0xffffu) >= r->header.slot_count)
			continue;
		take_detail(space, told, slot_change & 0xffffu, serial, slot_change >> 16 & 0xffu,
		            (uint64_t)shared_get(&d->a[1]) << 32 | shared_get(&d->a[0]),
		            (uint64_t)shared_get(&d->b[1]) << 32 | shared_get(&d->b[0]));
	}
}

/* Details that found no place may still stand in the rings */
static void recall_details(const struct caplog_reader *r, struct caplog_space *space,
                           const struct window *win, struct told *told)
{
	for (uint32_t l = 0; l < r->header.lane_count; l++)
		for (uint64_t pos = win[l].begin; pos < win[l].end; ) {
			struct caplog_event e;

			if (decode(r, l, &pos, win[l].end, &e) && e.slot < r->header.slot_count &&
			    (e.kind == CAPLOG_THREAD_START || e.kind == CAPLOG_IRQ_ATTACH))
				take_detail(space, told, e.slot, (uint32_t)(e.version >> 8),
				            (uint32_t)e.version & 0xff, e.a, e.b);
		}
}

static int details_lost(const struct caplog_reader *r)
{
	for (uint32_t l = 0; l < r->header.lane_count; l++)
		if (shared_get(&lane_of(r, l)->details_lost))
			return 1;
	return 0;
}

/* Record count of a lane at its first event on an uncovered slot */
static uint64_t uncovered_first(const struct caplog_lane *l)
{
	if (!shared_observe(&l->uncovered))
		return ~(uint64_t)0;
	return (uint64_t)shared_get(&l->uncovered_first[1]) << 32 |
	       shared_get(&l->uncovered_first[0]);
}

/* What is neither in the table nor in the windows that were read */
static int lacking(const struct caplog_reader *r, const struct caplog_space *space,
                   const struct window *win, const struct told *told)
{
	for (uint32_t l = 0; l < r->header.lane_count; l++)
		if (uncovered_first(lane_of(r, l)) < win[l].begin)
			return LACKS_EVENTS;
	if (details_lost(r))
		for (uint32_t slot = 0; slot < r->header.table_count; slot++)
			if (has_detail(&space->cap[slot]) && !told->by[slot] &&
			    !space->a[slot] && !space->b[slot])
				return LACKS_DETAIL;
	return LACKS_NOTHING;
}

/*
 * Where to begin in a lane, so that table and records together tell all
 *
 * A record is published before the table shows it, so an entry read between
 * two heads is at some state in between, and the records in between make it
 * exact; one group before them may not have reached the table yet. What the
 * table has no place for lives in the rings alone. There a running writer soon
 * overwrites the oldest: each further attempt leaves it some more room.
 */
static uint64_t table_begin(const struct caplog_reader *r, uint32_t lane, unsigned attempt)
{
	uint64_t const head = head_of(r, lane), least = oldest(r, head);
	uint64_t const slack = (uint64_t)(r->header.ring_count / TRIES * attempt);
	uint64_t const first = head - least > slack ? least + slack : head;
	uint64_t begin = head > GROUP ? head - GROUP : 0, rings_alone;

	shared_loads_in_order(); /* else an uncovered event may precede the head unseen */
	rings_alone = details_lost(r) ? 0 : uncovered_first(lane_of(r, lane));
	if (rings_alone < begin)
		begin = rings_alone;
	return begin < first ? first : begin;
}

/* Read the whole table, then bring it up to the heads */
static int read_table(struct caplog_reader *r, struct caplog_space *space, unsigned attempt,
                      struct caplog_diag *diag)
{
	struct window win[CAPLOG_LANES_MAX];
	struct told told;
	int err;

	for (uint32_t l = 0; l < r->header.lane_count; l++)
		win[l].begin = table_begin(r, l, attempt);
	for (uint32_t i = 0; i < CAPLOG_SLOTS_MAX; i++)
		*(volatile uint16_t *)&told.by[i] = 0;
	caplog_space_init(space, r->flavour, r->header.word_bytes);
	for (uint32_t slot = 0; slot < r->header.table_count; slot++)
		if ((err = load_entry(r, space, slot, diag)))
			return err;
	load_details(r, space, &told);
	shared_loads_in_order();
	for (uint32_t l = 0; l < r->header.lane_count; l++) {
		win[l].end = head_of(r, l);
		/* overrun, or a head that jumps about: do not walk all that way */
		if (win[l].begin < oldest(r, win[l].end))
			return CAPLOG_EAGAIN;
	}
	if (details_lost(r))
		recall_details(r, space, win, &told);
	if ((err = apply_up_to_end(r, space, win, diag)))
		return err;
	r->lacking = lacking(r, space, win, &told);
	return 0;
}

static int read_events(struct caplog_reader *r, struct caplog_space *space,
                       uint64_t *events, struct caplog_diag *diag)
{
	struct window win[CAPLOG_LANES_MAX];

	for (uint32_t l = 0; l < r->header.lane_count; l++) {
		uint64_t const head = head_of(r, l);
		/* a head that went back or ran away is as good as an overrun */
		if (head < r->consumed[l] || r->consumed[l] < oldest(r, head))
			return CAPLOG_EAGAIN;
		win[l].begin = r->consumed[l];
		win[l].end = head;
	}

	int const err = apply_up_to_end(r, space, win, diag);

	for (uint32_t l = 0; l < r->header.lane_count; l++)
		*events += r->consumed[l] - win[l].begin;
	return err;
}

/* -EOVERFLOW if the space cannot be the whole truth, else 0 */
static int tell_lacking(const struct caplog_reader *r, struct caplog_diag *diag)
{
	uint32_t lanes = 0, early = 0;

	for (uint32_t l = 0; l < r->header.lane_count; l++) {
		lanes += shared_get(&lane_of(r, l)->uncovered) != 0;
		early |= shared_get(&lane_of(r, l)->early_lost);
	}
	if (early)
		return caplog_say(diag, CAPLOG_EOVERFLOW, "%u events before the log was there did not "
		                  "fit the early buffer: raise CAPLOG_EARLY_MAX", early);
	/* events without a version have no order between lanes */
	if (r->lacking == LACKS_EVENTS || lanes > 1)
		return caplog_say(diag, CAPLOG_EOVERFLOW, "the log is too small: its table covers "
		                  "slots below %x only, and events on others are overwritten: give "
		                  "it %u bytes", r->header.table_count,
		                  caplog_log_size(r->flavour, r->header.lane_count, 0));
	if (r->lacking == LACKS_DETAIL)
		return caplog_say(diag, CAPLOG_EOVERFLOW, "the log is too small: it keeps %u threads "
		                  "and labelled IRQs, and there were more: give it %u bytes",
		                  r->header.detail_count,
		                  caplog_log_size(r->flavour, r->header.lane_count, 0));
	return 0;
}

int caplog_reader_update(struct caplog_reader *r, struct caplog_space *space,
                         uint64_t *events, struct caplog_diag *diag)
{
	uint32_t const generation = r->header.generation;
	uint64_t n = 0;
	int err = load_header(r, diag);

	if (err)
		return err;
	if (r->header.generation != generation)
		r->primed = 0;

	err = CAPLOG_EAGAIN;
	if (r->primed)
		err = read_events(r, space, &n, diag);
	if (err == CAPLOG_EAGAIN) {
		r->primed = 0;
		n = r->header.table_count;
		for (unsigned i = 0; i < TRIES && err == CAPLOG_EAGAIN; i++)
			err = read_table(r, space, i, diag);
	}
	if (restarted(r, r->header.generation))
		err = CAPLOG_EAGAIN;
	if (err)
		r->primed = 0;
	if (err == CAPLOG_EAGAIN)
		return caplog_say(diag, err, "the component appends faster than the log can be "
		                  "read: stop it or give it a larger log");
	if (err)
		return err;
	r->primed = 1;
	if (events)
		*events = n;
	return tell_lacking(r, diag);
}


/*
 * History and counters
 */

int caplog_reader_history(const struct caplog_reader *r, int *complete,
                          int (*visit)(void *ctx, const struct caplog_event *event),
                          void *ctx, struct caplog_diag *diag)
{
	struct window win[CAPLOG_LANES_MAX];
	uint32_t const lanes = r->header.lane_count;

	*complete = 1;
	for (uint32_t l = 0; l < lanes; l++) {
		win[l].end = head_of(r, l);
		win[l].begin = oldest(r, win[l].end);
		if (win[l].begin || shared_get(&lane_of(r, l)->early_lost))
			*complete = 0;
	}

	for (uint32_t l = 0; l < lanes; l++)
		while (win[l].begin < win[l].end) {
			struct caplog_event e;
			uint64_t const pos = win[l].begin;
			int ret;

			if (!decode(r, l, &win[l].begin, win[l].end, &e))
				continue;
			if (!caplog_event_name(e.kind) || e.slot >= r->flavour->slot_count)
				return caplog_say(diag, CAPLOG_EINVAL, "record %n of lane %u: event %u on "
				                  "slot %x is out of range", pos, l, (uint32_t)e.kind,
				                  (uint32_t)e.slot);
			if ((ret = visit(ctx, &e)))
				return ret;
		}
	return 0;
}

int caplog_reader_stat(const struct caplog_reader *r, struct caplog_log_stat *s)
{
	volatile uint64_t *all = (uint64_t *)(void *)s; /* no call of memset */

	for (unsigned i = 0; i < sizeof *s / sizeof *all; i++)
		all[i] = 0;
	s->windows = r->header.windows;
	s->known   = r->header.known;
	for (uint32_t l = 0; l < r->header.lane_count; l++) {
		const struct caplog_lane *lane = lane_of(r, l);
		uint64_t const head = head_of(r, l);

		s->records      += head;
		s->kept         += head - oldest(r, head);
		s->uncovered    += shared_get(&lane->uncovered);
		s->details_lost += shared_get(&lane->details_lost);
		s->early_lost   += shared_get(&lane->early_lost);
		for (unsigned i = 0; i < CAPLOG_EVENT_KINDS; i++)
			s->count[i] += shared_get(&lane->count[i]);
	}
	return 0;
}

int caplog_reader_map(const struct caplog_reader *r, struct caplog_map_place *place)
{
	const struct caplog_header *h = &r->header;
	uint64_t const limit = h->word_bytes == 4 ? 0xffffffffu : ~(uint64_t)0;
	uint64_t const bytes = (uint64_t)h->map_stride * h->map_count;

	if (!h->map_address)
		return CAPLOG_ENOENT;
	if ((h->map_width != 2 && h->map_width != 4) || 8 * h->map_width < r->flavour->badge_bits ||
	    h->map_stride < h->map_width || h->map_offset > h->map_stride - h->map_width ||
	    h->map_count != r->flavour->slot_count ||
	    ((h->map_address | h->map_stride | h->map_offset) & (h->map_width - 1)) ||
	    h->map_address > limit || bytes > limit - h->map_address ||
	    !h->epoch_address || h->epoch_address % 4 || h->epoch_address > limit - 4 ||
	    !h->holders_address || h->holders_address % 4 || !h->holders_count ||
	    h->holders_count > CAPLOG_HOLDERS_MAX ||
	    h->holders_address > limit - 4 * (uint64_t)h->holders_count)
		return CAPLOG_EINVAL;
	place->address       = h->map_address;
	place->epoch_address = h->epoch_address;
	place->stride        = h->map_stride;
	place->offset        = h->map_offset;
	place->width         = h->map_width;
	place->count         = h->map_count;
	place->holders_address = h->holders_address;
	place->holders_count   = h->holders_count;
	return 0;
}

uint32_t caplog_holders(const uint32_t *words, uint32_t count)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < count; i++)
		n += words[i] != 0;
	return n;
}

int caplog_reader_rebadge(struct caplog_reader *r, uint32_t slot, uint32_t badge,
                          struct caplog_diag *diag)
{
	if (slot >= r->header.table_count)
		return caplog_say(diag, CAPLOG_EOVERFLOW, "slot %x lies beyond the log's table", slot);

	/* the reader's view is const; the caller owns the memory */
	uint8_t *log = (uint8_t *)(uintptr_t)r->log;
	struct caplog_entry *e =
		(struct caplog_entry *)(void *)(log + r->header.table_offset) + slot;
	uint32_t const word = shared_get(&e->badge_kind);

	if (!(word & ~CAPLOG_BADGE_MASK))
		return caplog_say(diag, CAPLOG_EINVAL, "slot %x is empty in the log", slot);
	shared_put(&e->badge_kind, (word & ~CAPLOG_BADGE_MASK) | (badge & CAPLOG_BADGE_MASK));
	return 0;
}
