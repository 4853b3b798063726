/* SPDX-License-Identifier: BSD-2-Clause */
/* A small platform for plans that remembers everything done to it */
#ifndef T_WORLD_H
#define T_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include <caplog/plan.h>

#include "t_compare.h"
#include "t_random.h"

enum { SLOTS = CAPLOG_SLOTS_MAX, THREAD_BASE = 9, STRIDE = 3, USER = 0x200 };

/* State of the platform: what undo must bring back */
struct world {
	uint8_t  thread[SLOTS];    /* 1: made, 2: a hole                    */
	uint8_t  object[SLOTS], gate[SLOTS], installed[SLOTS];
	uint8_t  registers[SLOTS], started[SLOTS];
	uint16_t attached[SLOTS];
	uint32_t badge[SLOTS];     /* the map array                         */
	uint32_t epoch;
};

static struct {
	struct caplog_space space;
	struct caplog_plan  plan;
	struct world        world;
	struct t_random     r;
	const struct caplog_plan_step *done[CAPLOG_PLAN_STEPS];
	uint32_t count;            /* of done */
	uint32_t calls, fail_at;   /* the how manieth call fails, from 1    */
	int      with_text;
	unsigned phase;            /* the last that was called              */
	uint32_t next_badge, judged;
	uint16_t refused;          /* slot that judge refuses, 0xffff: none */
	uint8_t  dead[SLOTS];      /* judge: its owner destroyed it         */
	uint32_t progressed;
} t;

static const struct caplog_flavour *flavour(void)
{
	return caplog_flavours(NULL);
}

/* Each call may be the one that fails */
static inline int may_fail(struct caplog_diag *diag)
{
	if (++t.calls != t.fail_at)
		return 0;
	if (t.with_text)
		strcpy(diag->text, "injected");
	return -ENOMEM;
}

static inline int do_step(const struct caplog_plan_step *s, unsigned phase, struct caplog_diag *diag)
{
	int const err = may_fail(diag);

	assert_int_equal(s->phase, phase);
	t_compare(s->phase, >=, t.phase);
	t.phase = s->phase;
	if (!err)
		t.done[t.count++] = s;
	return err;
}

static inline int judge(void *ctx, uint32_t slot, const struct caplog_cap *cap, struct caplog_diag *diag)
{
	(void)ctx;
	assert_ptr_equal(cap, &t.space.cap[slot]);
	assert_int_not_equal(cap->kind, CAPLOG_EMPTY);
	assert_false(cap->stale);
	t.judged++;
	if (slot != t.refused)
		return t.dead[slot] ? CAPLOG_DEAD : CAPLOG_CAN;
	if (t.with_text)
		strcpy(diag->text, "not in the ledger");
	return -EPERM;
}

static inline uint32_t new_badge(void)
{
	return t.next_badge += 8;
}

static inline int op_thread(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                     struct caplog_diag *diag)
{
	uint32_t first_free = THREAD_BASE;

	(void)ctx;
	if (do_step(s, CAPLOG_PHASE_THREADS, diag))
		return -ENOMEM;
	while (t.world.thread[first_free])
		first_free += STRIDE;
	assert_int_equal(s->slot, first_free); /* core knows no other place */
	t.world.thread[s->slot] = s->kind == CAPLOG_EMPTY ? 2 : 1;
	*badge = new_badge();
	return 0;
}

static inline int op_threads_done(void *ctx, struct caplog_diag *diag)
{
	uint32_t kept = 0;

	(void)ctx;
	assert_int_equal(t.phase, CAPLOG_PHASE_THREADS);
	if (may_fail(diag))
		return -ENOMEM;
	for (uint32_t i = 0; i < t.count; i++)
		if (t.world.thread[t.done[i]->slot] == 2)
			t.world.thread[t.done[i]->slot] = 0;
		else
			t.done[kept++] = t.done[i];
	t.count = kept;
	return 0;
}

static inline int op_object(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                     struct caplog_diag *diag)
{
	(void)ctx;
	if (do_step(s, CAPLOG_PHASE_OBJECTS, diag))
		return -ENOMEM;
	assert_false(t.world.object[s->slot]);
	t.world.object[s->slot] = 1;
	*badge = new_badge();
	return 0;
}

static inline int op_gate(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                   struct caplog_diag *diag)
{
	(void)ctx;
	if (do_step(s, CAPLOG_PHASE_GATES, diag))
		return -ENOMEM;
	assert_int_equal(t.world.thread[s->other], 1);
	t.world.gate[s->slot] = 1;
	*badge = new_badge();
	return 0;
}

