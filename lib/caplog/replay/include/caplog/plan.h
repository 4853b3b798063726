/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plan and execute: from a folded space to the same space elsewhere
 *
 * A plan is a list of steps in phases. Planning changes nothing; what cannot be
 * restored is refused there by name. The plan is executed through one table of
 * operations, which the Genode monitor, the hosted platform and the tool's
 * in-memory space implement. If a step fails, the steps before it are undone in
 * reverse order.
 */
#ifndef CAPLOG_PLAN_H
#define CAPLOG_PLAN_H

#include <caplog/reader.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Phases in the order in which they run */
#define CAPLOG_PHASES(X)                                                  \
	X(THREADS, "threads")     /* in thread-area order, holes filled       */ \
	X(GATES, "gates")         /* own RPC objects, bound to entrypoints    */ \
	X(OBJECTS, "objects")     /* sessions, dataspaces, signal sources ... */ \
	X(SLOTS, "slots")         /* each capability into its old slot        */ \
	X(IRQS, "irqs")           /* attached to their threads                */ \
	X(BADGES, "badges")       /* new badges into the map array            */ \
	X(REGISTERS, "registers") /* UTCB words and thread state              */ \
	X(START, "start")

enum caplog_phase {
#define X(id, name) CAPLOG_PHASE_##id,
	CAPLOG_PHASES(X)
#undef X
	CAPLOG_PHASE_COUNT
};

/* One step. 'slot' names it in every message. */
struct caplog_plan_step {
	uint8_t  phase;          /* enum caplog_phase                              */
	uint8_t  kind;           /* enum caplog_kind of the slot; EMPTY: a hole    */
	uint8_t  dead;           /* badges: entry gets a badge that never matches  */
	uint16_t slot;
	uint16_t other;          /* gates: entrypoint slot; irqs: thread slot      */
	uint32_t old_badge;
	uint32_t new_badge;      /* badges: filled in by execute                   */
	uint64_t serial;
	uint64_t a, b;           /* registers: UTCB, Thread object; irqs: label    */
};

/* At most four per slot, and a hole per place of a thread, which has two slots or more */
#define CAPLOG_PLAN_STEPS (4 * CAPLOG_SLOTS_MAX + CAPLOG_SLOTS_MAX / 2)

/* 748 KiB; the caller allocates it. Members are for reading. */
struct caplog_plan {
	const struct caplog_flavour *flavour;
	uint32_t count;
	uint32_t phase_begin[CAPLOG_PHASE_COUNT + 1];
	uint32_t badge[CAPLOG_SLOTS_MAX];   /* new badge by slot, filled by execute */
	uint8_t  verdict[CAPLOG_SLOTS_MAX]; /* what judge said */
	uint16_t used[CAPLOG_SLOTS_MAX];    /* slots that are not empty, ascending */
	uint32_t used_count;
	struct caplog_plan_step step[CAPLOG_PLAN_STEPS];
};
CAPLOG_ASSERT(sizeof(struct caplog_plan) >> 10 == 748, "struct caplog_plan has 748 KiB");

enum caplog_verdict {
	CAPLOG_CAN = 0,          /* the object can be recreated or found         */
	CAPLOG_DEAD = 1          /* its owner destroyed it: restored as dead     */
};

/*
 * Operations that a platform provides. All return 0 or a negative number of
 * CAPLOG_ERRORS, and fill diag->text (or leave it empty) on error. They only
 * read the steps. All are needed, except threads_done and badges_done.
 */
struct caplog_ops {
	void *ctx;
	/*
	 * Can what this live entry names be recreated or found (object, own RPC
	 * object, thread)? Called while planning; must change nothing.
	 * \return enum caplog_verdict, or negative: refused
	 */
	int (*judge)(void *ctx, uint32_t slot, const struct caplog_cap *cap,
	             struct caplog_diag *diag);
	/* Create the thread of this slot (hole: one that is destroyed after the
	 * phase); *badge receives the badge of its gate */
	int (*thread)(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
	              struct caplog_diag *diag);
	/* All threads are created: destroy those of the holes */
	int (*threads_done)(void *ctx, struct caplog_diag *diag);
	/* Create or find the object of this slot; *badge receives its badge */
	int (*object)(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
	              struct caplog_diag *diag);
	/* Create the gate of this own RPC object, bound to the thread of s->other */
	int (*gate)(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
	            struct caplog_diag *diag);
	/* Put the object of this slot into it; occupied by the same: leave it */
	int (*install)(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag);
	/* Attach the IRQ of this slot to the thread of s->other with label s->a */
	int (*attach)(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag);
	/* Write s->new_badge into the map array */
	int (*badge)(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag);
	/* All badges are written: add 1 to the epoch word */
	int (*badges_done)(void *ctx, struct caplog_diag *diag);
	/* Set the UTCB user words (slot, s->b) and registers of this thread */
	int (*registers)(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag);
	/* Let this thread run */
	int (*start)(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag);
	/* Undo a step that was done; cannot fail. Not called for holes once
	 * threads_done has succeeded; if that fails, all of them are undone. */
	void (*undo)(void *ctx, const struct caplog_plan_step *s);
};

/*
 * Plan the restore of a space
 *
 * \return 0; negative with diag naming the slot or the operation: CAPLOG_EINVAL
 *         (an operation is missing, or a state that no component reaches: an
 *         entrypoint or IRQ thread that is not a thread, two live entries with
 *         one badge), or what judge returned
 */
int caplog_plan(struct caplog_plan *plan, const struct caplog_space *space,
                const struct caplog_ops *ops, struct caplog_diag *diag);

/*
 * Execute a plan, phase by phase
 *
 * \param progress  may be NULL; called as each phase begins, and with
 *                  CAPLOG_PHASE_COUNT at the end
 * \return          0; negative errno of the failing step, with diag naming phase
 *                  and slot (or the end of the phase), after everything done
 *                  before was undone
 */
int caplog_execute(struct caplog_plan *plan, const struct caplog_ops *ops,
                   void (*progress)(void *ctx, unsigned phase), struct caplog_diag *diag);

/*
 * Execute one phase, for several plans side by side: components that hold
 * each other's RPC objects are restored together, phase by phase
 *
 * \return as caplog_execute, after what this phase did was undone
 */
int caplog_execute_phase(struct caplog_plan *plan, unsigned phase,
                         const struct caplog_ops *ops, struct caplog_diag *diag);

/* Undo a phase that was executed wholly; later phases first */
void caplog_undo_phase(struct caplog_plan *plan, unsigned phase, const struct caplog_ops *ops);

const char *caplog_phase_name(unsigned phase);

#ifdef __cplusplus
}
#endif

#endif
