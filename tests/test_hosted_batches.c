/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Operations on many slots or RPC objects: a platform may do a part of what it
 * is asked for, and the engine asks again for the rest; what is refused is
 * reported with its own slot
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "group.h"
#include "restore.h"

#include "t_compare.h"

static struct caplog_platform real;
static unsigned calls;    /* of install and make_gates */
static unsigned most;     /* how much is done in one call */
static uint32_t bad_slot; /* it is refused; 0: none */
static uint32_t bad_line; /* the RPC object of this line is refused; 0: none */

static int t_refused(struct caplog_diag *diag)
{
	return caplog_say(diag, CAPLOG_EIO, "injected");
}

static int f_install(void *ctx, void *target, uint32_t first, uint64_t ask,
                     const struct caplog_owned *what, uint64_t *done, struct caplog_diag *diag)
{
	uint64_t some = 0;

	calls++;
	for (unsigned n = 0; n < CAPLOG_BATCH; n++) {
		if (!(ask >> n & 1))
			continue;
		if (first + n == bad_slot || (unsigned)__builtin_popcountll(some) == most)
			break;
		some |= 1ull << n;
	}
	if (real.install(ctx, target, first, some, what, done, diag))
		fail_msg("%s", diag->text);
	return some == ask ? 0 : t_refused(diag);
}

static int f_make_gates(void *ctx, void *target, uint32_t entrypoint,
                        struct caplog_object *const *lines, uint32_t count,
                        struct caplog_diag *diag)
{
	uint32_t some = 0;

	calls++;
	t_compare(count, >, 0);
	while (some < count && some < most && lines[some]->id != bad_line)
		some++;
	if (real.make_gates(ctx, target, entrypoint, lines, some, diag))
		fail_msg("%s", diag->text);
	return some == count ? 0 : t_refused(diag);
}

static struct group t_running(const char *scenario)
{
	struct group g = group_empty(1, 0x1000);

	group_start(&g, hosted_scenario_by_name(scenario));
	for (unsigned i = 0; i < 300 && hm_step(g.node) > 0; i++)
		;
	return g;
}

/* \return what the restore returned */
static int t_restore(const struct group *g, const struct stored_image *image,
                     struct caplog_diag *diag)
{
	struct group copy = group_empty(3, 0x5000);
	struct caplog_diag why = { 0, "" };

	real = copy.platform;
	copy.platform.install = f_install;
	copy.platform.make_gates = f_make_gates;
	int const err = group_restore(&copy, image, diag);
	if (!err && group_differs(g, &copy, &why))
		fail_msg("%s", why.text);
	if (err)
		assert_int_equal(copy.node->targets, 0);
	group_free(&copy);
	return err;
}

/* However little is done in one call, the same component comes out */
static void test_a_part_at_a_time(void **state)
{
	static const char *const scenarios[] = { "counter", "mailbox", "server" };
	unsigned all = 0;

	(void)state;
	for (unsigned s = 0; s < 3; s++) {
		struct group g = t_running(scenarios[s]);
		struct caplog_diag diag = { 0, "" };
		struct stored_image image;

		if (group_checkpoint(&g, &image, &diag))
			fail_msg("%s", diag.text);
		for (most = CAPLOG_BATCH; most; most /= 3) {
			calls = 0;
			if (t_restore(&g, &image, &diag))
				fail_msg("%s, %u in a call: %s", scenarios[s], most, diag.text);
			if (most == CAPLOG_BATCH)
				all = calls;
		}
		/* they are really taken together, and really apart */
		t_compare(calls, >, 2 * all);
		group_resume(&g);
		image_free(&image);
		group_free(&g);
	}
}

/* A restore fails, and the message names this slot */
static void t_names(const struct group *g, const struct stored_image *image, uint32_t slot)
{
	struct caplog_diag diag = { 0, "" };
	char text[24];

	assert_int_equal(t_restore(g, image, &diag), CAPLOG_EIO);
	snprintf(text, sizeof text, "slot 0x%x: ", slot);
	if (!strstr(diag.text, text) || !strstr(diag.text, "injected"))
		fail_msg("slot 0x%x: \"%s\"", slot, diag.text);
}

