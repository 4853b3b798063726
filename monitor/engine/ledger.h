/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ledger: what the monitor handed to one component
 *
 * The monitor sits between the component and core, so it knows each object
 * and how to recreate it. No authority comes out of a log: a slot is filled
 * only with an object that stands here, or that another component of the same
 * group owns. Lines are kept in the order in which they were written, which is
 * an order in which the objects can be recreated.
 */
#ifndef CAPLOG_LEDGER_H
#define CAPLOG_LEDGER_H

#include "kinds.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CAPLOG_LEDGER_MAX   8192u
#define CAPLOG_OBJECT_NAME  16u
#define CAPLOG_GONE_KEPT    1024u

/* No capability has these badges: core's have 28 bits at most */
#define CAPLOG_NO_BADGE     UINT32_MAX        /* of an object that is not recreated yet */
#define CAPLOG_PSEUDO_BADGE (UINT32_MAX - 1u) /* of a line that has no capability       */

struct caplog_object {
	uint32_t id;        /* from 1, never reused within a ledger            */
	uint32_t kind;      /* enum caplog_object_kind_number                  */
	uint32_t badge;     /* its capability has now                          */
	uint32_t gone;      /* 1: destroyed; holders hold a dead capability    */
	union {
		union caplog_words words;
#define X(number, id, member, name, platforms, carries) struct caplog_words_##id member;
		CAPLOG_OBJECT_KINDS(X)
#undef X
	};
	char     name[CAPLOG_OBJECT_NAME];
};

CAPLOG_ASSERT(sizeof(struct caplog_object) == 64, "ledger line is 64 bytes");
CAPLOG_ASSERT(offsetof(struct caplog_object, id) == 0, "id at 0");
CAPLOG_ASSERT(offsetof(struct caplog_object, kind) == 4, "kind at 4");
CAPLOG_ASSERT(offsetof(struct caplog_object, badge) == 8, "badge at 8");
CAPLOG_ASSERT(offsetof(struct caplog_object, gone) == 12, "gone at 12");
CAPLOG_ASSERT(offsetof(struct caplog_object, words) == 16, "words at 16");
CAPLOG_ASSERT(offsetof(struct caplog_object, name) == 48, "name at 48");

/* About 570 KiB. Members are the ledger's own; others read count, line, lost, changes. */
struct caplog_ledger {
	uint32_t count, next_id;
	uint32_t living;                  /* lines of objects that are not gone */
	uint32_t destroyed;               /* objects gone so far */
	uint32_t lost;                    /* objects that found no line: no checkpoint any more */
	uint64_t changes;                 /* of lines: given, dropped, with another badge */
	uint32_t gone[CAPLOG_GONE_KEPT];  /* ids of the last of them, the n-th at n modulo size */
	uint16_t head[1024];
	uint16_t next[CAPLOG_LEDGER_MAX]; /* chain by badge */
	uint16_t kind_head[CAPLOG_OBJECT_NUMBERS];
	uint16_t kind_next[CAPLOG_LEDGER_MAX]; /* chain of one kind, from new to old */
	uint16_t kind_before[CAPLOG_LEDGER_MAX];
	struct caplog_object line[CAPLOG_LEDGER_MAX];
};

void caplog_ledger_init(struct caplog_ledger *ledger);

/*
 * Record that the component was given an object
 *
 * Lines of objects that are gone make room when the ledger is full; then a
 * pointer to a line is no longer valid.
 *
 * \param badge  of its capability, or CAPLOG_PSEUDO_BADGE
 * \param words  to recreate it with, those of its kind; NULL: zeros
 * \param name   for messages and services, cut to 15 characters
 * \return       its id; 0 if the ledger is full, or has no id left
 */
uint32_t caplog_ledger_give(struct caplog_ledger *ledger, uint32_t kind, uint32_t badge,
                            const union caplog_words *words, const char *name);

/* Can one more object be given? 1, 0 */
int caplog_ledger_room(const struct caplog_ledger *ledger);

/* The living object that has this badge; NULL: the component was given none */
struct caplog_object *caplog_ledger_by_badge(struct caplog_ledger *ledger, uint32_t badge);

/* The object with this id; NULL: no such line */
struct caplog_object *caplog_ledger_by_id(struct caplog_ledger *ledger, uint64_t id);

/* As caplog_ledger_by_id, if it lives and is of this kind */
struct caplog_object *caplog_ledger_of(struct caplog_ledger *ledger, uint64_t id, uint32_t kind);

/*
 * Living lines of one kind, from new to old; NULL: no more
 *
 * To drop a line on the way, ask for the next one first.
 */
struct caplog_object *caplog_ledger_first(struct caplog_ledger *ledger, uint32_t kind);
struct caplog_object *caplog_ledger_next(struct caplog_ledger *ledger,
                                         const struct caplog_object *object);

/* The object was destroyed: it is found by its id only, its badge may be in use again */
void caplog_ledger_drop(struct caplog_ledger *ledger, struct caplog_object *object);

/* The object has a new badge (after a restore) */
void caplog_ledger_rebadge(struct caplog_ledger *ledger, struct caplog_object *object,
                           uint32_t badge);

#ifdef __cplusplus
}
#endif

#endif
