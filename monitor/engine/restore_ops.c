/* SPDX-License-Identifier: BSD-2-Clause */
/* What the steps of a plan do for one component of an image */
#include "restore.h"

#include <string.h>

/* The component that owns an object of a slot, and the object's line; NULL: it does not exist */
static struct caplog_restoring *owner(struct caplog_restoring *r, const struct caplog_image_slot *s,
                                      struct caplog_object **line)
{
	struct caplog_restoring *o = NULL;

	if (s->from == CAPLOG_FROM_LEDGER)
		o = r;
	if (s->from == CAPLOG_FROM_TARGET && s->target < r->count)
		o = &r->group[s->target];
	if (o)
		*line = caplog_ledger_by_id(&o->t->ledger, s->source);
	return o && *line ? o : NULL;
}

static int op_judge(void *ctx, uint32_t slot, const struct caplog_cap *cap,
                    struct caplog_diag *diag)
{
	struct caplog_restoring *r = ctx;
	const struct caplog_image_slot *s = &r->t->slot[slot];
	struct caplog_object *line;

	if (s->from == CAPLOG_FROM_DEAD)
		return CAPLOG_DEAD;
	if (cap->kind == CAPLOG_THREAD ||
	    (cap->kind == CAPLOG_PLACED && caplog_is_thread_slot(r->t->space.flavour, slot)))
		return CAPLOG_CAN;
	if (owner(r, s, &line))
		return CAPLOG_CAN;
	return caplog_say(diag, CAPLOG_EINVAL, s->from == CAPLOG_FROM_TARGET
	                  ? "image names an object of a sibling that does not exist"
	                  : "image names no object for it");
}

static int op_thread(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                     struct caplog_diag *diag)
{
	struct caplog_restoring *r = ctx;
	return r->p->make_thread(r->p->ctx, r->t->handle, s->slot, badge, diag);
}

/* A hole stays if there was a thread that the component had not started yet */
static int op_threads_done(void *ctx, struct caplog_diag *diag)
{
	struct caplog_restoring *r = ctx;
	const struct caplog_plan *plan = &r->t->plan;
	uint32_t const end = plan->phase_begin[CAPLOG_PHASE_THREADS + 1];
	uint32_t highest = 0, badge;
	int err;

	for (uint32_t i = plan->phase_begin[CAPLOG_PHASE_THREADS]; i < end; i++) {
		const struct caplog_plan_step *s = &plan->step[i];
		highest = s->slot;
		if (s->kind == CAPLOG_EMPTY && !caplog_thread_of(r->t, s->slot) &&
		    (err = r->p->drop_thread(r->p->ctx, r->t->handle, s->slot)))
			return err;
	}
	for (uint32_t i = 0; i < r->t->threads; i++)
		if (r->t->thread[i].slot > highest &&
		    (err = r->p->make_thread(r->p->ctx, r->t->handle, r->t->thread[i].slot, &badge,
		                             diag)))
			return err;
	return 0;
}

/* What the image has for a line; lines are made in ascending order of their ids */
static const struct caplog_state *state_of(struct caplog_restoring *r,
                                           const struct caplog_object *line)
{
	struct caplog_image_state *s = &r->next_state;

	for (; s->object < line->id && r->states; r->states--)
		caplog_image_take(s, r->state++, sizeof *s);
	s->state.args[sizeof s->state.args - 1] = 0;
	return s->object == line->id && caplog_kind_carries(line->kind) == CAPLOG_CARRIES_SESSION
	       ? &s->state : NULL;
}

static uint64_t pending_of(struct caplog_restoring *r, const struct caplog_object *line)
{
	struct caplog_image_pending *p = &r->next_pending;

	for (; p->object < line->id && r->pendings; r->pendings--)
		caplog_image_take(p, r->pending++, sizeof *p);
	return p->object == line->id && caplog_kind_carries(line->kind) == CAPLOG_CARRIES_PENDING
	       ? p->number : 0;
}

struct caplog_owned caplog_shared_dataspace(struct caplog_restoring *r,
                                            const struct caplog_object *region)
{
	struct caplog_target *const sibling = r->group[region->shared_region.owner].t;
	struct caplog_owned const dataspace = {
		sibling->handle, caplog_region_shared(&sibling->ledger, region)
	};

	return dataspace;
}

