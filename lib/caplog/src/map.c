/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/map.h>

#include "diag.h"

#define END 0xffffu /* end of a chain; no slot, since count <= 0xfffe */

static uint32_t word_of(uint32_t slot) { return slot >> CAPLOG_WORD_SHIFT; }

static caplog_word bit_of(uint32_t i)
{
	return (caplog_word)1 << (i & (CAPLOG_WORD_BITS - 1));
}

static int test(const caplog_word *set, uint32_t i)
{
	return (set[word_of(i)] & bit_of(i)) != 0;
}

static uint32_t lowest(caplog_word w) { return (uint32_t)__builtin_ctzl(w); }

static void put_bit(caplog_word *set, uint32_t i, int on)
{
	if (on)
		set[word_of(i)] |= bit_of(i);
	else
		set[word_of(i)] &= ~bit_of(i);
}


/*
 * Index: chains of slots by hashed badge
 */

/* Badges are multiples of 4 or 8: a multiplicative hash spreads the rest */
static uint32_t bucket(const struct caplog_map *m, uint32_t badge)
{
	return ((badge * 0x9e3779b1u) >> 16) & m->mask;
}

static void link(struct caplog_map *m, uint32_t slot)
{
	uint16_t *head = &m->head[bucket(m, m->badge[slot])];

	m->next[slot] = *head;
	*head = (uint16_t)slot;
	put_bit(m->member, slot, 1);
}

static void unlink_badge(struct caplog_map *m, uint32_t slot, uint32_t badge)
{
	uint16_t *at = &m->head[bucket(m, badge)];

	while (*at != END && *at != slot)
		at = &m->next[*at];
	if (*at == END)
		return;
	*at = m->next[slot];
	put_bit(m->member, slot, 0);
}

static void rebuild(struct caplog_map *m)
{
	for (uint32_t i = 0; i <= m->mask; i++)
		((volatile uint16_t *)m->head)[i] = END; /* no call of memset */
	for (uint32_t w = 0; w < CAPLOG_WORDS(m->count); w++)
		for (caplog_word left = m->member[w]; left; left &= left - 1)
			link(m, w * CAPLOG_WORD_BITS + lowest(left));
	m->indexed_epoch = m->epoch;
}

