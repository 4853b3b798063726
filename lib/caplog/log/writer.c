/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/bytes.h>
#include <caplog/diag.h>
#include <caplog/writer.h>

#include "geometry.h"
#include "shared.h"

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
	struct caplog_entry const packed = caplog_pack(c);

	shared_put(&e->badge_kind, packed.badge_kind);
	shared_put(&e->other_version, packed.other_version);
	shared_publish(&e->version, packed.version);
}

static uint64_t version_of(const struct caplog_entry *e)
{
	return (uint64_t)(shared_get(&e->other_version) >> 16) << 32 | shared_get(&e->version);
}

/* Write a record after the head, unpublished; `ahead` records are there already */
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
	shared_publish(&w->head->head_hi, w->head_hi);
	shared_publish(&w->head->head_lo, w->head_lo);
	shared_publish(&w->head->head_hi_after, w->head_hi);
}

HOT void publish(struct caplog_writer *w, uint32_t records)
{
	uint32_t const before = w->head_lo, now = before + records;

	w->head_lo = now;
	if (now >= before)
		shared_publish(&w->head->head_lo, now);
	else
		publish_carry(w);
}

static uint32_t event_word(unsigned kind, uint32_t badge)
{
	return (badge & CAPLOG_BADGE_MASK) | (uint32_t)kind << CAPLOG_KIND_SHIFT;
}

static void put_ext(struct caplog_writer *w, uint32_t ahead, uint32_t slot, uint64_t value)
{
	put_record(w, ahead, event_word(CAPLOG_EXT, 0), slot & CAPLOG_HALF_MASK, (uint32_t)value,
	           (uint32_t)(value >> 32));
}

/* Main record of an event, unpublished, and its count */
HOT void put_event(struct caplog_writer *w, unsigned kind, uint32_t slot, uint32_t badge,
                   uint32_t other, uint32_t from, uint64_t version)
{
	put_record(w, 0, event_word(kind, badge), (slot & CAPLOG_HALF_MASK) | other << 16,
	           (from & CAPLOG_HALF_MASK) | (uint32_t)(version >> 32) << 16, (uint32_t)version);
	shared_put(&w->head->count[kind], ++w->count[kind]);
}

/* True while the detail describes what its slot holds */
static int detail_in_use(struct caplog_writer *w, const struct caplog_detail *d)
{
	struct caplog_entry *e = entry_of(w, shared_get(&d->slot_change) & CAPLOG_HALF_MASK);
	uint32_t const serial = shared_get(&d->serial);

	if (!serial || !e)
		return 0;
	struct caplog_cap const cap = load(e);
	return caplog_has_detail(cap.kind) && (uint32_t)(cap.version >> 8) == serial;
}

/* The detail of this life of the slot, or NULL */
static struct caplog_detail *detail_of(struct caplog_writer *w, uint32_t slot, uint32_t serial)
{
	for (uint32_t i = 0; i < w->detail_count; i++) {
		struct caplog_detail *d = &w->details[i];

		if (shared_get(&d->serial) == serial &&
		    (shared_get(&d->slot_change) & CAPLOG_HALF_MASK) == slot)
			return d;
	}
	return NULL;
}

static struct caplog_detail *detail_alloc(struct caplog_writer *w)
{
	for (uint32_t i = 0; i < w->detail_count; i++)
		if (!detail_in_use(w, &w->details[i]))
			return &w->details[i];
	return NULL;
}

