/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flat cap map: badge -> slot, and the slot allocator
 *
 * Parallel arrays instead of tree nodes. The badge array is the truth; the
 * hash index over it is derived and rebuilt when the epoch word changes, so a
 * monitor may overwrite any badge while the component is stopped. Lowest-fit
 * allocation of single slots and of windows of four works on bitmaps with a
 * summary and scans nothing (a summary bit that went out of date is cleared
 * when it is found, at most once per slot that was freed). Results equal those
 * of the stock classes (Genode 16.08 base-foc, cap_map.cc and cap_alloc.h).
 *
 * Freestanding. Not thread-safe: the caller holds the map's spinlock.
 */
#ifndef CAPLOG_MAP_H
#define CAPLOG_MAP_H

#include <caplog/writer.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned long caplog_word;
#define CAPLOG_WORD_BITS (8u * (unsigned)sizeof(caplog_word))
#define CAPLOG_WORD_SHIFT (sizeof(caplog_word) == 8 ? 6 : 5)
#define CAPLOG_WORDS(bits) (((bits) + CAPLOG_WORD_BITS - 1) >> CAPLOG_WORD_SHIFT)

/* Slots of a receive window: capabilities per message in Genode */
#define CAPLOG_WINDOW 4u

/* No slot: out of slots, or not found */
#define CAPLOG_NONE 0xffffffffu

struct caplog_map {
	uint32_t  epoch;         /* the monitor adds 1 after it wrote badges  */
	uint32_t  indexed_epoch; /* epoch the index was built for             */
	uint32_t  count;         /* slots                                     */
	uint32_t  first;         /* lowest slot that is handed out            */
	uint32_t  mask;          /* buckets - 1                               */
	uint32_t  sums;          /* words of open_sum and window_sum          */
	caplog_badge *badge;     /* [count] 0: unused; or CAPLOG_BADGE_NONE    */
	caplog_link *next;       /* [count] chain of the slot's bucket; says
	                            as well whether the slot is in the index  */
	caplog_link *head;       /* [buckets]                                 */
	caplog_word *open;       /* [words] free, and in the range of alloc   */
	caplog_word *open_sum;   /* [sums] words with an open slot            */
	caplog_word *window_sum; /* [sums] at least the words in which a run of
	                            open slots begins that holds a window     */
	struct caplog_writer *log; /* NULL: not logged (core)                 */
};

/*
 * Storage for a map of `count` slots and `buckets` (a power of two); at
 * `count` 4096 and 2048 buckets 21.1 KiB on 64 bit, and with badges wider than
 * 16 bits 41.1 KiB. Zeroed memory is enough: caplog_map_init does the rest.
 */
#define CAPLOG_MAP_STORAGE(count, buckets)                       \
	struct {                                                       \
		caplog_badge badge[count];                                   \
		caplog_link next[count];                                     \
		caplog_link head[buckets];                                   \
		caplog_word open[CAPLOG_WORDS(count)];                       \
		caplog_word open_sum[CAPLOG_WORDS(CAPLOG_WORDS(count))];     \
		caplog_word window_sum[CAPLOG_WORDS(CAPLOG_WORDS(count))];   \
	}

#define CAPLOG_MAP_BIND(map, storage)                            \
	do {                                                           \
		(map)->badge = (storage)->badge;                             \
		(map)->next = (storage)->next;                               \
		(map)->head = (storage)->head;                               \
		(map)->open = (storage)->open;                               \
		(map)->open_sum = (storage)->open_sum;                       \
		(map)->window_sum = (storage)->window_sum;                   \
	} while (0)

/* What insert_map asks of the kernel; all act on the component's own task */
struct caplog_map_ops {
	int  (*equal)(void *ctx, uint32_t slot, uint32_t other); /* same object? */
	int  (*valid)(void *ctx, uint32_t slot);                 /* anything there? */
	void (*grant)(void *ctx, uint32_t from, uint32_t to);    /* move a mapping */
	void *ctx;
};

/*
 * Empty a map whose array pointers are bound
 *
 * \param count    slots, at most CAPLOG_NO_LINK - 1
 * \param first    lowest slot that caplog_map_alloc hands out
 * \param buckets  power of two, size of head[]
 * \param log      where events go, NULL for nowhere
 */
void caplog_map_init(struct caplog_map *map, uint32_t count, uint32_t first,
                     uint32_t buckets, struct caplog_writer *log);

/*
 * Find the indexed entry with a badge
 *
 * \return slot, or CAPLOG_NONE
 */
uint32_t caplog_map_find(struct caplog_map *map, uint32_t badge);

/*
 * Allocate `n` consecutive slots, lowest fit, marked as without a badge
 *
 * Like the stock allocator it never hands out the last slot of the space.
 *
 * \return first slot, or CAPLOG_NONE
 */
uint32_t caplog_map_alloc(struct caplog_map *map, uint32_t n);

/* Free `n` slots; those not allocated are ignored, those in the index leave it.
 * \return 0; -EINVAL if the range is out of bounds (nothing is freed) */
int caplog_map_free(struct caplog_map *map, uint32_t slot, uint32_t n);

/* insert(id): badge at a new slot, lowest fit (core). \return slot or CAPLOG_NONE */
uint32_t caplog_map_insert(struct caplog_map *map, uint32_t badge);

/*
 * insert(id, kcap): badge at a given slot, allocated or not
 *
 * Another entry with the badge leaves the index and stays allocated (stale).
 *
 * \return 0; -EINVAL if the slot is out of bounds
 */
int caplog_map_insert_at(struct caplog_map *map, uint32_t badge, uint32_t slot);

/*
 * insert_map(id, kcap): a capability was received at slot `from`
 *
 * Known and equal: its slot. Known, but dead: the old entry becomes stale and
 * a new slot takes the capability. Known, alive and different: a forgery.
 *
 * \param fresh  receives 1 if the slot was allocated for it, else 0; may be NULL
 * \return       slot; CAPLOG_NONE for a forgery or when out of slots
 */
uint32_t caplog_map_insert_map(struct caplog_map *map, uint32_t badge, uint32_t from,
                               const struct caplog_map_ops *ops, int *fresh);

/*
 * remove(entry): free the slot; the kernel's mapping stays
 *
 * Also for entries that are not in the index.
 *
 * \param mapped  1 if the kernel still holds the capability, for the log
 * \return        0; -EINVAL if the slot is out of bounds
 */
int caplog_map_remove(struct caplog_map *map, uint32_t slot, int mapped);

/*
 * Set a badge by hand, as `Cap_index::id(uint16_t)` does: 0 frees the slot, any
 * other allocates it. An entry that was found by badge is found by the new one.
 */
void caplog_map_set_badge(struct caplog_map *map, uint32_t slot, uint32_t badge);

#ifdef __cplusplus
}
#endif

#endif
