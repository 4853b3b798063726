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

#ifdef __cplusplus
extern "C" {
#endif

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

/* Members of struct caplog_event that hold the fields of an event; see CAPLOG_FIELDS */
enum caplog_member {
	CAPLOG_MEMBER_BADGE = 1,
	CAPLOG_MEMBER_SLOT  = 2,
	CAPLOG_MEMBER_OTHER = 4,
	CAPLOG_MEMBER_FROM  = 8,
	CAPLOG_MEMBER_FLAG  = 16,
	CAPLOG_MEMBER_A     = 32,
	CAPLOG_MEMBER_B     = 64,
	CAPLOG_MEMBER_TEXT  = 128
};

enum {
#define X(id, key, member) CAPLOG_MEMBER_OF_##id = CAPLOG_MEMBER_##member,
	CAPLOG_FIELDS(X)
#undef X
};

#define CAPLOG_VERSION_MASK 0xffffffffffffull

/* enum caplog_member that an event of this kind has; 0: there is no such event */
static inline unsigned caplog_event_members(unsigned kind)
{
	switch (kind) {
#define FIELD(id) | CAPLOG_MEMBER_OF_##id
#define X(num, id, name, begins, fields) case num: return 0 fields;
	CAPLOG_EVENTS(X, FIELD)
#undef X
#undef FIELD
	default: return 0;
	}
}

/* EXT records of an event of this kind; one value that is 0 is left out */
static inline unsigned caplog_event_ext(unsigned kind, uint64_t a)
{
	unsigned const members = caplog_event_members(kind);

	return members & CAPLOG_MEMBER_B ? 2 : members & CAPLOG_MEMBER_A && a ? 1 : 0;
}

/* Do the values of an event lie within the flavour's bounds? */
static inline int caplog_event_valid(const struct caplog_flavour *f, const struct caplog_event *e)
{
	unsigned const members = caplog_event_members(e->kind);

	return members && e->slot < f->slot_count && !(e->badge >> f->badge_bits) &&
	       (!(members & CAPLOG_MEMBER_OTHER) || e->other < f->slot_count) &&
	       (!(members & CAPLOG_MEMBER_FROM) || e->from < f->slot_count);
}

/* Name of an event in the text form; NULL if there is no such event */
const char *caplog_event_name(unsigned kind);

/* Name of what a slot holds; NULL if there is no such kind */
const char *caplog_kind_name(unsigned kind);

/* A bit per kind that there is, and per kind for which the log keeps a detail */
enum {
#define X(num, id, name, detail) | 1 << num
	CAPLOG_KINDS_KNOWN = 0 CAPLOG_KINDS(X),
#undef X
#define X(num, id, name, detail) | (detail) << num
	CAPLOG_KINDS_DETAILED = 0 CAPLOG_KINDS(X)
#undef X
};

/* Is there such a kind? */
static inline int caplog_kind_valid(unsigned kind)
{
	return kind < CAPLOG_KIND_NUMBERS && CAPLOG_KINDS_KNOWN >> kind & 1;
}

/* Does the log keep a detail for a slot that holds this? */
static inline int caplog_has_detail(unsigned kind)
{
	return kind < CAPLOG_KIND_NUMBERS && CAPLOG_KINDS_DETAILED >> kind & 1;
}

static inline uint64_t caplog_serial(const struct caplog_cap *cap)
{
	return cap->version >> 8;
}

/* True for events that begin a life of the slot */
static inline int caplog_begins_life(unsigned kind)
{
	switch (kind) {
#define FIELD(id)
#define X(num, id, name, begins, fields) case num: return begins;
	CAPLOG_EVENTS(X, FIELD)
#undef X
#undef FIELD
	default: return 0;
	}
}

/*
 * Version that the slot gets by an event of this kind
 *
 * A serial whose low 32 bits are 0 is left out: in a detail it means "none".
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
 * applying the newest events twice, in order, has no other result.
 */
static inline void caplog_step(struct caplog_cap *cap, unsigned kind,
                               uint32_t badge, uint16_t other)
{
	/* without a default, so that the compiler names an event that has no case */
	switch ((enum caplog_event_kind)kind) {
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
	case CAPLOG_NO_EVENT:
	case CAPLOG_EXT:
		break;
	}
}

/* Table entry -> state */
static inline struct caplog_cap caplog_unpack(uint32_t badge_kind, uint32_t other_version,
                                              uint32_t version)
{
	struct caplog_cap cap;
	cap.badge   = badge_kind & CAPLOG_BADGE_MASK;
	cap.kind    = (uint8_t)((badge_kind >> CAPLOG_KIND_SHIFT) & (CAPLOG_KIND_NUMBERS - 1));
	cap.stale   = (uint8_t)(badge_kind >> CAPLOG_STALE_SHIFT);
	cap.other   = (uint16_t)other_version;
	cap.version = ((uint64_t)(other_version >> 16) << 32) | version;
	return cap;
}

/* State -> table entry */
static inline struct caplog_entry caplog_pack(const struct caplog_cap *cap)
{
	struct caplog_entry entry;
	entry.badge_kind    = cap->badge | (uint32_t)cap->kind << CAPLOG_KIND_SHIFT |
	                      (uint32_t)cap->stale << CAPLOG_STALE_SHIFT;
	entry.other_version = cap->other | (uint32_t)(cap->version >> 32) << 16;
	entry.version       = (uint32_t)cap->version;
	return entry;
}

#ifdef __cplusplus
}
#endif

#endif
