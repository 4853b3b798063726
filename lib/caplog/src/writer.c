/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/diag.h>
#include <caplog/writer.h>

#include "shared.h"

enum {
	HEADER_SIZE = sizeof(struct caplog_header),
	ID_SIZE     = offsetof(struct caplog_header, size), /* magic, version, byte order */
	LANE_SIZE   = sizeof(struct caplog_lane),
	ENTRY_SIZE  = sizeof(struct caplog_entry),
	DETAIL_SIZE = sizeof(struct caplog_detail),
	RECORD_SIZE = sizeof(struct caplog_record),
	/* IRQs with a label, beside one detail per thread */
	LABELLED_IRQS = 25,
	DETAILS_MIN = 8, /* per lane of a small log: threads of a small component */
	RING_MIN = 64 /* records per lane: more than any group, and some history */
};

/* Sizes of the sections of a log */
struct layout {
	uint32_t lanes, details, slots, records;
};

static uint32_t round_up(uint32_t v, uint32_t to)
{
	return (v + to - 1) & ~(to - 1);
}

static uint32_t power_of_two_below(uint32_t v)
{
	while (v & (v - 1))
		v &= v - 1;
	return v;
}

static uint32_t details_per_lane(const struct caplog_flavour *f)
{
	return round_up(caplog_thread_max(f) + LABELLED_IRQS, 2);
}

static uint32_t details_offset(const struct layout *l)
{
	return HEADER_SIZE + l->lanes * LANE_SIZE;
}

static uint32_t table_offset(const struct layout *l)
{
	return details_offset(l) + l->details * DETAIL_SIZE;
}

static uint32_t ring_offset(const struct layout *l)
{
	return round_up(table_offset(l) + l->slots * ENTRY_SIZE, RECORD_SIZE);
}

/* Rings get at least RING_MIN records, then the table, then details, then rings */
static struct layout lay_out(uint32_t size, const struct caplog_flavour *f, uint32_t lanes)
{
	struct layout l;
	uint32_t left = size - HEADER_SIZE - lanes * (LANE_SIZE + RING_MIN * RECORD_SIZE);

	l.lanes = lanes;
	l.details = lanes * DETAILS_MIN;
	if (left > lanes * details_per_lane(f) * DETAIL_SIZE + 1024u * ENTRY_SIZE)
		l.details = lanes * details_per_lane(f);
	if (left < l.details * DETAIL_SIZE + 16u * ENTRY_SIZE)
		l.details = 0;
	left -= l.details * DETAIL_SIZE + RECORD_SIZE; /* one record for rounding */
	l.slots = caplog_divide(left, ENTRY_SIZE);
	if (l.slots > f->slot_count)
		l.slots = f->slot_count;
	l.records = power_of_two_below(caplog_divide(size - ring_offset(&l), RECORD_SIZE * lanes));
	return l;
}

uint32_t caplog_log_size(const struct caplog_flavour *flavour, uint32_t lanes,
                         uint32_t records)
{
	struct layout l;
	uint32_t ring = RING_MIN;

	l.lanes   = lanes;
	l.details = lanes * details_per_lane(flavour);
	l.slots   = flavour->slot_count;
	/* a reader passes over the group that may be in the making */
	while (ring * lanes < CAPLOG_LOG_MAX / RECORD_SIZE / 2 && ring < records + 4)
		ring *= 2;
	return round_up(ring_offset(&l) + lanes * ring * RECORD_SIZE, 4096);
}

/* Stores that the compiler cannot turn into a call of memset */
static void clear(uint32_t *word, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes >> 2; i++)
		shared_put(&word[i], 0);
}

static int format_valid(const void *log, size_t size, const struct caplog_format *f)
{
	if (!log || ((uintptr_t)log & 7u) || size < CAPLOG_LOG_MIN || size > CAPLOG_LOG_MAX)
		return 0;
	if (f->lanes > CAPLOG_LANES_MAX || !f->flavour)
		return 0;
	if (size < HEADER_SIZE + (uint32_t)f->lanes * (LANE_SIZE + RING_MIN * RECORD_SIZE) + 64)
		return 0;
	return f->word_bytes == 0 || f->word_bytes == 4 || f->word_bytes == 8;
}

/*
 * Take a log out of use: what a reader knows it by stands there all along, so
 * that one who looks now sees a log in the making, and not a damaged one
 */
