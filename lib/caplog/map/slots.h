/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slot allocator of the cap map: bitmaps with a summary bit per word
 *
 * A part of map.c in a file of its own: an allocation is a handful of
 * instructions, which a call would double.
 */
#ifndef CAPLOG_SLOTS_H
#define CAPLOG_SLOTS_H

#include <caplog/map.h>

static inline uint32_t word_of(uint32_t slot) { return slot >> CAPLOG_WORD_SHIFT; }

static inline caplog_word bit_of(uint32_t i)
{
	return (caplog_word)1 << (i & (CAPLOG_WORD_BITS - 1));
}

static inline uint32_t lowest(caplog_word w) { return (uint32_t)__builtin_ctzl(w); }

/*
 * Is a slot one that is handed out? Not below `first`, and not the last of the
 * space, which the stock allocator never reaches
 */
static inline int in_range(const struct caplog_map *m, uint32_t slot)
{
	return slot >= m->first && slot + 1 < m->count;
}

/* Bits of a word at which a run of CAPLOG_WINDOW open slots begins */
static inline caplog_word window_bits(const struct caplog_map *m, uint32_t w)
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

static inline uint32_t lowest_slot(const struct caplog_map *m)
{
	for (uint32_t s = 0; s < m->sums; s++)
		if (m->open_sum[s]) {
			uint32_t const w = s * CAPLOG_WORD_BITS + lowest(m->open_sum[s]);
			return w * CAPLOG_WORD_BITS + lowest(m->open[w]);
		}
	return CAPLOG_NONE;
}

static inline uint32_t lowest_window(struct caplog_map *m)
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

/* Any run length, by walking the words; only for sizes that are rare */
static inline uint32_t lowest_run(const struct caplog_map *m, uint32_t n)
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

static inline void shut_slot(struct caplog_map *m, uint32_t slot)
{
	uint32_t const w = word_of(slot);

	m->open[w] &= ~bit_of(slot);
	if (!m->open[w])
		m->open_sum[word_of(w)] &= ~bit_of(w);
}

/* Slots from this one on, in the same word, are open now */
static inline void opened(struct caplog_map *m, uint32_t slot)
{
	uint32_t const w = word_of(slot);

	m->open_sum[word_of(w)] |= bit_of(w);
	m->window_sum[word_of(w)] |= bit_of(w);
	/* a run that reaches them may begin in the word below, if its last slot is open */
	if ((slot & (CAPLOG_WORD_BITS - 1)) < CAPLOG_WINDOW - 1 && w &&
	    m->open[w - 1] >> (CAPLOG_WORD_BITS - 1))
		m->window_sum[word_of(w - 1)] |= bit_of(w - 1);
}

static inline void open_slot(struct caplog_map *m, uint32_t slot)
{
	uint32_t const w = word_of(slot);

	if (!in_range(m, slot))
		return;
	m->open[w] |= bit_of(slot);
	opened(m, slot);
}

/* As above for CAPLOG_WINDOW slots, which mostly lie in one word */
static inline void shut_window(struct caplog_map *m, uint32_t slot)
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

static inline void open_window(struct caplog_map *m, uint32_t slot)
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

#endif