/* Whatever slot or RPC object is refused, it is the one that the message names */
static void test_what_is_refused_is_named(void **state)
{
	struct group g = t_running("entrypoints");
	struct caplog_diag diag = { 0, "" };
	struct stored_image image;
	unsigned gates = 0, slots = 0;

	(void)state;
	assert_int_equal(g.count, 1);
	if (group_checkpoint(&g, &image, &diag))
		fail_msg("%s", diag.text);
	most = CAPLOG_BATCH;
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		const struct caplog_image_slot *s = &g.target[0]->slot[slot];

		if (s->from != CAPLOG_FROM_LEDGER)
			continue;
		bad_slot = slot;
		t_names(&g, &image, slot);
		bad_slot = 0;
		slots++;
		if (s->kind != CAPLOG_RPC)
			continue;
		bad_line = s->source;
		t_names(&g, &image, slot);
		bad_line = 0;
		gates++;
	}
	t_compare(slots, >, 5);
	t_compare(gates, >, 2);
	group_resume(&g);
	image_free(&image);
	group_free(&g);
}

/*
 * RPC objects by the steps of a plan alone
 */

enum { GATES = 131, FIRST = 0x300, ENTRYPOINT = 0xc, OTHER = 0xf };

static struct caplog_restoring  r;
static struct caplog_object    *line_of_step[GATES];
static unsigned                 made;

/* Each is asked for once, with those of its entrypoint only, and no more than fit */
static int f_make(void *ctx, void *target, uint32_t entrypoint, struct caplog_object *const *lines,
                  uint32_t count, struct caplog_diag *diag)
{
	(void)ctx, (void)target, (void)diag;
	calls++;
	assert_in_range(count, 1, CAPLOG_BATCH);
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(lines[i]->gate.entrypoint, entrypoint);
		assert_int_equal(lines[i]->badge, CAPLOG_NO_BADGE);
		lines[i]->badge = 0x1000 + ++made;
	}
	return 0;
}

/* A step for each slot; those of one object in two slots name one line. Ids of lines are so far apart */
static void t_plan(const uint32_t id[GATES], uint32_t apart)
{
	static struct caplog_platform const p = { .make_gates = f_make };
	struct caplog_target *const t = r.t = calloc(1, sizeof *t);

	assert_non_null(t);
	r.p = &p;
	caplog_ledger_init(&t->ledger);
	for (uint32_t n = 0; n < GATES; n++) {
		union caplog_words const words = { .gate = { n < 100 ? ENTRYPOINT : OTHER } };

		t->ledger.next_id = 1 + n * apart;
		caplog_ledger_give(&t->ledger, CAPLOG_OBJECT_GATE, CAPLOG_NO_BADGE, &words, "");
	}
	for (uint32_t n = 0; n < GATES; n++) {
		line_of_step[n] = caplog_ledger_by_id(&t->ledger, id[n]);
		assert_non_null(line_of_step[n]);
		t->slot[FIRST + n].source = id[n];
		t->plan.step[n] = (struct caplog_plan_step){ .phase = CAPLOG_PHASE_GATES,
			.slot = (uint16_t)(FIRST + n), .other = (uint16_t)line_of_step[n]->gate.entrypoint };
	}
	t->plan.phase_begin[CAPLOG_PHASE_GATES + 1] = GATES;
	made = calls = 0;
}

static void t_gates(unsigned objects, unsigned batches)
{
	struct caplog_ops const ops = caplog_restore_ops(&r);

	for (uint32_t n = 0; n < GATES; n++) {
		struct caplog_diag diag = { 0, "" };
		uint32_t badge = 0;

		if (ops.gate(&r, &r.t->plan.step[n], &badge, &diag))
			fail_msg("step %u: %s", n, diag.text);
		assert_int_equal(badge, line_of_step[n]->badge);
		assert_int_not_equal(badge, CAPLOG_NO_BADGE);
	}
	assert_int_equal(made, objects);
	assert_int_equal(calls, batches);
	free(r.t);
}

