/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Operations of the restore plan on a capability space in memory
 *
 * Stands for a node on which nothing of the component is known: every object
 * is recreated and gets the next badge that this node's core would give.
 */
#include <errno.h>
#include <string.h>

#include "tool.h"

static int refuse(struct caplog_diag *diag, int error, const char *text)
{
	diag->error = error;
	snprintf(diag->text, sizeof diag->text, "%s", text);
	return error;
}

void memspace_init(struct memspace *mem, const struct caplog_space *space,
                   uint32_t first_badge)
{
	memset(mem, 0, sizeof *mem);
	mem->flavour = space->flavour;
	mem->next_badge = first_badge;
	mem->objects = 1; /* 0 is no object */
	/* memory comes back as it was, with the badges of the node it was taken on */
	for (uint32_t slot = 0; slot < space->flavour->slot_count; slot++)
		mem->badge[slot] = space->cap[slot].badge;
}

static int alloc_badge(struct memspace *mem, uint32_t *badge, struct caplog_diag *diag)
{
	const struct caplog_flavour *f = mem->flavour;

	while (mem->next_badge == f->badge_unused || mem->next_badge == f->badge_none ||
	       mem->next_badge == f->main_badge)
		mem->next_badge += f->badge_step;
	if (mem->next_badge >> f->badge_bits)
		return refuse(diag, CAPLOG_ENOSPC, "this node has no badge left: begin with a lower one");
	*badge = mem->next_badge;
	mem->next_badge += f->badge_step;
	return 0;
}

/* New object for a slot, known by *badge. \return its number or -errno */
static int make(struct memspace *mem, uint32_t slot, unsigned type, uint32_t *badge,
                struct caplog_diag *diag)
{
	int err;

	if (mem->objects == 2 * CAPLOG_SLOTS_MAX)
		return refuse(diag, CAPLOG_ENOSPC, "this node has no object left");
	if (mem->made[slot])
		return refuse(diag, CAPLOG_EEXIST, "an object was made for this slot before");
	if ((err = alloc_badge(mem, badge, diag)))
		return err;

	uint32_t const number = mem->objects++;
	struct mem_object *o = &mem->object[number];
	memset(o, 0, sizeof *o);
	o->type    = (uint8_t)type;
	o->of_slot = (uint16_t)slot;
	o->label   = *badge;
	mem->made[slot] = (uint16_t)number;
	return (int)number;
}

static void destroy(struct memspace *mem, uint32_t slot)
{
	mem->object[mem->made[slot]].type = CAPLOG_KERNEL_NONE;
	if (mem->slot[slot] == mem->made[slot])
		mem->slot[slot] = NO_OBJECT;
	mem->made[slot] = NO_OBJECT;
}

/* Thread whose gate lies in a slot, or NO_OBJECT */
static uint16_t thread_at(const struct memspace *mem, uint32_t slot)
{
	uint16_t const number = slot < CAPLOG_SLOTS_MAX ? mem->slot[slot] : NO_OBJECT;

	return mem->object[number].is_thread ? number : NO_OBJECT;
}

/* Where a new thread's gate goes: the first free place of the thread area */
static uint32_t next_thread_slot(const struct memspace *mem)
{
	const struct caplog_flavour *f = mem->flavour;
	uint32_t slot = f->thread_base;

	while (caplog_is_thread_slot(f, slot) && mem->slot[slot])
		slot += f->thread_stride;
	return slot;
}


/*
 * Operations
 */

static int judge(void *ctx, uint32_t slot, const struct caplog_cap *cap,
                 struct caplog_diag *diag)
{
	(void)ctx; (void)slot; (void)cap; (void)diag;
	return CAPLOG_CAN; /* in memory anything can be made */
}

static int make_thread(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                       struct caplog_diag *diag)
{
	struct memspace *mem = ctx;

	if (next_thread_slot(mem) != s->slot)
		return refuse(diag, CAPLOG_EINVAL, "a new thread would get another slot");

	int const number = make(mem, s->slot, CAPLOG_KERNEL_GATE, badge, diag);
	if (number < 0)
		return number;
	mem->object[number].is_thread = 1;
	mem->object[number].is_hole = s->kind == CAPLOG_EMPTY;
	mem->slot[s->slot] = (uint16_t)number;
	return 0;
}

static int threads_done(void *ctx, struct caplog_diag *diag)
{
	struct memspace *mem = ctx;

	(void)diag;
	for (uint32_t number = 1; number < mem->objects; number++)
		if (mem->object[number].is_hole)
			destroy(mem, mem->object[number].of_slot);
	return 0;
}

