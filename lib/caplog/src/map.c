/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/diag.h>
#include <caplog/map.h>

/* In next[]; no slots, since count <= 0xfffe */
#define END 0xfffeu /* the slot is the last of its chain          */
#define OUT 0xffffu /* the slot is not in the index; all bits set */

static uint32_t word_of(uint32_t slot) { return slot >> CAPLOG_WORD_SHIFT; }

static caplog_word bit_of(uint32_t i)
{
	return (caplog_word)1 << (i & (CAPLOG_WORD_BITS - 1));
}

static uint32_t lowest(caplog_word w) { return (uint32_t)__builtin_ctzl(w); }


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
	uint16_t *head = &m->head[bucket(m, m->badge[slot])];

	m->next[slot] = *head;
	*head = (uint16_t)slot;
}

static void unlink_badge(struct caplog_map *m, uint32_t slot, uint32_t badge)
{
	uint16_t *at = &m->head[bucket(m, badge)];

	while (*at != END && *at != slot)
		at = &m->next[*at];
	if (*at == END)
		return;
	*at = m->next[slot];
	m->next[slot] = OUT;
}

__attribute__((noinline, cold)) static void rebuild(struct caplog_map *m)
{
	for (uint32_t i = 0; i <= m->mask; i++)
		((volatile uint16_t *)m->head)[i] = END; /* no call of memset */
	for (uint32_t slot = 0; slot < m->count; slot++)
		if (is_indexed(m, slot))
			link(m, slot);
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
 * Is a slot one that is handed out? Not below `first`, and not the last of the
 * space, which the stock allocator never reaches
 */
static int in_range(const struct caplog_map *m, uint32_t slot)
{
	return slot >= m->first && slot + 1 < m->count;
}

/* Bits of a word at which a run of CAPLOG_WINDOW open slots begins */
static caplog_word window_bits(const struct caplog_map *m, uint32_t w)
{
	caplog_word const here = m->open[w];
	caplog_word const above = w + 1 < CAPLOG_WORDS(m->count) ? m->open[w + 1] : 0;
	/* runs of two, then runs of two runs of two */
	caplog_word const two = here & (here >> 1 | above << (CAPLOG_WORD_BITS - 1));
	caplog_word const two_above = above & above >> 1;

	return two & (two >> 2 | two_above << (CAPLOG_WORD_BITS - 2));
}

CAPLOG_ASSERT(CAPLOG_WINDOW == 4, "a window is four slots in all that follows");

/* The slots of a window in the word of the first */
#define WINDOW_BITS (((caplog_word)1 << CAPLOG_WINDOW) - 1)

static uint32_t lowest_slot(const struct caplog_map *m)
{
	for (uint32_t s = 0; s < m->sums; s++)
		if (m->open_sum[s]) {
			uint32_t const w = s * CAPLOG_WORD_BITS + lowest(m->open_sum[s]);
			return w * CAPLOG_WORD_BITS + lowest(m->open[w]);
		}
	return CAPLOG_NONE;
}

static uint32_t lowest_window(struct caplog_map *m)
{
	for (uint32_t s = 0; s < m->sums; s++)
		while (m->window_sum[s]) {
			uint32_t const w = s * CAPLOG_WORD_BITS + lowest(m->window_sum[s]);
			caplog_word const runs = window_bits(m, w);

			if (runs)
				return w * CAPLOG_WORD_BITS + lowest(runs);
			m->window_sum[s] &= m->window_sum[s] - 1; /* not any more */
		}
	return CAPLOG_NONE;
}

/* Any run length, by walking the words; only for sizes nobody needs often */
static uint32_t lowest_run(const struct caplog_map *m, uint32_t n)
{
	uint32_t begin = m->first, slot = m->first;

	while (slot - begin < n && slot < m->count) {
		uint32_t const at = slot & (CAPLOG_WORD_BITS - 1), left = CAPLOG_WORD_BITS - at;
		caplog_word const bits = m->open[word_of(slot)] >> at;
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

static void shut_slot(struct caplog_map *m, uint32_t slot)
{
	uint32_t const w = word_of(slot);

	m->open[w] &= ~bit_of(slot);
	if (!m->open[w])
		m->open_sum[word_of(w)] &= ~bit_of(w);
}

/* Slots from this one on, in the same word, are open now */
static void opened(struct caplog_map *m, uint32_t slot)
{
	uint32_t const w = word_of(slot);

	m->open_sum[word_of(w)] |= bit_of(w);
	m->window_sum[word_of(w)] |= bit_of(w);
	/* a run that reaches them may begin in the word below, if its last slot is open */
	if ((slot & (CAPLOG_WORD_BITS - 1)) < CAPLOG_WINDOW - 1 && w &&
	    m->open[w - 1] >> (CAPLOG_WORD_BITS - 1))
		m->window_sum[word_of(w - 1)] |= bit_of(w - 1);
}

static void open_slot(struct caplog_map *m, uint32_t slot)
{
	uint32_t const w = word_of(slot);

	if (!in_range(m, slot))
		return;
	m->open[w] |= bit_of(slot);
	opened(m, slot);
}

/* As above for CAPLOG_WINDOW slots, which mostly lie in one word */
static void shut_window(struct caplog_map *m, uint32_t slot)
{
	uint32_t const at = slot & (CAPLOG_WORD_BITS - 1), w = word_of(slot);

	if (at > CAPLOG_WORD_BITS - CAPLOG_WINDOW) {
		for (uint32_t i = 0; i < CAPLOG_WINDOW; i++)
			shut_slot(m, slot + i);
		return;
	}
	m->open[w] &= ~(WINDOW_BITS << at);
	if (!m->open[w])
		m->open_sum[word_of(w)] &= ~bit_of(w);
}

static void open_window(struct caplog_map *m, uint32_t slot)
{
	uint32_t const at = slot & (CAPLOG_WORD_BITS - 1), w = word_of(slot);

	if (at > CAPLOG_WORD_BITS - CAPLOG_WINDOW || slot < m->first ||
	    slot + CAPLOG_WINDOW >= m->count) {
		for (uint32_t i = 0; i < CAPLOG_WINDOW; i++)
			open_slot(m, slot + i);
		return;
	}
	m->open[w] |= WINDOW_BITS << at;
	opened(m, slot);
}

void caplog_map_init(struct caplog_map *m, uint32_t count, uint32_t first,
                     uint32_t buckets, struct caplog_writer *log)
{
	m->epoch = m->indexed_epoch = 0;
	m->count = count;
	m->first = first;
	m->mask  = buckets - 1;
	m->log   = log;
	m->sums  = CAPLOG_WORDS(CAPLOG_WORDS(count));
	for (uint32_t w = 0; w < CAPLOG_WORDS(count); w++)
		((volatile caplog_word *)m->open)[w] = 0;
	for (uint32_t i = 0; i < m->sums; i++) {
		((volatile caplog_word *)m->open_sum)[i] = 0;
		((volatile caplog_word *)m->window_sum)[i] = 0;
	}
	for (uint32_t slot = 0; slot < count; slot++) {
		((volatile uint16_t *)m->badge)[slot] = 0;
		((volatile uint16_t *)m->next)[slot] = OUT;
		open_slot(m, slot);
	}
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
	return is_indexed(m, slot) || (m->badge[slot] && m->badge[slot] != 0xffff);
}

/* Make a slot an allocated one without a badge, whatever it was */
static void take(struct caplog_map *m, uint32_t slot)
{
	if (is_indexed(m, slot))
		unlink_badge(m, slot, m->badge[slot]);
	m->badge[slot] = 0xffff;
}

static uint32_t alloc_slot(struct caplog_map *m)
{
	uint32_t const slot = lowest_slot(m);

	if (slot == CAPLOG_NONE)
		return CAPLOG_NONE;
	shut_slot(m, slot);
	m->badge[slot] = 0xffff;
	return slot;
}

static void put_window(struct caplog_map *m, uint32_t slot, uint16_t badge)
{
	uint16_t *b = m->badge + slot;

	b[0] = b[1] = b[2] = b[3] = badge;
}

static uint32_t alloc_window(struct caplog_map *m)
{
	uint32_t const slot = lowest_window(m);

	if (slot == CAPLOG_NONE)
		return CAPLOG_NONE;
	shut_window(m, slot);
	put_window(m, slot, 0xffff);
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
		m->badge[i] = 0xffff;
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

/* Are these as alloc_window left them? */
static int is_window(const struct caplog_map *m, uint32_t slot)
{
	const uint16_t *n = m->next + slot, *b = m->badge + slot;

	return (n[0] & n[1] & n[2] & n[3] & b[0] & b[1] & b[2] & b[3]) == 0xffff; /* OUT, no badge */
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
	m->badge[slot] = (uint16_t)badge;
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

	badge = (uint16_t)badge; /* as wide as an entry holds */
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

	badge = (uint16_t)badge;
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
	if (slot >= m->count || m->badge[slot] == (uint16_t)badge)
		return;
	validate(m);

	int const member = is_indexed(m, slot);
	/* to the log an entry under another badge is another one */
	if (is_logged(m, slot))
		log_event(m, CAPLOG_REMOVE, slot, m->badge[slot], 0);
	if (member)
		unlink_badge(m, slot, m->badge[slot]);
	m->badge[slot] = (uint16_t)badge;
	if (m->badge[slot])
		shut_slot(m, slot);
	else
		open_slot(m, slot);
	if (member && m->badge[slot]) {
		link(m, slot);
		log_event(m, CAPLOG_INSERT_AT, slot, m->badge[slot], 0);
	}
}

uint32_t caplog_map_used(const struct caplog_map *m)
{
	uint32_t n = 0;

	for (uint32_t slot = 0; slot < m->count; slot++)
		n += m->badge[slot] != 0;
	return n;
}
