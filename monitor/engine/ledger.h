/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ledger: what the monitor handed to one component
 *
 * The monitor sits between the component and core, so it knows each object
 * and how to make it again. No authority comes out of a log: a slot is filled
 * only with an object that stands here, or that another component of the same
 * group owns. Lines are kept in the order in which they were written, which is
 * an order in which the objects can be made again.
 */
#ifndef CAPLOG_LEDGER_H
#define CAPLOG_LEDGER_H

#include <caplog/reader.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CAPLOG_LEDGER_MAX   8192u
#define CAPLOG_OBJECT_NAME  16u
#define CAPLOG_OBJECT_ARGS  4u
#define CAPLOG_GONE_KEPT    1024u
#define CAPLOG_NO_BADGE     UINT32_MAX /* of an object that is not made yet */

/* Kinds that the engine itself knows; all others are the platform's */
enum caplog_object_kind {
	CAPLOG_OBJECT_UNKNOWN = 0, /* no way to make it again: refused by name  */
	CAPLOG_OBJECT_GATE    = 1, /* own RPC object; arg[0]: entrypoint's slot */
	CAPLOG_OBJECT_FIRST   = 16 /* first number of the platform's kinds      */
};

struct caplog_object {
	uint32_t id;        /* from 1, never reused within a ledger            */
	uint32_t kind;
	uint32_t badge;     /* its capability has now                          */
	uint32_t gone;      /* 1: destroyed; holders hold a dead capability    */
	uint64_t arg[CAPLOG_OBJECT_ARGS];
	char     name[CAPLOG_OBJECT_NAME];
};

struct caplog_ledger {
	uint32_t count, next_id;
	uint32_t destroyed;               /* objects gone so far */
	uint32_t unknown;                 /* living ones of CAPLOG_OBJECT_UNKNOWN */
	uint32_t gone[CAPLOG_GONE_KEPT];  /* ids of the last of them, the n-th at n modulo size */
	uint16_t head[1024];
	uint16_t next[CAPLOG_LEDGER_MAX]; /* chain by badge */
	struct caplog_object line[CAPLOG_LEDGER_MAX];
};

void caplog_ledger_init(struct caplog_ledger *ledger);

/*
 * Write down that the component was given an object
 *
 * Lines of objects that are gone make room when the ledger is full.
 *
 * \param arg   CAPLOG_OBJECT_ARGS words to make it again with, NULL: zeros
 * \param name  for messages and services, cut to 15 characters
 * \return      its id; 0 if the ledger is full
 */
uint32_t caplog_ledger_give(struct caplog_ledger *ledger, uint32_t kind, uint32_t badge,
                            const uint64_t *arg, const char *name);

/* The living object that has this badge; NULL: the component was given none */
struct caplog_object *caplog_ledger_by_badge(struct caplog_ledger *ledger, uint32_t badge);

/* The object with this id; NULL: no such line */
struct caplog_object *caplog_ledger_by_id(struct caplog_ledger *ledger, uint32_t id);

/* The object was destroyed */
void caplog_ledger_gone(struct caplog_ledger *ledger, uint32_t badge);

/* As caplog_ledger_gone, for a line of this ledger: its badge may have come again */
void caplog_ledger_drop(struct caplog_ledger *ledger, struct caplog_object *object);

/* The object has a new badge (after a restore) */
void caplog_ledger_rebadge(struct caplog_ledger *ledger, struct caplog_object *object,
                           uint32_t badge);

#ifdef __cplusplus
}
#endif

#endif
