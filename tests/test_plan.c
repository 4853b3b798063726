/* SPDX-License-Identifier: BSD-2-Clause */
/* Plan and execute on a small platform that remembers everything done to it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include <caplog/plan.h>

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
static int may_fail(struct caplog_diag *diag)
{
	if (++t.calls != t.fail_at)
		return 0;
	if (t.with_text)
		strcpy(diag->text, "injected");
	return -ENOMEM;
}

static int do_step(const struct caplog_plan_step *s, unsigned phase, struct caplog_diag *diag)
{
	int const err = may_fail(diag);

	assert_int_equal(s->phase, phase);
	assert_true(s->phase >= t.phase);
	t.phase = s->phase;
	if (!err)
		t.done[t.count++] = s;
	return err;
}

static int judge(void *ctx, uint32_t slot, const struct caplog_cap *cap, struct caplog_diag *diag)
{
	(void)ctx;
	assert_ptr_equal(cap, &t.space.cap[slot]);
	assert_true(cap->kind != CAPLOG_EMPTY && !cap->stale);
	t.judged++;
	if (slot != t.refused)
		return t.dead[slot] ? CAPLOG_DEAD : CAPLOG_CAN;
	if (t.with_text)
		strcpy(diag->text, "not in the ledger");
	return -EPERM;
}

static uint32_t new_badge(void)
{
	return t.next_badge += 8;
}

static int op_thread(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
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

static int op_threads_done(void *ctx, struct caplog_diag *diag)
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

static int op_object(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
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

static int op_gate(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
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

static int op_install(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	(void)ctx;
	if (do_step(s, CAPLOG_PHASE_SLOTS, diag))
		return -ENOMEM;
	assert_true(t.world.object[s->slot] + t.world.gate[s->slot] == 1);
	assert_false(t.world.thread[s->slot]); /* nor a hole */
	t.world.installed[s->slot] = 1;
	return 0;
}

