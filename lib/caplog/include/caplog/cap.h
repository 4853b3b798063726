/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * State of one slot and the one function that changes it
 *
 * The writer applies an event to its slot table, the reader to its copy of
 * the space: both through caplog_step, so that they cannot disagree.
 */
#ifndef CAPLOG_CAP_H
#define CAPLOG_CAP_H

#include <caplog/abi.h>

/* State of one slot. version >> 8 is the serial (see struct caplog_entry). */
struct caplog_cap {
	uint32_t badge;
	uint16_t other;  /* RPC, TOMBSTONE: entrypoint's slot; IRQ: thread's slot */
	uint8_t  kind;   /* enum caplog_kind                                      */
	uint8_t  stale;  /* 1: left the index, slot still allocated               */
	uint64_t version;
};

/* One event, decoded. a, b: UTCB and Thread object, or IRQ label and 0. */
struct caplog_event {
	uint8_t  kind;   /* enum caplog_event_kind */
	uint16_t slot;
	uint16_t other;  /* entrypoint or thread slot */
	uint16_t from;   /* receive slot; remove: 1 if still mapped */
	uint32_t badge;
	uint64_t version;
	uint64_t a, b;
};

#define CAPLOG_VERSION_MASK 0xffffffffffffull

static inline uint64_t caplog_serial(const struct caplog_cap *cap)
{
	return cap->version >> 8;
}

/* True for events that begin or end a life of the slot */
static inline int caplog_begins_life(unsigned kind)
{
	return kind == CAPLOG_INSERT_AT || kind == CAPLOG_INSERT_MAP;
}

/*
 * Version that the slot gets by an event of this kind
 *
 * A serial whose low 32 bits are 0 is passed over: to a detail it means "none".
 */
static inline uint64_t caplog_next_version(uint64_t version, unsigned kind)
{
	if (caplog_begins_life(kind))
		version |= 0xff;
	version = (version + 1) & CAPLOG_VERSION_MASK;
	return (uint32_t)(version >> 8) ? version : (version | 0xff) + 1;
}

/*
 * Apply one event to a slot; `version` is left to the caller
 *
 * Sets fields to values that do not depend on the state before, so that
 * applying the newest events twice, in order, changes nothing.
 */
static inline void caplog_step(struct caplog_cap *cap, unsigned kind,
                               uint32_t badge, uint16_t other)
{
	switch (kind) {
	case CAPLOG_INSERT_AT:
	case CAPLOG_INSERT_MAP:
		cap->badge = badge;
		cap->other = 0;
		cap->kind  = kind == CAPLOG_INSERT_AT ? CAPLOG_PLACED : CAPLOG_RECEIVED;
		cap->stale = 0;
		break;
	case CAPLOG_REMOVE:
		cap->badge = 0;
		cap->other = 0;
		cap->kind  = CAPLOG_EMPTY;
		cap->stale = 0;
		break;
	case CAPLOG_STALE:
		cap->stale = 1;
		break;
	case CAPLOG_RPC_ALLOC:
		cap->kind  = CAPLOG_RPC;
		cap->other = other;
		break;
	case CAPLOG_RPC_FREE:
		cap->kind = CAPLOG_TOMBSTONE;
		break;
	case CAPLOG_THREAD_START:
		cap->kind = CAPLOG_THREAD;
		break;
	case CAPLOG_IRQ_ATTACH:
		cap->kind  = CAPLOG_IRQ;
		cap->other = other;
		break;
	case CAPLOG_IRQ_DETACH:
		cap->kind  = CAPLOG_RECEIVED;
		cap->other = 0;
		break;
	default:
		break;
	}
}

/* Table entry <-> state */
static inline struct caplog_cap caplog_unpack(uint32_t badge_kind, uint32_t other_version,
                                              uint32_t version)
{
	struct caplog_cap cap;
	cap.badge   = badge_kind & CAPLOG_BADGE_MASK;
	cap.kind    = (uint8_t)((badge_kind >> 28) & 7u);
	cap.stale   = (uint8_t)(badge_kind >> 31);
	cap.other   = (uint16_t)other_version;
	cap.version = ((uint64_t)(other_version >> 16) << 32) | version;
	return cap;
}

#endif