/* All memory is there: that of siblings as well */
static int share(struct caplog_restoring *r, struct caplog_object *region, struct caplog_diag *diag)
{
	struct caplog_owned const dataspace = caplog_shared_dataspace(r, region);

	return r->p->share(r->p->ctx, r->t->handle, region, &dataspace, diag);
}

int caplog_make_line(struct caplog_restoring *r, struct caplog_object *line,
                     struct caplog_diag *diag)
{
	if (line->badge != CAPLOG_NO_BADGE)
		return 0; /* made already */
	if (caplog_kind_carries(line->kind) == CAPLOG_CARRIES_MEMORY)
		return caplog_say(diag, CAPLOG_EINVAL, "image changes while it is restored: it has no "
		                  "memory for it");
	if (line->kind == CAPLOG_OBJECT_GATE)
		return r->p->make_gates(r->p->ctx, r->t->handle, (uint32_t)line->gate.entrypoint, &line,
		                        1, diag);
	if (line->kind == CAPLOG_OBJECT_SHARED_REGION)
		return share(r, line, diag);
	return r->p->make(r->p->ctx, r->t->handle, line, state_of(r, line),
	                  pending_of(r, line), diag);
}

/* The RPC object of a step; NULL: the ledger has none that fits */
static struct caplog_object *gate_of(struct caplog_restoring *r, const struct caplog_plan_step *s)
{
	struct caplog_object *line = caplog_ledger_by_id(&r->t->ledger, r->t->slot[s->slot].source);

	return line && line->kind == CAPLOG_OBJECT_GATE && line->gate.entrypoint == s->other ? line : NULL;
}

static int listed(struct caplog_object *const *lines, uint32_t count,
                  const struct caplog_object *line)
{
	while (count && lines[count - 1] != line)
		count--;
	return count != 0;
}

/* This one and those that follow, as far as one operation makes them */
static int make_gates(struct caplog_restoring *r, const struct caplog_plan_step *s,
                      struct caplog_diag *diag)
{
	const struct caplog_plan *plan = &r->t->plan;
	const struct caplog_plan_step *end = &plan->step[plan->phase_begin[CAPLOG_PHASE_GATES + 1]];
	struct caplog_object *lines[CAPLOG_BATCH];
	uint32_t const entrypoint = s->other;
	uint64_t seen = 0; /* an image may name one line twice: a bit for each id modulo 64 */
	uint32_t count = 0;

	for (; s < end && count < CAPLOG_BATCH && s->other == entrypoint; s++) {
		struct caplog_object *line = gate_of(r, s);

		if (!line || line->badge != CAPLOG_NO_BADGE)
			continue;
		if (seen >> line->id % 64 & 1 && listed(lines, count, line))
			continue;
		seen |= 1ull << line->id % 64;
		lines[count++] = line;
	}
	return r->p->make_gates(r->p->ctx, r->t->handle, entrypoint, lines, count, diag);
}

/* A step whose RPC object an earlier one failed to make tries again, and reports why */
static int op_gate(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                   struct caplog_diag *diag)
{
	struct caplog_restoring *r = ctx;
	const struct caplog_object *line = gate_of(r, s);
	int err = 0;

	if (!line)
		return caplog_say(diag, CAPLOG_EINVAL, "the ledger does not know this RPC object");
	if (line->badge == CAPLOG_NO_BADGE)
		err = make_gates(r, s, diag);
	*badge = line->badge;
	return line->badge == CAPLOG_NO_BADGE ? err : 0;
}

static int op_object(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                     struct caplog_diag *diag)
{
	struct caplog_restoring *r = ctx;
	struct caplog_object *line;

	if (!owner(r, &r->t->slot[s->slot], &line))
		return caplog_say(diag, CAPLOG_EINVAL, "image names no object for it");
	*badge = line->badge; /* all are made as the phase begins */
	return 0;
}

