/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes of a capability log, shared by component and monitor
 *
 * A log is one dataspace: header, head, details, slot table, ring. The slot
 * table holds the state of every slot and never overflows; the ring holds the
 * last events, the oldest is overwritten first. Each event is written to the
 * ring first and to the table second, so that at any instant the table and the
 * newest records of the ring give the exact state (docs/abi.md draws the layout
 * and proves this).
 *
 * Only integers and offsets, in the component's byte order, which is
 * little-endian on all known targets. Reserved fields are zero.
 */
#ifndef CAPLOG_ABI_H
#define CAPLOG_ABI_H

#include <stddef.h>
#include <stdint.h>

#include <caplog/flavour.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Version policy: a reader accepts every minor of its own major; a new major
 * means that old readers would misread the bytes, and they refuse it by name.
 */
#define CAPLOG_MAJOR 1u
#define CAPLOG_MINOR 0u

#define CAPLOG_MAGIC       "\x89" "CAPLOG\n"
#define CAPLOG_MAGIC_SIZE  8u
#define CAPLOG_BYTE_ORDER  0x01020304u
#define CAPLOG_LOG_MIN     4096u        /* bytes; smaller is refused */
#define CAPLOG_LOG_MAX     (1u << 30)   /* bytes; larger is refused  */
#define CAPLOG_STUB_LABELS 8u
#define CAPLOG_HOLDERS_MAX 4096u

/*
 * Fields of an event: identifier, key in the text form, member of struct
 * caplog_event that holds it
 *
 * The member says how a value is checked and stored: SLOT, OTHER and FROM are
 * slots of the flavour, FLAG is a yes or no in `from`, A and B are the 64-bit
 * values of EXT records, TEXT is part of the text form only.
 */
#define CAPLOG_FIELDS(X)     \
	X(BADGE, badge, BADGE)     \
	X(KCAP, kcap, SLOT)        \
	X(IRQ, irq, SLOT)          \
	X(EP, ep, OTHER)           \
	X(THREAD, thread, OTHER)   \
	X(RCV, rcv, FROM)          \
	X(MAPPED, mapped, FLAG)    \
	X(UTCB, utcb, A)           \
	X(LABEL, label, A)         \
	X(OBJ, obj, B)             \
	X(RESULT, result, TEXT)

/*
 * Events: number, identifier, name in the text form, 1 if a life of the slot
 * begins, fields in the order of the text form. A name has at most 15 letters,
 * an event at most five fields. CONTRIBUTING.md says how to add one.
 */
#define CAPLOG_EVENTS(X, FIELD)                                                          \
	X(1, INSERT_AT, insert_at, 1, FIELD(BADGE) FIELD(KCAP))                                \
	X(2, INSERT_MAP, insert_map, 1, FIELD(BADGE) FIELD(RCV) FIELD(KCAP) FIELD(RESULT))     \
	X(3, STALE, stale, 0, FIELD(BADGE) FIELD(KCAP))                                        \
	X(4, REMOVE, remove, 0, FIELD(BADGE) FIELD(KCAP) FIELD(MAPPED))                        \
	X(5, RPC_ALLOC, rpc_alloc, 0, FIELD(BADGE) FIELD(KCAP) FIELD(EP))                      \
	X(6, RPC_FREE, rpc_free, 0, FIELD(BADGE) FIELD(KCAP))                                  \
	X(7, THREAD_START, thread_start, 0, FIELD(BADGE) FIELD(KCAP) FIELD(UTCB) FIELD(OBJ))   \
	X(8, IRQ_ATTACH, irq_attach, 0, FIELD(IRQ) FIELD(THREAD) FIELD(LABEL))                 \
	X(9, IRQ_DETACH, irq_detach, 0, FIELD(IRQ))

enum caplog_event_kind {
	CAPLOG_NO_EVENT = 0,
#define FIELD(id)
#define X(num, id, name, begins, fields) CAPLOG_##id = num,
	CAPLOG_EVENTS(X, FIELD)
#undef X
#undef FIELD
	CAPLOG_EXT = 15 /* a 64-bit value of the event before it */
};

#define CAPLOG_EVENT_KINDS 16u

/* Records of the largest event: itself and two values */
#define CAPLOG_GROUP_MAX 3u

