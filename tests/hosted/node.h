/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A node: kernel, core's part (badges, sessions), and a monitor's services
 *
 * Two nodes differ in the badges they hand out, so nothing that survives a
 * move may depend on one. Each target's services write its ledger, as a
 * monitor does that sits between component and core.
 */
#ifndef HOSTED_NODE_H
#define HOSTED_NODE_H

#include "../../monitor/engine/engine.h"
#include "kernel.h"

enum hm_kind {
	HM_PARENT = CAPLOG_OBJECT_FIRST,
	HM_PD, HM_CPU, HM_LOG, HM_TIMER,
	HM_THREAD,     /* arg 0: slot of its gate                */
	HM_SOURCE,
	HM_SEMAPHORE,  /* arg 0: id of the source                */
	HM_CONTEXT,    /* arg 0: imprint, arg 1: id of the source */
	HM_ANNOUNCED,  /* arg 0: id of the gate; no capability   */
	HM_DATASPACE,  /* one page; arg 0: where it is attached, 0: nowhere */
	HM_END
};

enum { HM_OBJECTS = 5000, HM_PENDING = 16, HM_TRACE = 16 * 1024, HM_TARGETS = 8 };

struct hm_signal { uint64_t imprint, number; };

/* A living ledger line: the object itself, and what a line cannot say */
struct hm_object {
	uint32_t          id, kind;
	uint32_t          badge;
	struct hk_object *o;
	struct hm_target *target;
	struct hm_signal  pending[HM_PENDING]; /* HM_SOURCE */
	uint32_t          pendings;
	uint64_t          sigh, deadline;      /* HM_TIMER: id of context; 0: none */
	uint64_t          memory;              /* HM_DATASPACE: offset in the node's */
};

struct hm_node;

struct hm_target {
	struct hm_node       *node;
	struct hk_task       *task;
	struct caplog_ledger *ledger;
	char                  name[CAPLOG_OBJECT_NAME];
	uint64_t              log_size;
	struct hk_gate       *gate[HK_THREADS];
	struct hm_object    **object;  /* by ledger id */
	uint32_t              objects; /* size of that array */
	uint32_t              group;   /* siblings: only they see its services */
	int                   exited;
	char                 *trace;   /* what the world saw of it */
	size_t                traced;
};

struct hm_node {
	struct hk_node   *k;
	uint32_t          first_badge;
	uint8_t           badge_used[8192];
	uint64_t          now;         /* virtual time: passes when all are idle */
	uint32_t          group;       /* of components made from now on */
	struct hm_target *target[HM_TARGETS];
	uint32_t          targets;
};

struct hm_node *hm_node_create(uint64_t seed, uint32_t first_badge, uint64_t memory);
void hm_node_destroy(struct hm_node *node);

/*
 * Start a component from scratch
 *
 * \param log_size  of its log; 0: the parent hands out none
 */
struct hm_target *hm_start(struct hm_node *node, const char *name, void (*construct)(void),
                           uint64_t log_size, struct caplog_ledger *ledger);
void hm_kill(struct hm_target *target);

/*
 * Run until all have exited, nothing can run any more, or `events` log events
 * happened on this node in total
 *
 * \return 1 all exited, 0 stopped at the event, -1 nothing can run
 */
int hm_run(struct hm_node *node, uint64_t events);

/* One step of one thread, or of time. \return 1; 0 all exited; -1 nothing can run */
int hm_step(struct hm_node *node);

/* The engine's view; one platform per node */
struct caplog_platform hm_platform(struct hm_node *node);

/*
 * Shared between node.c, services.c and platform.c
 */
struct hm_target *hm_target_create(struct hm_node *node, const char *name, uint64_t log_size,
                                   struct caplog_ledger *ledger);
uint32_t hm_badge_alloc(struct hm_node *node);
void     hm_badge_free(struct hm_node *node, uint32_t badge);
/* Give a service, or what `o` says, to a target: object and ledger line */
struct hm_object *hm_give(struct hm_target *t, uint32_t kind, struct hk_object *o,
                          uint32_t badge, const uint64_t *arg, const char *name);
struct hm_object *hm_object_by_id(struct hm_target *t, uint64_t id);
struct hm_object *hm_object_of(struct hm_target *t, const struct hk_object *o);
void   hm_object_destroy(struct hm_object *o);
/* Enter an object that stands in the ledger already */
struct hm_object *hm_enter(struct hm_target *t, uint32_t id, uint32_t kind,
                           struct hk_object *o, uint32_t badge);
/* The thread with its gate, pager gate and IRQ in the first free place */
struct hk_thread *hm_thread_create(struct hm_target *t, uint32_t *slot, uint32_t *badge);
void   hm_thread_destroy(struct hm_target *t, uint32_t slot);
int    hm_attach(struct hm_target *t, uint64_t address, uint64_t size);
/* Own mapping of component memory; NULL: not all of it is a dataspace */
void  *hm_memory(struct hm_target *t, uint64_t address, uint64_t size);
void   hm_service(void *ctx, struct hk_thread *caller, uint64_t label, struct hk_message *m);
/* Attach a dataspace where its line says; 0 or HK_E_INVAL */
int    hm_attach_dataspace(struct hm_object *h);
void   hm_submit(struct hm_target *t, uint64_t context, uint64_t number);

#endif
