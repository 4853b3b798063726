/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Check of a restored space
 *
 * Walks the space that the log describes and looks at what lies in memory. It does
 * not know the plan, so that a step that the plan forgot is found.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "tool.h"

struct checker {
	const struct caplog_space *space;
	const struct memspace *mem;
	struct check_counts *counts;
	void (*report)(void *ctx, uint32_t slot, const char *text);
	void *ctx;
};

static void fail(const struct checker *c, uint32_t slot, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void fail(const struct checker *c, uint32_t slot, const char *fmt, ...)
{
	char text[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	c->counts->failures++;
	c->report(c->ctx, slot, text);
}

static const struct mem_object *object_in(const struct checker *c, uint32_t slot)
{
	return &c->mem->object[c->mem->slot[slot]];
}

/* No object may ever be known by this badge */
static void check_dead(const struct checker *c, uint32_t slot)
{
	const struct caplog_flavour *f = c->space->flavour;
	uint32_t const badge = c->mem->badge[slot];

	c->counts->freed++;
	if (object_in(c, slot)->type != CAPLOG_KERNEL_NONE)
		fail(c, slot, "its object is gone, yet the slot is not empty");
	if (badge % f->badge_step == 0 || badge == f->badge_unused || badge == f->badge_none ||
	    badge == f->main_badge || badge >> f->badge_bits)
		fail(c, slot, "its object is gone, yet its badge 0x%" PRIx32 " could be given to "
		     "another", badge);
}

static void check_badge(const struct checker *c, uint32_t slot, const struct mem_object *o)
{
	const struct caplog_flavour *f = c->space->flavour;
	uint32_t const badge = c->mem->badge[slot];

	/* the main thread's entry keeps the badge that it made up */
	if (slot == f->thread_base && c->space->cap[slot].badge == f->main_badge) {
		if (badge != f->main_badge)
			fail(c, slot, "the main thread's badge must stay 0x%" PRIx32 ", it is 0x%"
			     PRIx32, f->main_badge, badge);
	} else if (badge != o->label) {
		fail(c, slot, "badge 0x%" PRIx32 " is not its object's label 0x%" PRIx32, badge,
		     o->label);
	}
}

static void check_thread(const struct checker *c, uint32_t slot, const struct mem_object *o)
{
	const struct caplog_cap *cap = &c->space->cap[slot];
	/* the main thread is running without ever having been started */
	int const runs = cap->kind == CAPLOG_THREAD || slot == c->space->flavour->thread_base;

	if (!o->is_thread)
		fail(c, slot, "its gate is no thread's");
	if (o->started != runs)
		fail(c, slot, runs ? "its thread does not run" : "its thread must not run yet");
	if (o->is_set != runs)
		fail(c, slot, runs ? "its thread has no registers" : "its thread has registers");
	if (cap->kind == CAPLOG_THREAD &&
	    (o->utcb != c->space->a[slot] || o->user_word != c->space->b[slot]))
		fail(c, slot, "its thread has other UTCB words");
}

static void check_bound(const struct checker *c, uint32_t slot, const struct mem_object *o)
{
	const struct caplog_cap *cap = &c->space->cap[slot];
	const struct mem_object *thread = &c->mem->object[o->bound];

	if (!thread->is_thread || thread->type == CAPLOG_KERNEL_NONE ||
	    c->mem->slot[cap->other] != o->bound)
		fail(c, slot, "it belongs to the thread of slot 0x%x, but is bound to %s", cap->other,
		     thread->is_thread ? "another" : "none");
	if (cap->kind == CAPLOG_IRQ && o->irq_label != c->space->a[slot])
		fail(c, slot, "it is attached with label 0x%" PRIx64 ", not 0x%" PRIx64, o->irq_label,
		     c->space->a[slot]);
}

static void check_live(const struct checker *c, uint32_t slot)
{
	const struct caplog_cap *cap = &c->space->cap[slot];
	const struct mem_object *o = object_in(c, slot);
	unsigned const type = cap->kind == CAPLOG_IRQ ? CAPLOG_KERNEL_IRQ : CAPLOG_KERNEL_GATE;

	c->counts->slots++;
	if (o->type != type) {
		fail(c, slot, o->type == CAPLOG_KERNEL_NONE ? "is empty" : "holds the wrong kind of "
		     "object");
		return;
	}
	check_badge(c, slot, o);
	if (cap->kind == CAPLOG_RPC || cap->kind == CAPLOG_IRQ)
		check_bound(c, slot, o);
	else if (caplog_is_thread_slot(c->space->flavour, slot))
		check_thread(c, slot, o);
	c->counts->gates += cap->kind == CAPLOG_RPC;
	c->counts->irqs  += cap->kind == CAPLOG_IRQ;
}

static void check_empty(const struct checker *c, uint32_t slot)
{
	if (object_in(c, slot)->type != CAPLOG_KERNEL_NONE)
		fail(c, slot, "holds an object that nobody had");
	if (c->mem->badge[slot] != c->space->flavour->badge_unused)
		fail(c, slot, "has badge 0x%" PRIx32 ", though it is free", c->mem->badge[slot]);
}

void check_restored(const struct caplog_space *space, const struct memspace *mem,
                    struct check_counts *counts,
                    void (*report)(void *ctx, uint32_t slot, const char *text), void *ctx)
{
	struct checker const c = { space, mem, counts, report, ctx };

	memset(counts, 0, sizeof *counts);
	for (uint32_t slot = 0; slot < space->flavour->slot_count; slot++) {
		const struct caplog_cap *cap = &space->cap[slot];

		if (cap->kind == CAPLOG_EMPTY)
			check_empty(&c, slot);
		else if (cap->stale || is_tombstone(cap))
			check_dead(&c, slot);
		else
			check_live(&c, slot);
	}
	if (mem->epoch != 1)
		fail(&c, 0, "the epoch word grew by %" PRIu32 ", not by 1: the component would not "
		     "notice its new badges", mem->epoch);
}