static inline int op_install(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	(void)ctx;
	if (do_step(s, CAPLOG_PHASE_SLOTS, diag))
		return -ENOMEM;
	assert_int_equal(t.world.object[s->slot] + t.world.gate[s->slot], 1);
	assert_false(t.world.thread[s->slot]); /* nor a hole */
	t.world.installed[s->slot] = 1;
	return 0;
}

static inline int op_attach(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	(void)ctx;
	if (do_step(s, CAPLOG_PHASE_IRQS, diag))
		return -ENOMEM;
	assert_true(t.world.installed[s->slot]);
	assert_int_equal(t.world.thread[s->other], 1);
	assert_int_equal(s->a, t.space.a[s->slot]);
	t.world.attached[s->slot] = s->other;
	return 0;
}

static inline int op_badge(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	(void)ctx;
	if (do_step(s, CAPLOG_PHASE_BADGES, diag))
		return -ENOMEM;
	assert_int_equal(s->old_badge, t.world.badge[s->slot]);
	t.world.badge[s->slot] = s->new_badge;
	return 0;
}

static inline int op_badges_done(void *ctx, struct caplog_diag *diag)
{
	(void)ctx;
	if (may_fail(diag))
		return -ENOMEM;
	t.world.epoch++;
	return 0;
}

static inline int op_registers(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	(void)ctx;
	if (do_step(s, CAPLOG_PHASE_REGISTERS, diag))
		return -ENOMEM;
	assert_int_equal(t.world.thread[s->slot], 1);
	assert_int_equal(s->a, t.space.a[s->slot]);
	assert_int_equal(s->b, t.space.b[s->slot]);
	t.world.registers[s->slot] = 1;
	return 0;
}

static inline int op_start(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	(void)ctx;
	if (do_step(s, CAPLOG_PHASE_START, diag))
		return -ENOMEM;
	assert_true(t.world.registers[s->slot]);
	assert_int_equal(t.world.epoch, 1);
	t.world.started[s->slot] = 1;
	return 0;
}

/* The step undone is the last one that was done */
static inline void op_undo(void *ctx, const struct caplog_plan_step *s)
{
	struct world *w = &t.world;

	(void)ctx;
	t_compare(t.count, >, 0);
	assert_ptr_equal(s, t.done[--t.count]);
	switch (s->phase) {
	case CAPLOG_PHASE_THREADS: w->thread[s->slot] = 0; break;
	case CAPLOG_PHASE_OBJECTS: w->object[s->slot] = 0; break;
	case CAPLOG_PHASE_GATES: w->gate[s->slot] = 0; break;
	case CAPLOG_PHASE_SLOTS: w->installed[s->slot] = 0; break;
	case CAPLOG_PHASE_IRQS: w->attached[s->slot] = 0; break;
	case CAPLOG_PHASE_BADGES: w->badge[s->slot] = s->old_badge; break;
	case CAPLOG_PHASE_REGISTERS: w->registers[s->slot] = 0; break;
	case CAPLOG_PHASE_START: w->started[s->slot] = 0; break;
	}
}

static const struct caplog_ops ops = {
	.judge = judge, .thread = op_thread, .threads_done = op_threads_done, .object = op_object,
	.gate = op_gate, .install = op_install, .attach = op_attach, .badge = op_badge,
	.badges_done = op_badges_done, .registers = op_registers, .start = op_start, .undo = op_undo
};

static inline void progress(void *ctx, unsigned phase)
{
	(void)ctx;
	assert_int_equal(phase, t.progressed);
	t.progressed++;
}

static inline void put(uint32_t slot, unsigned kind, uint32_t badge, uint32_t other)
{
	t.space.cap[slot] = (struct caplog_cap){ badge, (uint16_t)other, (uint8_t)kind, 0, 0x100 };
	t.world.badge[slot] = badge;
	if (kind == CAPLOG_THREAD || kind == CAPLOG_IRQ) {
		t.space.a[slot] = 0x1000 + slot;
		t.space.b[slot] = kind == CAPLOG_THREAD ? 0x2000 + slot : 0;
	}
}

static inline void begin(const char *name)
{
	memset(&t, 0, sizeof t);
	if (name)
		t.r = t_seed(name);
	t.refused = 0xffff;
	t.next_badge = 0x8000;
	caplog_space_init(&t.space, flavour(), 8);
}

static inline void forget_calls(uint32_t fail_at)
{
	t.calls = t.count = t.phase = t.progressed = 0;
	t.next_badge = 0x8000;
	t.fail_at = fail_at;
}