/*
 * What a slot holds: number, identifier, name that `caplog show` prints, 1 if
 * the log keeps a struct caplog_detail for it. Numbers are below 8.
 */
#define CAPLOG_KINDS(X)                                                      \
	X(0, EMPTY, "empty", 0)                                                    \
	X(1, PLACED, "placed", 0)       /* put at a slot: parent, thread gates */  \
	X(2, RECEIVED, "received", 0)   /* came by IPC                         */  \
	X(3, RPC, "rpc", 0)             /* the component's own RPC object      */  \
	X(4, TOMBSTONE, "tombstone", 0) /* own RPC object, freed, still in map */  \
	X(5, THREAD, "thread", 1)       /* gate of a started thread            */  \
	X(6, IRQ, "irq", 1)             /* IRQ object attached to a thread     */

#define CAPLOG_KIND_NUMBERS 8u

enum caplog_kind {
#define X(num, id, name, detail) CAPLOG_##id = num,
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
	uint32_t generation;     /* grows when the log is formatted again        */
	char     flavour[CAPLOG_FLAVOUR_NAME_SIZE];
	uint8_t  word_bytes;     /* 4 or 8: the component's machine word         */
	uint8_t  slot_shift;
	uint16_t record_size;
	uint32_t slot_count;
	uint16_t head_count;     /* 1 */
	uint16_t head_size;
	uint32_t head_offset;
	uint32_t table_offset;
	uint32_t table_count;    /* slots the table covers, from slot 0          */
	uint16_t entry_size;
	uint16_t detail_size;
	uint32_t detail_offset;
	uint32_t detail_count;
	uint32_t ring_offset;
	uint32_t ring_count;     /* records, a power of two                      */
	uint32_t ready;          /* 1 once formatted; 0 while (re)formatting     */
	/* Where the badges lie in the component; all 0: not reported */
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
	/* Entries of struct caplog_residue after the ring (importer only); offset 0:
	   it is not known what the kernel holds in slots without an entry */
	uint32_t residue_offset;
	uint32_t residue_count;
	/* Index, counted from holders_address, of the word that the monitor sets
	   while a checkpoint waits for threads: whoever finds it set sends nothing,
	   and yields until it is 0. 0: there is no such word */
	uint32_t rest_word;
	uint8_t  reserved[24];
};

/*
 * Head: the position in the ring, and counters. The position is a 64-bit count
 * of records that 32-bit machines can publish: `head_lo` is stored last but for
 * `head_hi_after`, which differs from `head_hi` only in the middle of a carry.
 */
struct caplog_head {
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
 * Record: one event, 16 bytes, four 32-bit words
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
 * Detail: the values of an event that do not fit a table entry
 *
 *   slot_change  23..16 low byte of the event's version  15..0 slot
 *   serial       low 32 bits of the event's version >> 8; 0: no detail
 *
 * Valid only while the slot's entry is in the same life and is not older than
 * the event.
 */
struct caplog_detail {
	uint32_t slot_change;
	uint32_t serial;
	uint32_t a[2];           /* UTCB address, or IRQ label; low half first */
	uint32_t b[2];           /* Thread object */
};

/*
 * Residue: what the kernel holds in a slot without an entry, as far as a text
 * trace reports it. The base library does not unmap what it removes, and what
 * came into a receive window stays there until the window is used again.
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
	                             takes the first free slot, left it out       */
	uint32_t badge;
};

/* Parts of the words above */
#define CAPLOG_BADGE_MASK  0x0fffffffu
#define CAPLOG_KIND_SHIFT  28  /* of the event in badge_event, of the kind in badge_kind */
#define CAPLOG_STALE_SHIFT 31
#define CAPLOG_HALF_MASK   0x0000ffffu