/* The monitor writes the epoch while the component is stopped, so read it anew */
static void validate(struct caplog_map *m)
{
	if (__atomic_load_n(&m->epoch, __ATOMIC_RELAXED) != m->indexed_epoch)
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
 * Allocator: bitmaps with a summary bit per word
 */

/*
 * Free slots of a word that may be handed out: not below `first`, and not the
 * last slot of the space, which the stock allocator never reaches
 */
static caplog_word free_bits(const struct caplog_map *m, uint32_t w)
{
	uint32_t const low = w * CAPLOG_WORD_BITS;
	caplog_word bits = ~m->used[w];

	if (low < m->first)
		bits &= m->first - low >= CAPLOG_WORD_BITS ? 0 : ~(caplog_word)0 << (m->first - low);
	if (low + CAPLOG_WORD_BITS >= m->count)
		bits &= low >= m->count - 1 ? 0 : bit_of(m->count - 1) - 1;
	return bits;
}

/* Bits of a word at which a run of CAPLOG_WINDOW free slots begins */
static caplog_word window_bits(const struct caplog_map *m, uint32_t w)
{
	caplog_word const here = free_bits(m, w);
	caplog_word const above = w + 1 < CAPLOG_WORDS(m->count) ? free_bits(m, w + 1) : 0;
	caplog_word runs = here;

	for (unsigned i = 1; i < CAPLOG_WINDOW; i++)
		runs &= here >> i | above << (CAPLOG_WORD_BITS - i);
	return runs;
}

static void summarise(struct caplog_map *m, uint32_t w)
{
	put_bit(m->free_sum, w, free_bits(m, w) != 0);
	put_bit(m->window_sum, w, window_bits(m, w) != 0);
}

/* Slots of word w changed: its summary, and runs that reach into it from below */
static void changed(struct caplog_map *m, uint32_t w)
{
	summarise(m, w);
	if (w)
		put_bit(m->window_sum, w - 1, window_bits(m, w - 1) != 0);
}

static uint32_t lowest_in(const struct caplog_map *m, const caplog_word *sum,
                          caplog_word (*bits)(const struct caplog_map *, uint32_t))
{
	for (uint32_t s = 0; s < CAPLOG_WORDS(CAPLOG_WORDS(m->count)); s++)
		if (sum[s]) {
			uint32_t const w = s * CAPLOG_WORD_BITS + lowest(sum[s]);
			return w * CAPLOG_WORD_BITS + lowest(bits(m, w));
		}
	return CAPLOG_NONE;
}

/* Any run length, by walking the words; only for sizes nobody needs often */
static uint32_t lowest_run(const struct caplog_map *m, uint32_t n)
{
	uint32_t begin = m->first, slot = m->first;

	while (slot - begin < n && slot < m->count) {
		uint32_t const at = slot & (CAPLOG_WORD_BITS - 1), left = CAPLOG_WORD_BITS - at;
		caplog_word const bits = free_bits(m, word_of(slot)) >> at;
		uint32_t const run = ~bits ? lowest(~bits) : CAPLOG_WORD_BITS;

		if (run >= left) {
			slot += left;
		} else if (slot + run - begin >= n) {
			return begin;
		} else {
			slot += run + 1;
			begin = slot;
		}
	}
	return slot - begin >= n && begin + n < m->count ? begin : CAPLOG_NONE;
}

static void mark(struct caplog_map *m, uint32_t slot, uint32_t n, int used)
{
	uint32_t const last = word_of(slot + n - 1);

	for (uint32_t i = slot; i < slot + n; i++)
		put_bit(m->used, i, used);
	for (uint32_t w = word_of(slot); w <= last; w++)
		changed(m, w);
}

void caplog_map_init(struct caplog_map *m, uint32_t count, uint32_t first,
                     uint32_t buckets, struct caplog_writer *log)
{
	m->epoch = m->indexed_epoch = 0;
	m->holders = 0;
	m->count = count;
	m->first = first;
	m->mask  = buckets - 1;
	m->log   = log;
	for (volatile uint16_t *b = m->badge; b < m->badge + count; b++)
		*b = 0;
	for (uint32_t w = 0; w < CAPLOG_WORDS(count); w++) {
		*(volatile caplog_word *)&m->used[w] = 0;
		*(volatile caplog_word *)&m->member[w] = 0;
	}
	for (uint32_t s = 0; s < CAPLOG_WORDS(CAPLOG_WORDS(count)); s++) {
		*(volatile caplog_word *)&m->free_sum[s] = 0;
		*(volatile caplog_word *)&m->window_sum[s] = 0;
	}
	for (uint32_t w = 0; w < CAPLOG_WORDS(count); w++)
		summarise(m, w);
	rebuild(m);
}

uint32_t caplog_map_find(struct caplog_map *m, uint32_t badge)
{
	validate(m);
	return find(m, (uint16_t)badge);
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
	return test(m->member, slot) || (m->badge[slot] && m->badge[slot] != 0xffff);
}

/* Make a slot an allocated one without a badge, whatever it was */
static void take(struct caplog_map *m, uint32_t slot)
{
	if (test(m->member, slot))
		unlink_badge(m, slot, m->badge[slot]);
	m->badge[slot] = 0xffff;
}

uint32_t caplog_map_alloc(struct caplog_map *m, uint32_t n)
{
	uint32_t slot;

	if (n == 1)
		slot = lowest_in(m, m->free_sum, free_bits);
	else if (n == CAPLOG_WINDOW)
		slot = lowest_in(m, m->window_sum, window_bits);
	else
		slot = n && n < m->count ? lowest_run(m, n) : CAPLOG_NONE;
	if (slot == CAPLOG_NONE)
		return CAPLOG_NONE;
	for (uint32_t i = slot; i < slot + n; i++)
		((volatile uint16_t *)m->badge)[i] = 0xffff;
	mark(m, slot, n, 1);
	return slot;
}

int caplog_map_free(struct caplog_map *m, uint32_t slot, uint32_t n)
{
	if (!n || slot >= m->count || n > m->count - slot)
		return CAPLOG_EINVAL;
	validate(m);
	for (uint32_t i = slot; i < slot + n; i++) {
		if (is_logged(m, i))
			log_event(m, CAPLOG_REMOVE, i, m->badge[i], 0);
		take(m, i);
		m->badge[i] = 0;
	}
	mark(m, slot, n, 0);
	return 0;
}

static void enter(struct caplog_map *m, uint32_t slot, uint32_t badge)
{
	m->badge[slot] = (uint16_t)badge;
	link(m, slot);
}

uint32_t caplog_map_insert(struct caplog_map *m, uint32_t badge)
{
	validate(m);
	uint32_t const slot = caplog_map_alloc(m, 1);
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

	badge = (uint16_t)badge; /* as wide as an entry holds */
	uint32_t const old = find(m, badge);
	if (old != CAPLOG_NONE && old != slot)
		make_stale(m, old);
	take(m, slot);
	mark(m, slot, 1, 1);
	enter(m, slot, badge);
	log_event(m, CAPLOG_INSERT_AT, slot, badge, 0);
	return 0;
}

uint32_t caplog_map_insert_map(struct caplog_map *m, uint32_t badge, uint32_t from,
                               const struct caplog_map_ops *ops)
{
	validate(m);

	badge = (uint16_t)badge;
	uint32_t const old = find(m, badge);
	if (old != CAPLOG_NONE) {
		if (ops->equal(ops->ctx, old, from))
			return old;
		if (ops->valid(ops->ctx, old))
			return CAPLOG_NONE;
		make_stale(m, old);
	}

	uint32_t const slot = caplog_map_alloc(m, 1);
	if (slot == CAPLOG_NONE)
		return CAPLOG_NONE;
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
	mark(m, slot, 1, 0);
	log_event(m, CAPLOG_REMOVE, slot, badge, mapped ? 1 : 0);
	return 0;
}

void caplog_map_set_badge(struct caplog_map *m, uint32_t slot, uint32_t badge)
{
	if (slot >= m->count || m->badge[slot] == (uint16_t)badge)
		return;
	validate(m);

	int const member = test(m->member, slot);
	/* to the log an entry under another badge is another one */
	if (is_logged(m, slot))
		log_event(m, CAPLOG_REMOVE, slot, m->badge[slot], 0);
	if (member)
		unlink_badge(m, slot, m->badge[slot]);
	m->badge[slot] = (uint16_t)badge;
	mark(m, slot, 1, m->badge[slot] != 0);
	if (member && m->badge[slot]) {
		link(m, slot);
		log_event(m, CAPLOG_INSERT_AT, slot, m->badge[slot], 0);
	}
}

uint32_t caplog_map_used(const struct caplog_map *m)
{
	uint32_t n = 0;

	for (uint32_t w = 0; w < CAPLOG_WORDS(m->count); w++)
		for (caplog_word left = m->used[w]; left; left &= left - 1)
			n++;
	return n;
}