/* main thread, two more threads with a hole between, gates, an IRQ, dead entries */
static inline void small_component(void)
{
	put(0x8, CAPLOG_PLACED, 0x100, 0);
	put(0x9, CAPLOG_PLACED, 1, 0);
	put(0xf, CAPLOG_THREAD, 0x108, 0);
	put(0x15, CAPLOG_THREAD, 0x110, 0);
	put(0x204, CAPLOG_RECEIVED, 0x118, 0);
	put(0x213, CAPLOG_RPC, 0x120, 0xf);
	put(0x214, CAPLOG_RPC, 0x128, 0x9);
	put(0x218, CAPLOG_IRQ, 0x130, 0x15);
	put(0x219, CAPLOG_TOMBSTONE, 0x138, 0xf);
	put(0x21a, CAPLOG_RECEIVED, 0x118, 0);
	t.space.cap[0x21a].stale = 1;
	put(0x21b, CAPLOG_RECEIVED, 0x140, 0);
	t.dead[0x21b] = 1;
}

static inline int is_dead(uint32_t slot)
{
	const struct caplog_cap *c = &t.space.cap[slot];
	return c->stale || c->kind == CAPLOG_TOMBSTONE || t.dead[slot];
}

/* The outcome is the space, under other badges */
static inline void check_world(void)
{
	static uint8_t taken[0x10000];

	memset(taken, 0, sizeof taken);
	assert_int_equal(t.world.epoch, 1);
	for (uint32_t i = 0; i < SLOTS; i++) {
		const struct caplog_cap *c = &t.space.cap[i];
		int const live = c->kind != CAPLOG_EMPTY && !is_dead(i);
		int const thread = live && (c->kind == CAPLOG_THREAD || (c->kind == CAPLOG_PLACED &&
		                            caplog_is_thread_slot(flavour(), i)));
		int const started = thread && (c->kind == CAPLOG_THREAD || i == THREAD_BASE);

		assert_int_equal(t.world.thread[i], thread);
		assert_int_equal(t.world.started[i], started);
		assert_int_equal(t.world.registers[i], started);
		assert_int_equal(t.world.installed[i], live && !thread);
		assert_int_equal(t.world.gate[i], live && c->kind == CAPLOG_RPC);
		assert_int_equal(t.world.object[i], live && !thread && c->kind != CAPLOG_RPC);
		assert_int_equal(t.world.attached[i], live && c->kind == CAPLOG_IRQ ? c->other : 0);
		if (c->kind == CAPLOG_EMPTY) {
			assert_int_equal(t.world.badge[i], 0);
			continue;
		}
		assert_false(taken[t.world.badge[i]]);
		taken[t.world.badge[i]] = 1;
		if (i == THREAD_BASE && thread)
			assert_int_equal(t.world.badge[i], 1);
		else
			assert_int_equal(t.world.badge[i] % 8 != 0, is_dead(i));
	}
}

/* Any space that a component can reach */
static inline void random_component(void)
{
	uint16_t threads[200];
	uint32_t n = 0, badge = 0x100;

	for (uint32_t slot = THREAD_BASE; caplog_is_thread_slot(flavour(), slot); slot += STRIDE)
		if (slot == THREAD_BASE || t_chance(&t.r, 10)) {
			put(slot, t_chance(&t.r, 70) ? CAPLOG_THREAD : CAPLOG_PLACED,
			    slot == THREAD_BASE ? flavour()->main_badge : (badge += 8), 0);
			threads[n++] = (uint16_t)slot;
		}
	if (t_chance(&t.r, 90))
		put(8, CAPLOG_PLACED, badge += 8, 0);
	for (uint32_t slot = USER; slot < SLOTS; slot += 1 + t_below(&t.r, 40)) {
		static const uint8_t kinds[] = { CAPLOG_PLACED, CAPLOG_RECEIVED, CAPLOG_RECEIVED,
		                                 CAPLOG_RPC, CAPLOG_IRQ, CAPLOG_TOMBSTONE };

		put(slot, kinds[t_below(&t.r, 6)], badge += 8, threads[t_below(&t.r, n)]);
		t.dead[slot] = (uint8_t)t_chance(&t.r, 10);
		if (t_chance(&t.r, 10)) {
			t.space.cap[slot].stale = 1;
			t.space.cap[slot].badge = t.world.badge[slot] = badge - 8 * t_below(&t.r, 5);
		}
	}
	/* a thread's entry that died: its place is a hole as any other */
	for (uint32_t slot = 0x40 * STRIDE; slot < USER; slot += 24)
		if (caplog_is_thread_slot(flavour(), slot) && !t.space.cap[slot].kind) {
			put(slot, CAPLOG_THREAD, badge += 8, 0);
			t.space.cap[slot].stale = 1;
		}
}

#endif