static void begin_format(struct caplog_header *h)
{
	static const uint8_t magic[] = CAPLOG_MAGIC;
	union { struct caplog_header h; uint32_t w[HEADER_SIZE / 4]; } id;
	uint32_t *word = (uint32_t *)(void *)h;

	for (unsigned i = 0; i < CAPLOG_MAGIC_SIZE; i++)
		id.h.magic[i] = magic[i];
	id.h.major = CAPLOG_MAJOR;
	id.h.minor = CAPLOG_MINOR;
	id.h.byte_order = CAPLOG_BYTE_ORDER;

	shared_put(&h->ready, 0);
	shared_stores_in_order();
	for (unsigned i = ID_SIZE / 4; i-- > 0; ) /* magic last */
		shared_publish(&word[i], id.w[i]);
}

int caplog_format(void *log, size_t size, const struct caplog_format *format)
{
	if (!format_valid(log, size, format))
		return CAPLOG_EINVAL;

	struct caplog_header *h = log;
	const struct caplog_flavour *f = format->flavour;
	uint32_t const usable = (uint32_t)size & ~(uint32_t)(RECORD_SIZE - 1);
	struct layout const l = lay_out(usable, f, format->lanes ? format->lanes : 1);

	begin_format(h);
	clear((uint32_t *)log + ID_SIZE / 4, usable - ID_SIZE);

	h->size          = usable;
	h->generation    = format->generation;
	h->word_bytes    = format->word_bytes ? format->word_bytes : (uint8_t)sizeof(void *);
	h->slot_shift    = f->slot_shift;
	h->record_size   = RECORD_SIZE;
	h->slot_count    = f->slot_count;
	h->lane_count    = (uint16_t)l.lanes;
	h->lane_size     = LANE_SIZE;
	h->lane_offset   = HEADER_SIZE;
	h->table_offset  = table_offset(&l);
	h->table_count   = l.slots;
	h->entry_size    = ENTRY_SIZE;
	h->detail_size   = DETAIL_SIZE;
	h->detail_offset = details_offset(&l);
	h->detail_count  = l.details;
	h->ring_offset   = ring_offset(&l);
	h->ring_count    = l.records;
	h->map_address   = format->map.address;
	h->epoch_address = format->map.epoch_address;
	h->holders_address = format->map.holders_address;
	h->holders_count = format->map.holders_count;
	h->map_stride    = format->map.stride;
	h->map_offset    = format->map.offset;
	h->map_width     = format->map.width;
	h->map_count     = format->map.count;
	for (unsigned i = 0; i < CAPLOG_STUB_LABELS; i++)
		h->stub[i] = format->stub[i];
	for (volatile char *d = h->flavour; d < h->flavour + CAPLOG_FLAVOUR_NAME_SIZE; d++)
		*d = f->name[d - h->flavour];
	shared_publish(&h->ready, 1);
	return 0;
}

/* Entry of a slot, or NULL if the table does not cover it */
static struct caplog_entry *entry_of(struct caplog_writer *w, uint32_t slot)
{
	return slot < w->table_count ? &w->table[slot] : NULL;
}

/* An append of the frequent kinds is one straight piece of code */
#define HOT static inline __attribute__((always_inline))

HOT struct caplog_cap load(const struct caplog_entry *e)
{
	return caplog_unpack(shared_get(&e->badge_kind), shared_get(&e->other_version),
	                     shared_get(&e->version));
}

HOT void store(struct caplog_entry *e, const struct caplog_cap *c)
{
	shared_put(&e->badge_kind, c->badge | ((uint32_t)c->kind << 28) | ((uint32_t)c->stale << 31));
	shared_put(&e->other_version, c->other | (uint32_t)(c->version >> 32) << 16);
	shared_publish(&e->version, (uint32_t)c->version);
}

static uint64_t version_of(const struct caplog_entry *e)
{
	return (uint64_t)(shared_get(&e->other_version) >> 16) << 32 | shared_get(&e->version);
}

/* Write a record behind the head, unpublished; `ahead` records are there already */
HOT void put_record(struct caplog_writer *w, uint32_t ahead, uint32_t badge_event,
                    uint32_t slot_other, uint32_t from_version, uint32_t version)
{
	struct caplog_record *to = &w->ring[(w->head_lo + ahead) & w->ring_mask];

	shared_put(&to->badge_event, badge_event);
	shared_put(&to->slot_other, slot_other);
	shared_put(&to->from_version, from_version);
	shared_put(&to->version, version);
}

/* A reader that finds the halves unequal knows in which step it is */
static __attribute__((noinline, cold)) void publish_carry(struct caplog_writer *w)
{
	w->head_hi++;
	shared_publish(&w->lane->head_hi, w->head_hi);
	shared_publish(&w->lane->head_lo, w->head_lo);
	shared_publish(&w->lane->head_hi_after, w->head_hi);
}

