/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/bytes.h>
#include <caplog/diag.h>

#include "slots.h"

/* In next[]; no slots, since count is below both */
#define OUT CAPLOG_NO_LINK              /* the slot is not in the index; all bits set */
#define END ((caplog_link)(OUT - 1))    /* the slot is the last of its chain          */

/* Elements of the arrays below are as wide as a badge */
static void fill(void *to, uint32_t value, size_t count)
{
	if (sizeof(caplog_badge) == sizeof(uint32_t))
		caplog_fill_words(to, value, count);
	else
		caplog_fill(to, (uint16_t)value, count);
}

/* As wide as an entry, a record and the table hold it; more is a forged one */
static caplog_badge narrow(uint32_t badge)
{
	return (caplog_badge)(badge & (((uint32_t)1 << CAPLOG_OWN(BADGE_BITS)) - 1));
}


/*
 * Index: chains of slots by hashed badge
 */

/* Badges are multiples of 4 or 8: a multiplicative hash spreads the rest */
static uint32_t bucket(const struct caplog_map *m, uint32_t badge)
{
	return ((badge * 0x9e3779b1u) >> 16) & m->mask;
}

static int is_indexed(const struct caplog_map *m, uint32_t slot)
{
	return m->next[slot] != OUT;
}

static void link(struct caplog_map *m, uint32_t slot)
{
	caplog_link *head = &m->head[bucket(m, m->badge[slot])];

	m->next[slot] = *head;
	*head = (caplog_link)slot;
}

static void unlink_badge(struct caplog_map *m, uint32_t slot, uint32_t badge)
{
	caplog_link *at = &m->head[bucket(m, badge)];

	while (*at != END && *at != slot)
		at = &m->next[*at];
	if (*at == END)
		return;
	*at = m->next[slot];
	m->next[slot] = OUT;
}

__attribute__((noinline, cold)) static void rebuild(struct caplog_map *m)
{
	uint32_t const epoch = __atomic_load_n(&m->epoch, __ATOMIC_RELAXED);

	fill(m->head, END, m->mask + 1);
	for (uint32_t slot = 0; slot < m->count; slot++)
		if (is_indexed(m, slot))
			link(m, slot);
	m->indexed_epoch = epoch;
}

/*
 * The monitor writes the epoch while the component is stopped, so it is read each
 * time; in the middle of rebuild, too, and then all begins anew
 */
static void validate(struct caplog_map *m)
{
	while (__atomic_load_n(&m->epoch, __ATOMIC_RELAXED) != m->indexed_epoch)
		rebuild(m);
}

static uint32_t find(const struct caplog_map *m, uint32_t badge)
{
	uint32_t slot = m->head[bucket(m, badge)];

	while (slot != END && m->badge[slot] != badge)
		slot = m->next[slot];
	return slot == END ? CAPLOG_NONE : slot;
}


/*
 * Life of a map
 */

void caplog_map_init(struct caplog_map *m, uint32_t count, uint32_t first,
                     uint32_t buckets, struct caplog_writer *log)
{
	m->epoch = m->indexed_epoch = 0;
	m->count = count;
	m->first = first;
	m->mask  = buckets - 1;
	m->log   = log;
	m->sums  = CAPLOG_WORDS(CAPLOG_WORDS(count));
	caplog_clear(m->open, CAPLOG_WORDS(count) * sizeof *m->open);
	caplog_clear(m->open_sum, m->sums * sizeof *m->open_sum);
	caplog_clear(m->window_sum, m->sums * sizeof *m->window_sum);
	fill(m->badge, 0, count);
	fill(m->next, OUT, count);
	for (uint32_t slot = 0; slot < count; slot++)
		open_slot(m, slot);
	rebuild(m);
}

uint32_t caplog_map_find(struct caplog_map *m, uint32_t badge)
{
	validate(m);
	return find(m, narrow(badge));
}

static void log_event(struct caplog_map *m, unsigned kind, uint32_t slot, uint32_t badge,
                      uint32_t from)
{
	if (m->log)
		caplog_append(m->log, kind, slot, badge, 0, from);
}

/* Might the log hold something for this slot? Windows and free slots it does not know */
static int is_logged(const struct caplog_map *m, uint32_t slot)
{
	return is_indexed(m, slot) || (m->badge[slot] && m->badge[slot] != CAPLOG_BADGE_NONE);
}

/* Make a slot an allocated one without a badge, whatever it was */
static void take(struct caplog_map *m, uint32_t slot)
{
	if (is_indexed(m, slot))
		unlink_badge(m, slot, m->badge[slot]);
	m->badge[slot] = CAPLOG_BADGE_NONE;
}

static uint32_t alloc_slot(struct caplog_map *m)
{
	uint32_t const slot = lowest_slot(m);

	if (slot == CAPLOG_NONE)
		return CAPLOG_NONE;
	shut_slot(m, slot);
	m->badge[slot] = CAPLOG_BADGE_NONE;
	return slot;
}

static void put_window(struct caplog_map *m, uint32_t slot, caplog_badge badge)
{
	caplog_badge *b = m->badge + slot;

	b[0] = b[1] = b[2] = b[3] = badge;
}

static uint32_t alloc_window(struct caplog_map *m)
{
	uint32_t const slot = lowest_window(m);

	if (slot == CAPLOG_NONE)
		return CAPLOG_NONE;
	shut_window(m, slot);
	put_window(m, slot, CAPLOG_BADGE_NONE);
	return slot;
}