/* Every field of every structure above that is shared has its place asserted */
#define CAPLOG_AT(type, field, offset)                       \
	CAPLOG_ASSERT(offsetof(struct type, field) == (offset),    \
	              #type "." #field " is not at " #offset)
#define CAPLOG_SIZE(type, size) \
	CAPLOG_ASSERT(sizeof(struct type) == (size), #type " has not " #size " bytes")

CAPLOG_SIZE(caplog_header, 256);
CAPLOG_AT(caplog_header, magic, 0);
CAPLOG_AT(caplog_header, major, 8);
CAPLOG_AT(caplog_header, minor, 10);
CAPLOG_AT(caplog_header, byte_order, 12);
CAPLOG_AT(caplog_header, size, 16);
CAPLOG_AT(caplog_header, generation, 20);
CAPLOG_AT(caplog_header, flavour, 24);
CAPLOG_AT(caplog_header, word_bytes, 40);
CAPLOG_AT(caplog_header, slot_shift, 41);
CAPLOG_AT(caplog_header, record_size, 42);
CAPLOG_AT(caplog_header, slot_count, 44);
CAPLOG_AT(caplog_header, head_count, 48);
CAPLOG_AT(caplog_header, head_size, 50);
CAPLOG_AT(caplog_header, head_offset, 52);
CAPLOG_AT(caplog_header, table_offset, 56);
CAPLOG_AT(caplog_header, table_count, 60);
CAPLOG_AT(caplog_header, entry_size, 64);
CAPLOG_AT(caplog_header, detail_size, 66);
CAPLOG_AT(caplog_header, detail_offset, 68);
CAPLOG_AT(caplog_header, detail_count, 72);
CAPLOG_AT(caplog_header, ring_offset, 76);
CAPLOG_AT(caplog_header, ring_count, 80);
CAPLOG_AT(caplog_header, ready, 84);
CAPLOG_AT(caplog_header, map_address, 88);
CAPLOG_AT(caplog_header, epoch_address, 96);
CAPLOG_AT(caplog_header, map_stride, 104);
CAPLOG_AT(caplog_header, map_offset, 108);
CAPLOG_AT(caplog_header, map_width, 112);
CAPLOG_AT(caplog_header, map_count, 116);
CAPLOG_AT(caplog_header, stub, 120);
CAPLOG_AT(caplog_header, seal, 184);
CAPLOG_AT(caplog_header, windows, 192);
CAPLOG_AT(caplog_header, known, 200);
CAPLOG_AT(caplog_header, holders_address, 208);
CAPLOG_AT(caplog_header, holders_count, 216);
CAPLOG_AT(caplog_header, residue_offset, 220);
CAPLOG_AT(caplog_header, residue_count, 224);
CAPLOG_AT(caplog_header, rest_word, 228);
CAPLOG_AT(caplog_header, reserved, 232);

CAPLOG_SIZE(caplog_head, 128);
CAPLOG_AT(caplog_head, head_lo, 0);
CAPLOG_AT(caplog_head, head_hi, 4);
CAPLOG_AT(caplog_head, head_hi_after, 8);
CAPLOG_AT(caplog_head, uncovered, 12);
CAPLOG_AT(caplog_head, details_lost, 16);
CAPLOG_AT(caplog_head, early_lost, 20);
CAPLOG_AT(caplog_head, uncovered_first, 24);
CAPLOG_AT(caplog_head, reserved, 32);
CAPLOG_AT(caplog_head, count, 64);

CAPLOG_SIZE(caplog_record, 16);
CAPLOG_AT(caplog_record, badge_event, 0);
CAPLOG_AT(caplog_record, slot_other, 4);
CAPLOG_AT(caplog_record, from_version, 8);
CAPLOG_AT(caplog_record, version, 12);

CAPLOG_SIZE(caplog_entry, 12);
CAPLOG_AT(caplog_entry, badge_kind, 0);
CAPLOG_AT(caplog_entry, other_version, 4);
CAPLOG_AT(caplog_entry, version, 8);

CAPLOG_SIZE(caplog_detail, 24);
CAPLOG_AT(caplog_detail, slot_change, 0);
CAPLOG_AT(caplog_detail, serial, 4);
CAPLOG_AT(caplog_detail, a, 8);
CAPLOG_AT(caplog_detail, b, 16);

CAPLOG_SIZE(caplog_residue, 8);
CAPLOG_AT(caplog_residue, slot, 0);
CAPLOG_AT(caplog_residue, how, 2);
CAPLOG_AT(caplog_residue, passed, 3);
CAPLOG_AT(caplog_residue, badge, 4);

#ifdef __cplusplus
}
#endif

#endif