HOT void publish(struct caplog_writer *w, uint32_t records)
{
	uint32_t const before = w->head_lo, now = before + records;

	w->head_lo = now;
	if (now >= before)
		shared_publish(&w->lane->head_lo, now);
	else
		publish_carry(w);
}

static uint32_t event_word(unsigned kind, uint32_t badge)
{
	return (badge & CAPLOG_BADGE_MASK) | (uint32_t)kind << 28;
}

static void put_ext(struct caplog_writer *w, uint32_t ahead, uint32_t slot, uint64_t value)
{
	put_record(w, ahead, event_word(CAPLOG_EXT, 0), slot & 0xffffu, (uint32_t)value,
	           (uint32_t)(value >> 32));
}

/* Main record of an event, unpublished, and its count */
HOT void put_event(struct caplog_writer *w, unsigned kind, uint32_t slot, uint32_t badge,
                   uint32_t other, uint32_t from, uint64_t version)
{
	put_record(w, 0, event_word(kind, badge), (slot & 0xffffu) | other << 16,
	           (from & 0xffffu) | (uint32_t)(version >> 32) << 16, (uint32_t)version);
	shared_put(&w->lane->count[kind], ++w->count[kind]);
}

static int has_detail(const struct caplog_cap *cap)
{
	return cap->kind == CAPLOG_THREAD || cap->kind == CAPLOG_IRQ;
}

/* True while the detail describes what its slot holds */
static int detail_in_use(struct caplog_writer *w, const struct caplog_detail *d)
{
	struct caplog_entry *e = entry_of(w, shared_get(&d->slot_change) & 0xffffu);
	uint32_t const serial = shared_get(&d->serial);

	if (!serial || !e)
		return 0;
	struct caplog_cap const cap = load(e);
	return has_detail(&cap) && (uint32_t)(cap.version >> 8) == serial;
}

/* Newest of `count` details from `first` that belongs to this life of the slot, or NULL */
static struct caplog_detail *detail_of(struct caplog_writer *w, uint32_t first, uint32_t count,
                                       uint32_t slot, uint32_t serial)
{
	struct caplog_detail *newest = NULL;
	uint32_t of = 0;

	for (uint32_t i = first; i < first + count; i++) {
		struct caplog_detail *d = &w->details[i];
		uint32_t const slot_change = shared_get(&d->slot_change);

		if (shared_get(&d->serial) == serial && (slot_change & 0xffffu) == slot &&
		    (!newest || slot_change > of)) {
			newest = d;
			of = slot_change;
		}
	}
	return newest;
}

static struct caplog_detail *detail_alloc(struct caplog_writer *w)
{
	for (uint32_t i = w->detail_first; i < w->detail_first + w->detail_own; i++)
		if (!detail_in_use(w, &w->details[i]))
			return &w->details[i];
	return NULL;
}

static void put_detail(struct caplog_writer *w, uint32_t slot, uint64_t version,
                       uint64_t a, uint64_t b)
{
	uint32_t const serial = (uint32_t)(version >> 8);
	/* other lanes' details are theirs to reuse at any time: never write those */
	struct caplog_detail *d = detail_of(w, w->detail_first, w->detail_own, slot, serial);

	if (!d && !a && !b && !detail_of(w, 0, w->detail_count, slot, serial))
		return; /* none means 0 */
	if (!d)
		d = detail_alloc(w);
	if (!d) {
		shared_put(&w->lane->details_lost, ++w->details_lost);
		return;
	}
	shared_put(&d->serial, 0);
	shared_stores_in_order();
	shared_put(&d->slot_change, slot | ((uint32_t)version & 0xffu) << 16);
	shared_put(&d->a[0], (uint32_t)a);
	shared_put(&d->a[1], (uint32_t)(a >> 32));
	shared_put(&d->b[0], (uint32_t)b);
	shared_put(&d->b[1], (uint32_t)(b >> 32));
	shared_publish(&d->serial, serial);
}

/* A change that carries into the serial, which few lives see, takes the detail along */
static void carry_detail(struct caplog_writer *w, uint32_t slot, uint64_t before, uint64_t after)
{
	const struct caplog_detail *d =
		detail_of(w, 0, w->detail_count, slot, (uint32_t)(before >> 8));

	if (d)
		put_detail(w, slot, after,
		           (uint64_t)shared_get(&d->a[1]) << 32 | shared_get(&d->a[0]),
		           (uint64_t)shared_get(&d->b[1]) << 32 | shared_get(&d->b[0]));
}