static void test_gates_are_made_once(void **state)
{
	uint32_t id[GATES];

	(void)state;
	for (uint32_t n = 0; n < GATES; n++)
		id[n] = n + 1;
	t_plan(id, 1);
	t_gates(GATES, 3); /* 64, 36 of one entrypoint, 31 of the other */

	/* numbers that differ by 64 only are different objects */
	for (uint32_t n = 0; n < 36; n++) {
		id[2 * n] = n + 1;
		id[2 * n + 1] = n + 65;
	}
	for (uint32_t n = 72; n < 100; n++)
		id[n] = n - 35;
	t_plan(id, 1);
	t_gates(GATES, 3);

	/* an image may name one twice, in one batch and in two */
	id[1] = id[0];
	id[90] = id[2];
	t_plan(id, 1);
	t_gates(GATES - 2, 3);

	for (uint32_t n = 0; n < GATES; n++)
		id[n] = 1 + n * CAPLOG_BATCH;
	t_plan(id, CAPLOG_BATCH);
	t_gates(GATES, 3);
}

/*
 * Slots, likewise
 */

enum { SLOTS = 100 };

static uint64_t filled[CAPLOG_SLOTS_MAX / CAPLOG_BATCH];

/* Slots of the plan that are not filled yet, and no others; all but bad_slot */
static int f_fill(void *ctx, void *target, uint32_t first, uint64_t ask,
                  const struct caplog_owned *what, uint64_t *done, struct caplog_diag *diag)
{
	(void)ctx, (void)target;
	calls++;
	assert_int_equal(first % CAPLOG_BATCH, 0);
	assert_int_not_equal(ask, 0);
	for (uint32_t n = 0; n < CAPLOG_BATCH; n++) {
		if (!(ask >> n & 1))
			continue;
		assert_in_range(first + n, FIRST + 1, FIRST + SLOTS);
		assert_int_equal(what[n].object->id, first + n - FIRST);
		if (first + n == bad_slot)
			break;
		*done |= 1ull << n;
	}
	filled[first / CAPLOG_BATCH] |= *done;
	return *done == ask ? 0 : t_refused(diag);
}

static void t_plan_slots(void)
{
	static struct caplog_platform const p = { .install = f_fill };
	struct caplog_target *const t = calloc(1, sizeof *t);

	assert_non_null(t);
	memset(&r, 0, sizeof r);
	r.t = t;
	r.p = &p;
	caplog_ledger_init(&t->ledger);
	for (uint32_t n = 0; n < SLOTS; n++) {
		uint32_t const slot = FIRST + 1 + n;

		t->slot[slot].from = CAPLOG_FROM_LEDGER;
		t->slot[slot].source = caplog_ledger_give(&t->ledger, CAPLOG_OBJECT_LOG, 4 * n, NULL, "");
		t->plan.step[n] = (struct caplog_plan_step){ .phase = CAPLOG_PHASE_SLOTS,
		                                             .slot = (uint16_t)slot };
	}
	t->plan.phase_begin[CAPLOG_PHASE_SLOTS + 1] = SLOTS;
	memset(filled, 0, sizeof filled);
	calls = 0;
}

static void test_slots_are_filled_once(void **state)
{
	struct caplog_ops const ops = caplog_restore_ops(&r);
	unsigned refused = 0;

	(void)state;
	t_plan_slots();
	for (unsigned n = 0; n < SLOTS; n++)
		assert_int_equal(ops.install(&r, &r.t->plan.step[n], NULL), 0);
	assert_int_equal(calls, 2); /* the slots of two windows */
	assert_int_equal(filled[FIRST / CAPLOG_BATCH], ~1ull);
	assert_int_equal(filled[FIRST / CAPLOG_BATCH + 1], (1ull << (SLOTS + 1 - CAPLOG_BATCH)) - 1);
	free(r.t);

	/* a slot in the second window that the first one has filled at the same place */
	t_plan_slots();
	bad_slot = FIRST + CAPLOG_BATCH + 5;
	for (unsigned n = 0; n < SLOTS; n++) {
		struct caplog_diag diag = { 0, "" };
		int const err = ops.install(&r, &r.t->plan.step[n], &diag);

		assert_int_equal(err, FIRST + 1 + n == bad_slot ? CAPLOG_EIO : 0);
		refused += err != 0;
	}
	assert_int_equal(refused, 1);
	bad_slot = 0;
	free(r.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_part_at_a_time),
		cmocka_unit_test(test_gates_are_made_once),
		cmocka_unit_test(test_slots_are_filled_once),
		cmocka_unit_test(test_what_is_refused_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
