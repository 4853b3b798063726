/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes of a capability log, shared by component and monitor
 *
 * A log is one dataspace: header, lanes, slot table, details, rings. The slot
 * table holds the state of every slot and never overflows; a lane's ring holds
 * the last events, oldest overwritten first. Each event goes to the ring first
 * and to the table second, so at any instant table + newest ring records give
 * the exact state (docs/abi.md draws the layout and proves this).
 *
 * Only integers and offsets, in the component's byte order, which all known
 * targets have little-endian. Reserved fields are zero.
 */
#ifndef CAPLOG_ABI_H
#define CAPLOG_ABI_H

#include <stddef.h>
#include <stdint.h>

#include <caplog/flavour.h>

#ifdef __cplusplus
extern "C" {
#define CAPLOG_ASSERT(cond, text) static_assert(cond, text)
#else
#define CAPLOG_ASSERT(cond, text) _Static_assert(cond, text)
#endif

/*
 * Version policy: a reader takes every minor of its own major; a new major
 * means that old readers would misread the bytes, and they refuse it by name.
 */
#define CAPLOG_MAJOR 1u
#define CAPLOG_MINOR 0u

#define CAPLOG_MAGIC       "\x89" "CAPLOG\n"
#define CAPLOG_MAGIC_SIZE  8u
#define CAPLOG_BYTE_ORDER  0x01020304u
#define CAPLOG_LANES_MAX   8u
#define CAPLOG_LOG_MIN     4096u        /* bytes; smaller is refused */
#define CAPLOG_LOG_MAX     (1u << 30)   /* bytes; larger is refused  */
#define CAPLOG_STUB_LABELS 8u
#define CAPLOG_HOLDERS_MAX 4096u

/* Events: number, name in the text form. CONTRIBUTING.md says how to add one. */
#define CAPLOG_EVENTS(X)           \
	X(1, INSERT_AT, insert_at)       \
	X(2, INSERT_MAP, insert_map)     \
	X(3, STALE, stale)               \
	X(4, REMOVE, remove)             \
	X(5, RPC_ALLOC, rpc_alloc)       \
	X(6, RPC_FREE, rpc_free)         \
	X(7, THREAD_START, thread_start) \
	X(8, IRQ_ATTACH, irq_attach)     \
	X(9, IRQ_DETACH, irq_detach)

enum caplog_event_kind {
	CAPLOG_NO_EVENT = 0,
#define X(num, id, name) CAPLOG_##id = num,
	CAPLOG_EVENTS(X)
#undef X
	CAPLOG_EXT = 15 /* second and third word of the event before it */
};

#define CAPLOG_EVENT_KINDS 16u

/* What a slot holds. A name per kind, as `caplog show` prints it. */
#define CAPLOG_KINDS(X)                                                 \
	X(0, EMPTY, "empty")                                                  \
	X(1, PLACED, "placed")       /* put at a slot: parent, thread gates */  \
	X(2, RECEIVED, "received")   /* came by IPC                         */  \
	X(3, RPC, "rpc")             /* the component's own RPC object      */  \
	X(4, TOMBSTONE, "tombstone") /* own RPC object, freed, still in map */  \
	X(5, THREAD, "thread")       /* gate of a started thread            */  \
	X(6, IRQ, "irq")             /* IRQ object attached to a thread     */

enum caplog_kind {
#define X(num, id, name) CAPLOG_##id = num,
	CAPLOG_KINDS(X)
#undef X
};

/* Header, at offset 0. */
struct caplog_header {
	uint8_t  magic[CAPLOG_MAGIC_SIZE];
	uint16_t major;
	uint16_t minor;
	uint32_t byte_order;     /* CAPLOG_BYTE_ORDER as the writer stores it    */
	uint32_t size;           /* bytes of the whole log                       */
	uint32_t generation;     /* grows when the log starts anew               */
	char     flavour[CAPLOG_FLAVOUR_NAME_SIZE];
	uint8_t  word_bytes;     /* 4 or 8: the component's machine word         */
	uint8_t  slot_shift;
	uint16_t record_size;
	uint32_t slot_count;
	uint16_t lane_count;
	uint16_t lane_size;
	uint32_t lane_offset;
	uint32_t table_offset;
	uint32_t table_count;    /* slots the table covers, from slot 0          */
	uint16_t entry_size;
	uint16_t detail_size;
	uint32_t detail_offset;
	uint32_t detail_count;   /* over all lanes, a multiple of lane_count     */
	uint32_t ring_offset;
	uint32_t ring_count;     /* records per lane, a power of two             */
	uint32_t ready;          /* 1 once formatted; 0 while (re)formatting     */
	/* Where the badges lie in the component; all 0: not told */
	uint64_t map_address;    /* of the map array                             */
	uint64_t epoch_address;  /* of the epoch, a 32-bit word: the monitor's   */
	uint32_t map_stride;     /* bytes from entry to entry                    */
	uint32_t map_offset;     /* of the badge in an entry                     */
	uint32_t map_width;      /* bytes of a badge: 2 or 4                     */
	uint32_t map_count;      /* entries                                      */
	uint64_t stub[CAPLOG_STUB_LABELS]; /* labels of the blocking stub, 0: none */
	uint64_t seal;           /* 0: live log; else XXH64 of a stored log      */
	uint64_t windows;        /* receive windows left out (importer only)     */
	uint64_t known;          /* repeated receptions left out (importer only) */
	/* Of 32-bit words, as many as holders_count, at most CAPLOG_HOLDERS_MAX.
	   Each counts for one thread, or for several: how often it holds a badge
	   outside the map (a message just received, one being built, an append)
	   or is between an act and its record (irq_attach). While any of them is
	   not 0, there must be no checkpoint */
	uint64_t holders_address;
	uint32_t holders_count;
	/* Entries of struct caplog_residue behind the rings (importer only); offset 0:
	   it is not known what the kernel holds in slots without an entry */
	uint32_t residue_offset;
	uint32_t residue_count;
	uint8_t  reserved[28];
};

/*
 * A lane: what one serialised stream of appends owns. The head is a 64-bit
 * record count that 32-bit machines can publish: `head_lo` is stored last but
 * for `head_hi_after`, which differs from `head_hi` only in the middle of a
 * carry.
 */
struct caplog_lane {
	uint32_t head_lo;
	uint32_t head_hi;
	uint32_t head_hi_after;
	uint32_t uncovered;      /* events on slots that the table does not cover */
	uint32_t details_lost;   /* thread or IRQ details that found no place     */
	uint32_t early_lost;     /* events before the log that the buffer dropped */
	uint32_t uncovered_first[2]; /* record count at the first uncovered event,
	                                low half first; valid if uncovered is not 0 */
	uint32_t reserved[8];
	uint32_t count[CAPLOG_EVENT_KINDS]; /* events by kind, since generation   */
};

/*
 * Record: one event, 16 bytes, four 32-bit words.
 *
 *   badge_event   31..28 event      27..0  badge
 *   slot_other    31..16 other      15..0  slot
 *   from_version  31..16 version hi 15..0  from
 *   version       version lo
 *
 * other: entrypoint slot (rpc_alloc), thread slot (irq_attach), else 0
 * from:  receive slot (insert_map), 1 if still mapped (remove), else 0
 * version: of the slot, see caplog_entry; 0 if the table does not cover it
 *
 * A CAPLOG_EXT record carries a 64-bit value of the event before it: low half
 * in from_version, high half in version. thread_start has two (UTCB address,
 * Thread object), irq_attach one if its label is not 0.
 */
struct caplog_record {
	uint32_t badge_event;
	uint32_t slot_other;
	uint32_t from_version;
	uint32_t version;
};

/*
 * Slot table entry: the state of one slot, 12 bytes.
 *
 *   badge_kind    31 stale   30..28 kind   27..0 badge
 *   other_version 31..16 version hi        15..0 other
 *   version       version lo, stored last
 *
 * The version is 48 bits, counts the slot's events and is never reused: bits
 * 47..8 number the lives of the slot (its "serial"), bits 7..0 the changes
 * within one life. 10^12 lives of one slot exhaust it.
 */
struct caplog_entry {
	uint32_t badge_kind;
	uint32_t other_version;
	uint32_t version;
};

/*
 * Detail: two words that do not fit a table entry, told by one event.
 *
 *   slot_change  23..16 low byte of the event's version  15..0 slot
 *   serial       low 32 bits of the event's version >> 8; 0: no detail
 *
 * Valid only while the slot's entry is in the same life and is not older than
 * the event. Each lane writes details of its own only, so that a life may
 * have one in several lanes: the newest counts.
 */
struct caplog_detail {
	uint32_t slot_change;
	uint32_t serial;
	uint32_t a[2];           /* UTCB address, or IRQ label; low half first */
	uint32_t b[2];           /* Thread object */
};

/*
 * Residue: what the kernel holds in a slot without an entry, as far as a text
 * trace tells: the base library does not unmap what it removes, and what came
 * into a receive window stays there until the window is used again.
 */
enum caplog_residue_how {
	CAPLOG_RESIDUE_NONE,
	CAPLOG_RESIDUE_REMOVED,   /* its entry was removed                        */
	CAPLOG_RESIDUE_WINDOW,    /* received there and inserted at another slot,
	                             or known already                             */
	CAPLOG_RESIDUE_UNMATCHED  /* an event without its insertion: a lost line  */
};

struct caplog_residue {
	uint16_t slot;
	uint8_t  how;             /* enum caplog_residue_how                      */
	uint8_t  passed;          /* 1: free by the log, but the allocator, which
	                             takes the first free slot, passed over it    */
	uint32_t badge;
};

#define CAPLOG_BADGE_MASK 0x0fffffffu
#define CAPLOG_STALE_BIT  0x80000000u

/* The map array as the component tells it; see struct caplog_header */
struct caplog_map_place {
	uint64_t address, epoch_address, holders_address;
	uint32_t stride, offset, width, count, holders_count;
};

CAPLOG_ASSERT(sizeof(struct caplog_header) == 256, "header is 256 bytes");
CAPLOG_ASSERT(offsetof(struct caplog_header, major) == 8, "major at 8");
CAPLOG_ASSERT(offsetof(struct caplog_header, byte_order) == 12, "byte_order at 12");
CAPLOG_ASSERT(offsetof(struct caplog_header, size) == 16, "size at 16");
CAPLOG_ASSERT(offsetof(struct caplog_header, generation) == 20, "generation at 20");
CAPLOG_ASSERT(offsetof(struct caplog_header, flavour) == 24, "flavour at 24");
CAPLOG_ASSERT(offsetof(struct caplog_header, word_bytes) == 40, "word_bytes at 40");
CAPLOG_ASSERT(offsetof(struct caplog_header, slot_count) == 44, "slot_count at 44");
CAPLOG_ASSERT(offsetof(struct caplog_header, lane_count) == 48, "lane_count at 48");
CAPLOG_ASSERT(offsetof(struct caplog_header, lane_offset) == 52, "lane_offset at 52");
CAPLOG_ASSERT(offsetof(struct caplog_header, table_offset) == 56, "table_offset at 56");
CAPLOG_ASSERT(offsetof(struct caplog_header, detail_offset) == 68, "detail_offset at 68");
CAPLOG_ASSERT(offsetof(struct caplog_header, ring_offset) == 76, "ring_offset at 76");
CAPLOG_ASSERT(offsetof(struct caplog_header, ready) == 84, "ready at 84");
CAPLOG_ASSERT(offsetof(struct caplog_header, map_address) == 88, "map_address at 88");
CAPLOG_ASSERT(offsetof(struct caplog_header, map_stride) == 104, "map_stride at 104");
CAPLOG_ASSERT(offsetof(struct caplog_header, stub) == 120, "stub at 120");
CAPLOG_ASSERT(offsetof(struct caplog_header, seal) == 184, "seal at 184");
CAPLOG_ASSERT(offsetof(struct caplog_header, windows) == 192, "windows at 192");
CAPLOG_ASSERT(offsetof(struct caplog_header, holders_address) == 208, "holders_address at 208");
CAPLOG_ASSERT(offsetof(struct caplog_header, residue_offset) == 220, "residue_offset at 220");
CAPLOG_ASSERT(offsetof(struct caplog_header, residue_count) == 224, "residue_count at 224");
CAPLOG_ASSERT(offsetof(struct caplog_header, reserved) == 228, "reserved at 228");
CAPLOG_ASSERT(sizeof(struct caplog_residue) == 8, "residue is 8 bytes");
CAPLOG_ASSERT(offsetof(struct caplog_residue, how) == 2, "residue how at 2");
CAPLOG_ASSERT(offsetof(struct caplog_residue, passed) == 3, "residue passed at 3");
CAPLOG_ASSERT(offsetof(struct caplog_residue, badge) == 4, "residue badge at 4");
CAPLOG_ASSERT(sizeof(struct caplog_lane) == 128, "lane is 128 bytes");
CAPLOG_ASSERT(offsetof(struct caplog_lane, uncovered) == 12, "uncovered at 12");
CAPLOG_ASSERT(offsetof(struct caplog_lane, uncovered_first) == 24, "uncovered_first at 24");
CAPLOG_ASSERT(offsetof(struct caplog_lane, count) == 64, "count at 64");
CAPLOG_ASSERT(sizeof(struct caplog_record) == 16, "record is 16 bytes");
CAPLOG_ASSERT(offsetof(struct caplog_record, version) == 12, "record version at 12");
CAPLOG_ASSERT(sizeof(struct caplog_entry) == 12, "entry is 12 bytes");
CAPLOG_ASSERT(offsetof(struct caplog_entry, version) == 8, "entry version at 8");
CAPLOG_ASSERT(sizeof(struct caplog_detail) == 24, "detail is 24 bytes");
CAPLOG_ASSERT(offsetof(struct caplog_detail, a) == 8, "detail a at 8");

#ifdef __cplusplus
}
#endif

#endif