static void count_uncovered(struct caplog_writer *w)
{
	if (!w->uncovered) {
		shared_put(&w->lane->uncovered_first[0], w->head_lo);
		shared_put(&w->lane->uncovered_first[1], w->head_hi);
	}
	if (w->uncovered != 0xffffffffu)
		w->uncovered++;
	shared_publish(&w->lane->uncovered, w->uncovered);
}

/* Event with `ext` further values; record first, table second (see abi.h) */
static void append_group(struct caplog_writer *w, unsigned kind, uint32_t slot,
                         uint32_t badge, uint32_t other, uint32_t from,
                         unsigned ext, uint64_t a, uint64_t b)
{
	struct caplog_entry *e = entry_of(w, slot);
	struct caplog_cap cap = e ? load(e) : caplog_unpack(0, 0, 0);
	uint64_t const before = cap.version;

	if (e)
		cap.version = caplog_next_version(before, kind);
	else
		count_uncovered(w);

	put_event(w, kind & 15u, slot, badge, other, from, cap.version);
	if (ext > 0)
		put_ext(w, 1, slot, a);
	if (ext > 1)
		put_ext(w, 2, slot, b);
	publish(w, 1 + ext);
	shared_stores_in_order();

	if (!e)
		return;
	/* 0 replaces an earlier value of the same life */
	if (kind == CAPLOG_THREAD_START || kind == CAPLOG_IRQ_ATTACH)
		put_detail(w, slot, cap.version, a, b);
	else if (kind == CAPLOG_STALE && has_detail(&cap) && !(cap.version & 0xff))
		carry_detail(w, slot, before, cap.version);
	caplog_step(&cap, kind, badge & CAPLOG_BADGE_MASK, (uint16_t)other);
	store(e, &cap);
}

static void put_early(struct caplog_writer *w, uint32_t badge_event, uint32_t slot_other,
                      uint32_t from_version, uint32_t version)
{
	struct caplog_record *to = &w->early[w->early_count++];

	to->badge_event  = badge_event;
	to->slot_other   = slot_other;
	to->from_version = from_version;
	to->version      = version;
}

/* Before there is a log: keep records as they are, versions come later */
static void append_early(struct caplog_writer *w, unsigned kind, uint32_t slot,
                         uint32_t badge, uint32_t other, uint32_t from,
                         unsigned ext, uint64_t a, uint64_t b)
{
	if (w->state == CAPLOG_WRITER_OFF)
		return;
	if (w->early_count + 1 + ext > CAPLOG_EARLY_MAX) {
		w->early_lost++;
		return;
	}
	put_early(w, event_word(kind, badge), (slot & 0xffffu) | other << 16, from & 0xffffu, 0);
	if (ext > 0)
		put_early(w, event_word(CAPLOG_EXT, 0), slot & 0xffffu, (uint32_t)a,
		          (uint32_t)(a >> 32));
	if (ext > 1)
		put_early(w, event_word(CAPLOG_EXT, 0), slot & 0xffffu, (uint32_t)b,
		          (uint32_t)(b >> 32));
}

/*
 * As append_group for an event that sets all of its slot's state, whatever it
 * was, on a slot that the table covers; `kind` is a constant
 */
HOT void append_state(struct caplog_writer *w, struct caplog_entry *e, unsigned kind,
                      uint32_t slot, uint32_t badge, uint32_t from)
{
	struct caplog_cap cap;

	cap.version = caplog_next_version(version_of(e), kind);
	put_event(w, kind, slot, badge, 0, from, cap.version);
	publish(w, 1);
	shared_stores_in_order();
	caplog_step(&cap, kind, badge & CAPLOG_BADGE_MASK, 0);
	store(e, &cap);
}

/* Likewise for an event that leaves some of it as it was, and knows no details */
static __attribute__((noinline))
void append_change(struct caplog_writer *w, struct caplog_entry *e, unsigned kind, uint32_t slot,
                   uint32_t badge, uint32_t other)
{
	struct caplog_cap cap = load(e);

	cap.version = caplog_next_version(cap.version, kind);
	put_event(w, kind, slot, badge, other, 0, cap.version);
	publish(w, 1);
	shared_stores_in_order();
	caplog_step(&cap, kind, badge & CAPLOG_BADGE_MASK, (uint16_t)other);
	store(e, &cap);
}

static __attribute__((noinline))
void append_other(struct caplog_writer *w, unsigned kind, uint32_t slot,
                  uint32_t badge, uint32_t other, uint32_t from)
{
	if (kind == CAPLOG_IRQ_ATTACH || kind == CAPLOG_IRQ_DETACH)
		badge = 0;
	if (w->state == CAPLOG_WRITER_ON)
		append_group(w, kind, slot, badge, other, from, 0, 0, 0);
	else
		append_early(w, kind, slot, badge, other, from, 0, 0, 0);
}