static void put_detail(struct caplog_writer *w, uint32_t slot, uint64_t version,
                       uint64_t a, uint64_t b)
{
	uint32_t const serial = (uint32_t)(version >> 8);
	struct caplog_detail *d = detail_of(w, slot, serial);

	if (!d && !a && !b)
		return; /* none means 0 */
	if (!d)
		d = detail_alloc(w);
	if (!d) {
		shared_put(&w->head->details_lost, ++w->details_lost);
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
	const struct caplog_detail *d = detail_of(w, slot, (uint32_t)(before >> 8));

	if (d)
		put_detail(w, slot, after,
		           (uint64_t)shared_get(&d->a[1]) << 32 | shared_get(&d->a[0]),
		           (uint64_t)shared_get(&d->b[1]) << 32 | shared_get(&d->b[0]));
}

static void count_uncovered(struct caplog_writer *w)
{
	if (!w->uncovered) {
		shared_put(&w->head->uncovered_first[0], w->head_lo);
		shared_put(&w->head->uncovered_first[1], w->head_hi);
	}
	if (w->uncovered != 0xffffffffu)
		w->uncovered++;
	shared_publish(&w->head->uncovered, w->uncovered);
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

	put_event(w, kind & CAPLOG_EXT, slot, badge, other, from, cap.version);
	if (ext > 0)
		put_ext(w, 1, slot, a);
	if (ext > 1)
		put_ext(w, 2, slot, b);
	publish(w, 1 + ext);
	shared_stores_in_order();

	if (!e)
		return;
	caplog_step(&cap, kind, badge & CAPLOG_BADGE_MASK, (uint16_t)other);
	/* 0 replaces an earlier value of the same life */
	if (caplog_event_members(kind) & CAPLOG_MEMBER_A)
		put_detail(w, slot, cap.version, a, b);
	else if (caplog_has_detail(cap.kind) && !(cap.version & 0xff))
		carry_detail(w, slot, before, cap.version);
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
	put_early(w, event_word(kind, badge), (slot & CAPLOG_HALF_MASK) | other << 16,
	          from & CAPLOG_HALF_MASK, 0);
	if (ext > 0)
		put_early(w, event_word(CAPLOG_EXT, 0), slot & CAPLOG_HALF_MASK, (uint32_t)a,
		          (uint32_t)(a >> 32));
	if (ext > 1)
		put_early(w, event_word(CAPLOG_EXT, 0), slot & CAPLOG_HALF_MASK, (uint32_t)b,
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
void append_other(struct caplog_writer *w, unsigned kind, uint32_t slot, uint32_t badge,
                  uint32_t other, uint32_t from, uint64_t a, uint64_t b)
{
	unsigned const ext = caplog_event_ext(kind, a);

	if (!(caplog_event_members(kind) & CAPLOG_MEMBER_BADGE))
		badge = 0;
	if (w->state == CAPLOG_WRITER_ON)
		append_group(w, kind, slot, badge, other, from, ext, a, b);
	else
		append_early(w, kind, slot, badge, other, from, ext, a, b);
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
		append_other(w, kind, slot, badge, other, from, 0, 0);
}

void caplog_append_event(struct caplog_writer *w, const struct caplog_event *e)
{
	append_other(w, e->kind, e->slot, e->badge, e->other, e->from, e->a, e->b);
}

void caplog_append_thread(struct caplog_writer *w, uint32_t slot, uint32_t badge,
                          uint64_t utcb, uint64_t thread_object)
{
	append_other(w, CAPLOG_THREAD_START, slot, badge, 0, 0, utcb, thread_object);
}

void caplog_append_irq(struct caplog_writer *w, uint32_t irq_slot,
                       uint32_t thread_slot, uint64_t label)
{
	append_other(w, CAPLOG_IRQ_ATTACH, irq_slot, 0, thread_slot, 0, label, 0);
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
		while (i < w->early_count && ext < 2 &&
		       w->early[i].badge_event >> CAPLOG_KIND_SHIFT == CAPLOG_EXT)
			value[ext++] = ext_value(&w->early[i++]);
		append_group(w, r->badge_event >> CAPLOG_KIND_SHIFT, r->slot_other & CAPLOG_HALF_MASK,
		             r->badge_event & CAPLOG_BADGE_MASK, r->slot_other >> 16,
		             r->from_version & CAPLOG_HALF_MASK, ext, value[0], value[1]);
	}
	if (w->early_lost)
		shared_put(&w->head->early_lost, w->early_lost);
	w->early_count = 0;
}

static void attach(struct caplog_writer *w, void *log, const struct caplog_header *h)
{
	uint8_t *base = log;

	w->head         = (struct caplog_head *)(void *)(base + h->head_offset);
	w->table        = (struct caplog_entry *)(void *)(base + h->table_offset);
	w->details      = (struct caplog_detail *)(void *)(base + h->detail_offset);
	w->ring         = (struct caplog_record *)(void *)(base + h->ring_offset);
	w->table_count  = h->table_count;
	w->detail_count = h->detail_count;
	w->ring_mask    = h->ring_count - 1;
	w->head_lo = w->head_hi = 0;
	w->uncovered = w->details_lost = 0;
	caplog_clear(w->count, sizeof w->count);
	w->state = CAPLOG_WRITER_ON;
	replay_early(w);
}

int caplog_writer_attach(struct caplog_writer *w, void *log)
{
	if (!log)
		return CAPLOG_EINVAL;

	attach(w, log, log);
	return 0;
}

int caplog_writer_attach_shared(struct caplog_writer *w, void *log, size_t size,
                                const struct caplog_flavour *flavour)
{
	struct caplog_header own;

	if (!log || caplog_geometry(&own, size, flavour))
		return CAPLOG_EINVAL;

	attach(w, log, &own);
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