static int op_attach(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
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

static int op_badge(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	(void)ctx;
	if (do_step(s, CAPLOG_PHASE_BADGES, diag))
		return -ENOMEM;
	assert_int_equal(s->old_badge, t.world.badge[s->slot]);
	t.world.badge[s->slot] = s->new_badge;
	return 0;
}

static int op_badges_done(void *ctx, struct caplog_diag *diag)
{
	(void)ctx;
	if (may_fail(diag))
		return -ENOMEM;
	t.world.epoch++;
	return 0;
}

static int op_registers(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
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

static int op_start(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
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
static void op_undo(void *ctx, const struct caplog_plan_step *s)
{
	struct world *w = &t.world;

	(void)ctx;
	assert_true(t.count > 0);
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

static void progress(void *ctx, unsigned phase)
{
	(void)ctx;
	assert_int_equal(phase, t.progressed);
	t.progressed++;
}

static void put(uint32_t slot, unsigned kind, uint32_t badge, uint32_t other)
{
	t.space.cap[slot] = (struct caplog_cap){ badge, (uint16_t)other, (uint8_t)kind, 0, 0x100 };
	t.world.badge[slot] = badge;
	if (kind == CAPLOG_THREAD || kind == CAPLOG_IRQ) {
		t.space.a[slot] = 0x1000 + slot;
		t.space.b[slot] = kind == CAPLOG_THREAD ? 0x2000 + slot : 0;
	}
}

static void begin(const char *name)
{
	memset(&t, 0, sizeof t);
	if (name)
		t.r = t_seed(name);
	t.refused = 0xffff;
	t.next_badge = 0x8000;
	caplog_space_init(&t.space, flavour(), 8);
}

static void forget_calls(uint32_t fail_at)
{
	t.calls = t.count = t.phase = t.progressed = 0;
	t.next_badge = 0x8000;
	t.fail_at = fail_at;
}

/* main thread, two more threads with a hole between, gates, an IRQ, dead entries */
static void small_component(void)
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

static int is_dead(uint32_t slot)
{
	const struct caplog_cap *c = &t.space.cap[slot];
	return c->stale || c->kind == CAPLOG_TOMBSTONE || t.dead[slot];
}

/* The outcome is the space, under other badges */
static void check_world(void)
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

static void test_small(void **state)
{
	struct caplog_diag diag = { 0, "" };

	(void)state;
	begin(NULL);
	small_component();
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);
	assert_int_equal(t.calls, 0);
	assert_int_equal(caplog_execute(&t.plan, &ops, progress, &diag), 0);
	assert_int_equal(t.progressed, CAPLOG_PHASE_COUNT + 1);
	check_world();
}

static void test_empty(void **state)
{
	struct caplog_diag diag = { 0, "" };

	(void)state;
	begin(NULL);
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);
	assert_int_equal(t.plan.count, 0);
	assert_int_equal(caplog_execute(&t.plan, &ops, NULL, &diag), 0);
	check_world();
}

/* Any space that a component can reach */
static void random_component(void)
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

static void test_random(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct t_random r = t_seed("random components");

	(void)state;
	for (uint64_t turn = 0; turn < t_turns(500); turn++) {
		begin(NULL);
		t.r = r;
		random_component();
		r = t.r;
		if (caplog_plan(&t.plan, &t.space, &ops, &diag))
			fail_msg("%s", diag.text);
		if (caplog_execute(&t.plan, &ops, progress, &diag))
			fail_msg("%s", diag.text);
		check_world();
	}
}

/* Fail at each call in turn: all is undone, in reverse, and the message says where */
static void fail_everywhere(void)
{
	struct caplog_diag diag = { 0, "" };
	static struct world before;
	uint32_t calls;

	before = t.world;
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);
	forget_calls(0);
	assert_int_equal(caplog_execute(&t.plan, &ops, NULL, &diag), 0);
	calls = t.calls;
	for (uint32_t fail_at = 1; fail_at <= calls; fail_at++) {
		uint32_t index = fail_at - 1; /* of the step, without the ends of phases */
		char expected[64];

		t.world = before;
		forget_calls(fail_at);
		t.with_text = (int)(fail_at & 1);
		assert_int_equal(caplog_execute(&t.plan, &ops, progress, &diag), -ENOMEM);
		assert_int_equal(diag.error, -ENOMEM);
		assert_int_equal(t.calls, fail_at);
		assert_int_equal(t.count, 0);
		t.world.epoch = before.epoch; /* a count of rewritings is not taken back */
		assert_memory_equal(&t.world, &before, sizeof before);

		uint32_t const threads = t.plan.phase_begin[CAPLOG_PHASE_THREADS + 1];
		uint32_t const badges = t.plan.phase_begin[CAPLOG_PHASE_BADGES + 1];
		if (index == threads) {
			strcpy(expected, "phase threads, at its end");
		} else if (index == badges + 1) {
			strcpy(expected, "phase badges, at its end");
		} else {
			const struct caplog_plan_step *s =
				&t.plan.step[index - (index > threads) - (index > badges + 1)];
			snprintf(expected, sizeof expected, "phase %s, slot 0x%x: ",
			         caplog_phase_name(s->phase), s->slot);
		}
		if (!strstr(diag.text, expected) || (t.with_text && !strstr(diag.text, "injected")))
			fail_msg("\"%s\" does not say \"%s\"", diag.text, expected);
	}
	/* and a plan that failed can be executed */
	t.world = before;
	forget_calls(0);
	assert_int_equal(caplog_execute(&t.plan, &ops, NULL, &diag), 0);
	check_world();
}

static void test_failures(void **state)
{
	struct t_random r = t_seed("failures");

	(void)state;
	begin(NULL);
	small_component();
	fail_everywhere();
	for (uint64_t turn = 0; turn < t_turns(10); turn++) {
		begin(NULL);
		t.r = r;
		random_component();
		r = t.r;
		fail_everywhere();
	}
}

/* Phase by phase, and back from anywhere */
static void test_phases(void **state)
{
	struct caplog_diag diag = { 0, "" };
	static struct world before;

	(void)state;
	for (unsigned last = 0; last < CAPLOG_PHASE_COUNT; last++) {
		begin(NULL);
		small_component();
		before = t.world;
		assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);
		for (unsigned phase = 0; phase <= last; phase++)
			assert_int_equal(caplog_execute_phase(&t.plan, phase, &ops, &diag), 0);
		for (unsigned phase = last + 1; phase-- > 0; )
			caplog_undo_phase(&t.plan, phase, &ops);
		assert_int_equal(t.count, 0);
		t.world.epoch = before.epoch;
		assert_memory_equal(&t.world, &before, sizeof before);
	}
}

/* A plan that is refused touches nothing, and says why and where */
static void refused(int error, uint32_t slot, const char *word)
{
	struct caplog_diag diag = { 0, "" };
	static struct world before;
	char expected[32];

	before = t.world;
	t.phase = 0;
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), error);
	assert_int_equal(diag.error, error);
	snprintf(expected, sizeof expected, "0x%x", slot);
	if (!strstr(diag.text, expected) || !strstr(diag.text, word))
		fail_msg("\"%s\" does not name %s and %s", diag.text, expected, word);
	assert_int_equal(t.calls, 0);
	assert_memory_equal(&t.world, &before, sizeof before);
}

static void start_over(void)
{
	begin(NULL);
	small_component();
}