/* This one and those that follow, as far as one operation fills their slots */
static int install(struct caplog_restoring *r, const struct caplog_plan_step *s,
                   struct caplog_diag *diag)
{
	const struct caplog_plan *plan = &r->t->plan;
	const struct caplog_plan_step *end = &plan->step[plan->phase_begin[CAPLOG_PHASE_SLOTS + 1]];
	struct caplog_owned what[CAPLOG_BATCH];
	uint64_t ask = 0;

	r->window = s->slot / CAPLOG_BATCH * CAPLOG_BATCH;
	r->filled = 0;
	for (; s < end && s->slot < r->window + CAPLOG_BATCH; s++) {
		struct caplog_object *line;
		struct caplog_restoring *o = owner(r, &r->t->slot[s->slot], &line);
		uint32_t const n = s->slot - r->window;

		if (!o)
			break;
		what[n].owner = o->t->handle;
		what[n].object = line;
		ask |= 1ull << n;
	}
	return ask ? r->p->install(r->p->ctx, r->t->handle, r->window, ask, what, &r->filled, diag)
	           : caplog_say(diag, CAPLOG_EINVAL, "image names no object for it");
}

/* A step whose slot an earlier one failed to fill tries again, and reports why */
static int op_install(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct caplog_restoring *r = ctx;
	uint32_t const n = s->slot - r->window;

	if (n < CAPLOG_BATCH && r->filled >> n & 1)
		return 0;

	int const err = install(r, s, diag);
	return r->filled >> (s->slot - r->window) & 1 ? 0 : err;
}

static int op_attach(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct caplog_restoring *r = ctx;
	return r->p->attach_irq(r->p->ctx, r->t->handle, s->slot, s->other, s->a, diag);
}

/* Into the map array, and into the log's table, which has to agree with it */
static int op_badge(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct caplog_restoring *r = ctx;
	const struct caplog_map_place *m = &r->t->map;
	uint16_t const narrow = (uint16_t)s->new_badge;

	memcpy(r->map + (size_t)m->stride * s->slot + m->offset,
	       m->width == 2 ? (const void *)&narrow : (const void *)&s->new_badge, m->width);
	return caplog_reader_rebadge(&r->t->reader, s->slot, s->new_badge, diag);
}

static int op_badges_done(void *ctx, struct caplog_diag *diag)
{
	struct caplog_restoring *r = ctx;
	uint32_t *epoch = caplog_memory(r->p, r->t, r->t->map.epoch_address, 4);

	if (!epoch)
		return caplog_say(diag, CAPLOG_EINVAL, "the epoch word lies outside its memory");
	++*epoch;
	return 0;
}

static int op_registers(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct caplog_restoring *r = ctx;
	const struct caplog_image_thread *thread = caplog_thread_of(r->t, s->slot);

	if (!thread)
		return caplog_say(diag, CAPLOG_EINVAL, "image has no state of this thread");
	if (thread->state != CAPLOG_THREAD_NEW &&
	    !caplog_memory(r->p, r->t, thread->frame, r->p->frame_bytes))
		return caplog_say(diag, CAPLOG_EINVAL, "the thread's frame at %n lies outside its memory",
		                  thread->frame);

	int const err = r->p->entry(r->p->ctx, r->t->handle, r->t->stub, diag);
	return err ? err : r->p->registers(r->p->ctx, r->t->handle, thread, r->t->stub, s->a, s->b,
	                                   diag);
}

static int op_start(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct caplog_restoring *r = ctx;
	const struct caplog_image_thread *thread = caplog_thread_of(r->t, s->slot);

	return thread && thread->state == CAPLOG_THREAD_NEW ? 0
	       : r->p->start(r->p->ctx, r->t->handle, s->slot, diag);
}

/* A restore that fails destroys its fresh components as a whole */
static void op_undo(void *ctx, const struct caplog_plan_step *s)
{
	(void)ctx;
	(void)s;
}

struct caplog_ops caplog_restore_ops(struct caplog_restoring *r)
{
	struct caplog_ops const ops = {
		.ctx = r, .judge = op_judge, .thread = op_thread, .threads_done = op_threads_done,
		.object = op_object, .gate = op_gate, .install = op_install, .attach = op_attach,
		.badge = op_badge, .badges_done = op_badges_done, .registers = op_registers,
		.start = op_start, .undo = op_undo
	};
	return ops;
}