static int is_covered(const struct caplog_writer *w, uint32_t slot)
{
	return w->state == CAPLOG_WRITER_ON && slot < w->table_count;
}

void caplog_append(struct caplog_writer *w, unsigned kind, uint32_t slot,
                   uint32_t badge, uint32_t other, uint32_t from)
{
	/* the two that come with every short-lived capability */
	if (kind == CAPLOG_INSERT_MAP && !other && is_covered(w, slot))
		append_state(w, &w->table[slot], CAPLOG_INSERT_MAP, slot, badge, from);
	else if (kind == CAPLOG_REMOVE && !other && is_covered(w, slot))
		append_state(w, &w->table[slot], CAPLOG_REMOVE, slot, badge, from);
	else if ((kind == CAPLOG_RPC_ALLOC || kind == CAPLOG_RPC_FREE) && !from && is_covered(w, slot))
		append_change(w, &w->table[slot], kind, slot, badge, other);
	else
		append_other(w, kind, slot, badge, other, from);
}

void caplog_append_thread(struct caplog_writer *w, uint32_t slot, uint32_t badge,
                          uint64_t utcb, uint64_t thread_object)
{
	if (w->state == CAPLOG_WRITER_ON)
		append_group(w, CAPLOG_THREAD_START, slot, badge, 0, 0, 2, utcb, thread_object);
	else
		append_early(w, CAPLOG_THREAD_START, slot, badge, 0, 0, 2, utcb, thread_object);
}

void caplog_append_irq(struct caplog_writer *w, uint32_t irq_slot,
                       uint32_t thread_slot, uint64_t label)
{
	unsigned const ext = label ? 1 : 0;

	if (w->state == CAPLOG_WRITER_ON)
		append_group(w, CAPLOG_IRQ_ATTACH, irq_slot, 0, thread_slot, 0, ext, label, 0);
	else
		append_early(w, CAPLOG_IRQ_ATTACH, irq_slot, 0, thread_slot, 0, ext, label, 0);
}

static uint64_t ext_value(const struct caplog_record *r)
{
	return (uint64_t)r->version << 32 | r->from_version;
}

static void replay_early(struct caplog_writer *w)
{
	for (uint32_t i = 0; i < w->early_count; ) {
		const struct caplog_record *r = &w->early[i++];
		uint64_t value[2];
		unsigned ext = 0;

		value[0] = value[1] = 0;
		while (i < w->early_count && w->early[i].badge_event >> 28 == CAPLOG_EXT && ext < 2)
			value[ext++] = ext_value(&w->early[i++]);
		append_group(w, r->badge_event >> 28, r->slot_other & 0xffffu,
		             r->badge_event & CAPLOG_BADGE_MASK, r->slot_other >> 16,
		             r->from_version & 0xffffu, ext, value[0], value[1]);
	}
	if (w->early_lost)
		shared_put(&w->lane->early_lost, w->early_lost);
	w->early_count = 0;
}

int caplog_writer_attach(struct caplog_writer *w, void *log, uint32_t lane)
{
	struct caplog_header *h = log;
	uint8_t *base = log;

	if (!log || lane >= h->lane_count)
		return CAPLOG_EINVAL;

	uint32_t const details = caplog_divide(h->detail_count, h->lane_count);

	w->lane         = (struct caplog_lane *)(void *)(base + h->lane_offset) + lane;
	w->table        = (struct caplog_entry *)(void *)(base + h->table_offset);
	w->details      = (struct caplog_detail *)(void *)(base + h->detail_offset);
	w->ring         = (struct caplog_record *)(void *)(base + h->ring_offset)
	                  + lane * h->ring_count;
	w->table_count  = h->table_count;
	w->detail_count = h->detail_count;
	w->detail_own   = details;
	w->detail_first = lane * details;
	w->ring_mask    = h->ring_count - 1;
	w->head_lo = w->head_hi = 0;
	w->uncovered = w->details_lost = 0;
	for (volatile uint32_t *c = w->count; c < w->count + CAPLOG_EVENT_KINDS; c++)
		*c = 0;
	w->state = CAPLOG_WRITER_ON;
	replay_early(w);
	return 0;
}

void caplog_writer_off(struct caplog_writer *w)
{
	w->state = CAPLOG_WRITER_OFF;
	w->early_count = 0;
}

void caplog_writer_reset(struct caplog_writer *w)
{
	w->state = CAPLOG_WRITER_EARLY;
	w->early_count = 0;
	w->early_lost = 0;
}