static void test_refused(void **state)
{
	struct caplog_diag diag = { 0, "" };

	(void)state;
	start_over();
	t.refused = 0x204;
	refused(-EPERM, 0x204, "slot");
	t.with_text = 1;
	refused(-EPERM, 0x204, "not in the ledger");
	t.refused = 0x218;
	refused(-EPERM, 0x218, "not in the ledger");
	t.refused = 8;
	refused(-EPERM, 8, "not in the ledger");

	/* own RPC objects and IRQs without their thread */
	static const uint16_t no_threads[] = { 0x12, 0xa, 0x8, 0x204, 0, 0xfff, 0x1fe };
	for (unsigned i = 0; i < sizeof no_threads / sizeof *no_threads; i++) {
		start_over();
		t.space.cap[0x213].other = no_threads[i];
		refused(-EINVAL, 0x213, "no thread");
		start_over();
		t.space.cap[0x218].other = no_threads[i];
		refused(-EINVAL, 0x218, "no thread");
	}
	start_over();
	t.space.cap[0xf].stale = 1;
	refused(-EINVAL, 0x213, "no thread");
	start_over();
	t.dead[0x15] = 1;
	refused(-EINVAL, 0x218, "no thread");

	/* a dead one needs none */
	start_over();
	t.space.cap[0x213].other = 0x12;
	t.space.cap[0x213].stale = 1;
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);

	/* one badge, two live entries */
	start_over();
	t.space.cap[0x204].badge = 0x120;
	refused(-EINVAL, 0x213, "badge 0x120");
	refused(-EINVAL, 0x204, "badge 0x120");
	t.space.cap[0x204].stale = 1;
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);
	t.space.cap[0x204].stale = 0;
	t.dead[0x204] = 1;
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);
	t.dead[0x204] = 0;
	t.space.cap[0x204].badge = 0x138; /* that of the tombstone */
	assert_int_equal(caplog_plan(&t.plan, &t.space, &ops, &diag), 0);

	/* a thread where none can be */
	static const uint16_t outside[] = { 0x8, 0xa, 0x1fe, 0x1ff, 0x200, 0x300, 0xfff, 0 };
	for (unsigned i = 0; i < sizeof outside / sizeof *outside; i++) {
		start_over();
		put(outside[i], CAPLOG_THREAD, 0x400, 0);
		refused(-EINVAL, outside[i], "thread");
	}
}

/* What no component can hold there: the checks of what was restored would not agree */
static void test_places(void **state)
{
	static const uint8_t kinds[] = { CAPLOG_RECEIVED, CAPLOG_IRQ, CAPLOG_RPC };

	(void)state;
	for (uint32_t slot = 0; slot < USER; slot++)
		for (unsigned i = 0; i < 3; i++) {
			start_over();
			put(slot, kinds[i], 0x400, 0x9);
			refused(-EINVAL, slot, "at slot 0x200 and above only");
		}
	for (unsigned kind = CAPLOG_PLACED; kind <= CAPLOG_RPC; kind++) {
		start_over();
		put(0x300, (uint8_t)kind, flavour()->main_badge, 0x9);
		refused(-EINVAL, 0x300, "is known by badge 0x1 and no other slot is");
	}
	start_over();
	put(0x9, CAPLOG_PLACED, 0x400, 0);
	refused(-EINVAL, 0x9, "is known by badge 0x1");
}

/* No space needs more steps than a plan holds */
static void test_largest(void **state)
{
	struct caplog_diag diag = { 0, "" };
	uint32_t last = THREAD_BASE;

	(void)state;
	begin(NULL);
	while (caplog_is_thread_slot(flavour(), last + STRIDE))
		last += STRIDE;
	for (uint32_t slot = 0; slot < SLOTS; slot++)
		if (slot >= USER)
			put(slot, CAPLOG_IRQ, 8 * (slot + 1), last);
		else if (caplog_is_thread_slot(flavour(), slot))
			put(slot, CAPLOG_THREAD, slot == THREAD_BASE ? flavour()->main_badge : 8 * (slot + 1), 0);
		else
			put(slot, CAPLOG_PLACED, 8 * (slot + 1), 0);
	t.next_badge = 0;
	if (caplog_plan(&t.plan, &t.space, &ops, &diag))
		fail_msg("%s", diag.text);
	assert_true(t.plan.count <= CAPLOG_PLAN_STEPS);
	assert_int_equal(t.plan.phase_begin[CAPLOG_PHASE_COUNT], t.plan.count);
	assert_true(t.plan.count > 4 * (SLOTS - USER) + 3 * USER);
}

static void test_names(void **state)
{
	(void)state;
	for (unsigned phase = 0; phase < CAPLOG_PHASE_COUNT; phase++)
		assert_non_null(caplog_phase_name(phase));
	assert_null(caplog_phase_name(CAPLOG_PHASE_COUNT));
	assert_string_equal(caplog_phase_name(CAPLOG_PHASE_THREADS), "threads");
	assert_true(CAPLOG_PHASE_THREADS == 0 && CAPLOG_PHASE_START == CAPLOG_PHASE_COUNT - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_phases),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_largest),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