static int make_object(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                       struct caplog_diag *diag)
{
	unsigned const type = s->kind == CAPLOG_IRQ ? CAPLOG_KERNEL_IRQ : CAPLOG_KERNEL_GATE;
	int const number = make(ctx, s->slot, type, badge, diag);

	return number < 0 ? number : 0;
}

static int make_gate(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                     struct caplog_diag *diag)
{
	struct memspace *mem = ctx;
	uint16_t const thread = thread_at(mem, s->other);

	if (!thread)
		return refuse(diag, CAPLOG_EINVAL, "its entrypoint's slot holds no thread");

	int const number = make(mem, s->slot, CAPLOG_KERNEL_GATE, badge, diag);
	if (number < 0)
		return number;
	mem->object[number].bound = thread;
	return 0;
}

static int install(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct memspace *mem = ctx;

	if (!mem->made[s->slot])
		return refuse(diag, CAPLOG_ENOENT, "no object was made for this slot");
	if (mem->slot[s->slot] && mem->slot[s->slot] != mem->made[s->slot])
		return refuse(diag, CAPLOG_EEXIST, "the slot holds another object");
	mem->slot[s->slot] = mem->made[s->slot];
	return 0;
}

static int attach(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct memspace *mem = ctx;
	struct mem_object *irq = &mem->object[mem->slot[s->slot]];

	if (irq->type != CAPLOG_KERNEL_IRQ)
		return refuse(diag, CAPLOG_EINVAL, "the slot holds no IRQ");
	if (irq->bound)
		return refuse(diag, CAPLOG_EINVAL, "the IRQ is attached already");
	if (!thread_at(mem, s->other))
		return refuse(diag, CAPLOG_EINVAL, "the slot of its thread holds none");
	irq->bound = thread_at(mem, s->other);
	irq->irq_label = s->a;
	return 0;
}

static int write_badge(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	(void)diag;
	((struct memspace *)ctx)->badge[s->slot] = s->new_badge;
	return 0;
}

static int badges_done(void *ctx, struct caplog_diag *diag)
{
	(void)diag;
	((struct memspace *)ctx)->epoch++;
	return 0;
}

static int set_registers(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct memspace *mem = ctx;
	uint16_t const thread = thread_at(mem, s->slot);

	if (!thread)
		return refuse(diag, CAPLOG_EINVAL, "the slot holds no thread");
	mem->object[thread].is_set = 1;
	mem->object[thread].utcb = s->a;
	mem->object[thread].user_word = s->b;
	return 0;
}

static int start(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct memspace *mem = ctx;
	uint16_t const thread = thread_at(mem, s->slot);

	if (!thread)
		return refuse(diag, CAPLOG_EINVAL, "the slot holds no thread");
	mem->object[thread].started = 1;
	return 0;
}

static void undo(void *ctx, const struct caplog_plan_step *s)
{
	struct memspace *mem = ctx;
	struct mem_object *o = &mem->object[mem->slot[s->slot]];

	switch (s->phase) {
	case CAPLOG_PHASE_THREADS:
	case CAPLOG_PHASE_OBJECTS:
	case CAPLOG_PHASE_GATES:
		if (mem->made[s->slot]) /* a hole may be gone already */
			destroy(mem, s->slot);
		break;
	case CAPLOG_PHASE_SLOTS:
		mem->slot[s->slot] = NO_OBJECT;
		break;
	case CAPLOG_PHASE_IRQS:
		o->bound = NO_OBJECT;
		o->irq_label = 0;
		break;
	case CAPLOG_PHASE_BADGES:
		mem->badge[s->slot] = s->old_badge;
		break;
	case CAPLOG_PHASE_REGISTERS:
		o->is_set = 0;
		o->utcb = o->user_word = 0;
		break;
	case CAPLOG_PHASE_START:
		o->started = 0;
		break;
	default:
		break;
	}
}

void memspace_ops(struct memspace *mem, struct caplog_ops *ops)
{
	*ops = (struct caplog_ops){
		.ctx          = mem,
		.judge        = judge,
		.thread       = make_thread,
		.threads_done = threads_done,
		.object       = make_object,
		.gate         = make_gate,
		.install      = install,
		.attach       = attach,
		.badge        = write_badge,
		.badges_done  = badges_done,
		.registers    = set_registers,
		.start        = start,
		.undo         = undo,
	};
}