uint32_t caplog_map_alloc(struct caplog_map *m, uint32_t n)
{
	if (n == CAPLOG_WINDOW)
		return alloc_window(m);
	if (n == 1)
		return alloc_slot(m);

	uint32_t const slot = n && n < m->count ? lowest_run(m, n) : CAPLOG_NONE;
	if (slot == CAPLOG_NONE)
		return CAPLOG_NONE;
	for (uint32_t i = slot; i < slot + n; i++) {
		m->badge[i] = CAPLOG_BADGE_NONE;
		shut_slot(m, i);
	}
	return slot;
}

static __attribute__((noinline))
void free_slots(struct caplog_map *m, uint32_t slot, uint32_t n)
{
	for (uint32_t i = slot; i < slot + n; i++) {
		if (is_logged(m, i))
			log_event(m, CAPLOG_REMOVE, i, m->badge[i], 0);
		if (is_indexed(m, i))
			unlink_badge(m, i, m->badge[i]);
		m->badge[i] = 0;
	}
	for (uint32_t i = slot; i < slot + n; i++)
		open_slot(m, i);
}

/* Are these as alloc_window left them? All bits are set then */
CAPLOG_ASSERT(CAPLOG_BADGE_NONE == OUT && sizeof(caplog_badge) == sizeof(caplog_link),
              "one test for both");

static int is_window(const struct caplog_map *m, uint32_t slot)
{
	const caplog_link *n = m->next + slot;
	const caplog_badge *b = m->badge + slot;

	return (n[0] & n[1] & n[2] & n[3] & b[0] & b[1] & b[2] & b[3]) == OUT;
}

int caplog_map_free(struct caplog_map *m, uint32_t slot, uint32_t n)
{
	if (!n || slot >= m->count || n > m->count - slot)
		return CAPLOG_EINVAL;
	validate(m);
	if (n == CAPLOG_WINDOW && is_window(m, slot)) {
		put_window(m, slot, 0);
		open_window(m, slot);
	} else {
		free_slots(m, slot, n);
	}
	return 0;
}

static void enter(struct caplog_map *m, uint32_t slot, uint32_t badge)
{
	m->badge[slot] = narrow(badge);
	link(m, slot);
}

uint32_t caplog_map_insert(struct caplog_map *m, uint32_t badge)
{
	validate(m);
	uint32_t const slot = alloc_slot(m);
	if (slot == CAPLOG_NONE)
		return CAPLOG_NONE;
	enter(m, slot, badge);
	log_event(m, CAPLOG_INSERT_AT, slot, m->badge[slot], 0);
	return slot;
}

/* The entry leaves the index and stays allocated */
static void make_stale(struct caplog_map *m, uint32_t slot)
{
	unlink_badge(m, slot, m->badge[slot]);
	log_event(m, CAPLOG_STALE, slot, m->badge[slot], 0);
}

int caplog_map_insert_at(struct caplog_map *m, uint32_t badge, uint32_t slot)
{
	if (slot >= m->count)
		return CAPLOG_EINVAL;
	validate(m);

	badge = narrow(badge);
	uint32_t const old = find(m, badge);
	if (old != CAPLOG_NONE && old != slot)
		make_stale(m, old);
	take(m, slot);
	shut_slot(m, slot);
	enter(m, slot, badge);
	log_event(m, CAPLOG_INSERT_AT, slot, badge, 0);
	return 0;
}

uint32_t caplog_map_insert_map(struct caplog_map *m, uint32_t badge, uint32_t from,
                               const struct caplog_map_ops *ops, int *fresh)
{
	validate(m);
	if (fresh)
		*fresh = 0;

	badge = narrow(badge);
	uint32_t const old = find(m, badge);
	if (old != CAPLOG_NONE) {
		if (ops->equal(ops->ctx, old, from))
			return old;
		if (ops->valid(ops->ctx, old))
			return CAPLOG_NONE;
		make_stale(m, old);
	}

	uint32_t const slot = alloc_slot(m);
	if (slot == CAPLOG_NONE)
		return CAPLOG_NONE;
	if (fresh)
		*fresh = 1;
	enter(m, slot, badge);
	ops->grant(ops->ctx, from, slot);
	log_event(m, CAPLOG_INSERT_MAP, slot, badge, from);
	return slot;
}

int caplog_map_remove(struct caplog_map *m, uint32_t slot, int mapped)
{
	if (slot >= m->count)
		return CAPLOG_EINVAL;
	validate(m);

	uint32_t const badge = m->badge[slot];
	take(m, slot);
	m->badge[slot] = 0;
	open_slot(m, slot);
	log_event(m, CAPLOG_REMOVE, slot, badge, mapped ? 1 : 0);
	return 0;
}

void caplog_map_set_badge(struct caplog_map *m, uint32_t slot, uint32_t badge)
{
	badge = (caplog_badge)badge == CAPLOG_BADGE_NONE ? CAPLOG_BADGE_NONE : narrow(badge);
	if (slot >= m->count || m->badge[slot] == (caplog_badge)badge)
		return;
	validate(m);

	int const member = is_indexed(m, slot);
	/* to the log an entry under another badge is another one */
	if (is_logged(m, slot))
		log_event(m, CAPLOG_REMOVE, slot, m->badge[slot], 0);
	if (member)
		unlink_badge(m, slot, m->badge[slot]);
	m->badge[slot] = (caplog_badge)badge;
	if (m->badge[slot])
		shut_slot(m, slot);
	else
		open_slot(m, slot);
	if (member && m->badge[slot]) {
		link(m, slot);
		log_event(m, CAPLOG_INSERT_AT, slot, m->badge[slot], 0);
	}
}
