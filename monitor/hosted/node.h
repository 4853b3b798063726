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

#include "engine.h"
#include "kernel.h"

enum { HM_PENDING = 16, HM_TRACE = 16 * 1024, HM_TARGETS = 8, HM_IDS = 1 << 20 };

struct hm_signal { uint64_t context, imprint, number; };

/* Which pages of a dataspace were written */
struct hm_written {
	uint64_t  image;   /* since its memory was saved to this one; 0: none */
	int       taken;   /* the bits, since it was saved */
	int       held;    /* it can be read as `before` says */
	uint32_t  id;      /* of its line */
	const struct hm_object *owner; /* NULL: it was freed while it was held */
	struct hm_written *next;       /* of those that are held */
	uint64_t  pages;
	uint8_t  *before;  /* its bytes when they were looked at last */
	uint32_t *kept;    /* a bit per page: written since it is held */
	uint32_t  page[];  /* a bit per page                          */
};

/* A living ledger line: the object itself, and what a line has no room for */
struct hm_object {
	uint32_t          id, kind;
	uint32_t          badge;
	struct hk_object *o;
	struct hm_target *target;
	struct hm_signal  pending[HM_PENDING]; /* of a signal source */
	uint32_t          pendings;
	uint64_t          sigh, deadline;      /* of a Timer session: id of context; 0: none */
	uint64_t          quota;               /* that a session was given         */
	uint64_t          memory;              /* of a dataspace: offset in the node's */
	struct hm_written *written;            /* NULL: its pages are not tracked      */
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
	uint32_t              index;   /* in its group */
	int                   paused;  /* it is being stopped, or stands still */
	int                   exited;
	struct hm_written    *held;    /* its memory, if it is held */
	uint64_t              quota;   /* what it has left to give to sessions */
	char                 *trace;   /* what the world saw of it */
	size_t                traced;
};

struct hm_node {
	struct hk_node   *k;
	uint32_t          first_badge; /* if badges have 16 bits; a multiple of it if they are wider */
	uint8_t           badge_used[12288];
	uint64_t          now;         /* virtual time: passes when all are idle */
	uint64_t          waited;      /* milliseconds that the engine waited    */
	uint64_t          copies;      /* room for pages written while memory is held, of each target */
	uint32_t          group;       /* of components made from now on */
	struct hm_target *target[HM_TARGETS];
	uint32_t          targets;
};

struct hm_node *hm_node_create(uint64_t seed, uint32_t first_badge, uint64_t memory);
void hm_node_destroy(struct hm_node *node);

enum { HM_QUOTA = 100000 }; /* of a component that starts */

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
int      hm_badge_left(const struct hm_node *node);
/* Give a service, or what `o` says, to a target: object and ledger line */
struct hm_object *hm_give(struct hm_target *t, uint32_t kind, struct hk_object *o,
                          uint32_t badge, const union caplog_words *words, const char *name);
struct hm_object *hm_object_by_id(struct hm_target *t, uint64_t id);
struct hm_object *hm_object_of(struct hm_target *t, const struct hk_object *o);
struct caplog_object *hm_line(const struct hm_object *o);
void   hm_object_destroy(struct hm_object *o);
/* It is tracked no more (written.c) */
void   hm_forget_written(struct hm_object *o);
/* Components ran: what they wrote of memory that is held */
void   hm_note_held(struct hm_target *t);
/* The target's memory is held no more */
void   hm_forget_held(struct hm_target *t);
/* Enter an object whose line is in the ledger already */
struct hm_object *hm_enter(struct hm_target *t, uint32_t id, uint32_t kind,
                           struct hk_object *o, uint32_t badge);
/* The thread with its gate, pager gate and IRQ in the first free place */
struct hk_thread *hm_thread_create(struct hm_target *t, uint32_t *slot, uint32_t *badge);
void   hm_thread_destroy(struct hm_target *t, uint32_t slot);
/* Index of a thread by the slot of its gate; HK_THREADS or more: no thread */
uint32_t hm_thread_index(uint32_t slot);
uint32_t hm_thread_slot(uint32_t index);

/* A dataspace: its line says its size */
struct hm_object *hm_dataspace(struct hm_target *t, uint32_t kind, uint64_t size,
                               const char *name);
/* Attach a part of a dataspace, its own or a sibling's; 0 or HK_E_INVAL */
int    hm_attach(struct hm_target *t, const struct hm_object *dataspace, uint64_t address,
                 uint64_t offset, uint64_t size);
/* Free it: it is detached wherever it is attached */
void   hm_dataspace_free(struct hm_object *dataspace);
/* Fresh memory at an address: dataspace and region; 0 or HK_E_INVAL */
int    hm_attach_new(struct hm_target *t, uint32_t kind, uint64_t address, uint64_t size,
                     const char *name);
/* Own mapping of component memory; NULL: not all of it is a dataspace */
void  *hm_memory(struct hm_target *t, uint64_t address, uint64_t size);
void   hm_service(void *ctx, struct hk_thread *caller, uint64_t label, struct hk_message *m);
void   hm_submit(struct hm_target *t, uint64_t context, uint64_t number);

#endif
