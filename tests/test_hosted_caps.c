/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CAP1 to CAP4, by name: the four capabilities that every component has,
 * restored before, during and after construct
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "group.h"

#include "t_compare.h"

enum { NODE_A = 0x1000, NODE_B = 0x5000 };

enum moment { BEFORE, DURING, AFTER };

static const struct hb_env *t_env(const struct group *g)
{
	return hm_memory(group_handle(g, 0), HK_BSS, sizeof(struct hb_env));
}

/* The initial thread calls construct; the entrypoint's thread (index 1) runs it */
static enum moment t_moment(struct group *g)
{
	const struct hk_task *task = group_handle(g, 0)->task;
	const struct hb_env *env = t_env(g);

	if (env->constructor.cap && g->target[0]->space.cap[env->constructor.cap].kind ==
	    CAPLOG_TOMBSTONE)
		return AFTER;
	if (task->thread[0]->state == HK_AWAITING_REPLY && env->constructor.cap &&
	    task->thread[0]->to && &task->thread[0]->to->o == hk_slot(task, env->constructor.cap))
		return DURING;
	return BEFORE;
}

static void t_gate(const struct group *b, uint32_t slot, const char *name)
{
	const struct hm_target *t = group_handle(b, 0);
	const struct hk_object *o = hk_slot(t->task, slot);
	const struct hk_gate *g = (const void *)o;

	if (!o || o->type != HK_GATE)
		fail_msg("%s: slot 0x%x holds no gate", name, slot);
	assert_ptr_equal(g->thread, t->task->thread[1]);
	if (g->label != t_env(b)->storage.badge[slot])
		fail_msg("%s: badge and label differ", name);
}

static void t_check_caps(const struct group *a, const struct group *b, enum moment moment)
{
	const struct caplog_space *space = &a->target[0]->space;
	const struct hm_target *t = group_handle(b, 0);
	const struct hb_env *env = t_env(b);
	uint32_t const cap4 = env->constructor.cap;

	/* CAP1, CAP2: gates of the entrypoint, once they are made */
	if (space->cap[env->ep.exit_object.cap].kind == CAPLOG_RPC)
		t_gate(b, env->ep.exit_object.cap, "CAP1 _exit_cap");
	if (space->cap[env->proxy.cap].kind == CAPLOG_RPC)
		t_gate(b, env->proxy.cap, "CAP2 _signal_proxy_cap");

	/* CAP3: attached to the signal thread, if it was */
	if (env->semaphore && space->cap[env->semaphore].kind == CAPLOG_IRQ) {
		const struct hk_object *o = hk_slot(t->task, env->semaphore);
		assert_non_null(o);
		assert_int_equal(o->type, HK_IRQ);
		assert_non_null(((const struct hk_irq *)(const void *)o)->thread);
		assert_int_equal(((const struct hk_irq *)(const void *)o)->thread->index,
		                 env->signal_thread.index);
	}

	/* CAP4: alive until construct has returned, never to match again afterwards */
	if (moment == DURING)
		t_gate(b, cap4, "CAP4 constructor_cap");
	if (moment == AFTER) {
		assert_null(hk_slot(t->task, cap4));
		assert_int_equal(env->storage.badge[cap4] % 4, 2);
	}
}

static void t_caps_of(const char *name, unsigned seed, unsigned seen[3])
{
	struct group a = group_empty(seed, NODE_A);

	group_start(&a, hosted_scenario_by_name(name));
	while (hm_step(a.node) > 0) {
		struct group b = group_empty(seed, NODE_B);
		struct stored_image image;
		struct caplog_diag diag = { 0, "" };
		int const err = group_checkpoint(&a, &image, &diag);

		if (!err) {
			enum moment const moment = t_moment(&a);
			if (group_restore(&b, &image, &diag))
				fail_msg("%s", diag.text);
			t_check_caps(&a, &b, moment);
			seen[moment]++;
		} else {
			assert_int_equal(err, CAPLOG_EAGAIN); /* no log yet */
		}
		group_resume(&a);
		image_free(&image);
		group_free(&b);
	}
	group_free(&a);
}

static void test_cap1_to_cap4(void **state)
{
	unsigned seen[3] = { 0, 0, 0 };

	(void)state;
	for (unsigned seed = 1; seed <= 3; seed++) {
		t_caps_of("counter", seed, seen);
		t_caps_of("signals", seed, seen);
	}
	printf("restored before construct %u, during %u, after %u times\n", seen[BEFORE],
	       seen[DURING], seen[AFTER]);
	t_compare(seen[BEFORE], >, 10);
	t_compare(seen[DURING], >, 10);
	t_compare(seen[AFTER], >, 10);
}

/* A component in the old style never leaves construct: CAP4 lives on */
static void test_cap4_of_old_style_stays_alive(void **state)
{
	unsigned seen[3] = { 0, 0, 0 };

	(void)state;
	t_caps_of("oldstyle", 1, seen);
	t_compare(seen[DURING], >, 5);
	assert_int_equal(seen[AFTER], 0);
}

/* After a restore the entrypoint can be destroyed: that needs CAP1 */
static void test_cap1_is_called_after_restore(void **state)
{
	struct group a = group_empty(4, NODE_A), b = group_empty(5, NODE_B);
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };

	(void)state;
	group_start(&a, hosted_scenario_by_name("exits"));
	while (!strstr(group_handle(&a, 0)->trace, "answer 2"))
		assert_in_range(hm_step(a.node), 1, INT32_MAX);
	if (group_checkpoint(&a, &image, &diag) || group_restore(&b, &image, &diag))
		fail_msg("%s", diag.text);
	assert_null(strstr(group_handle(&b, 0)->trace, "entrypoint 2 is gone"));
	assert_int_equal(hm_run(b.node, ~0ull), 1);
	assert_non_null(strstr(group_handle(&b, 0)->trace, "entrypoint 2 is gone"));
	image_free(&image);
	group_free(&a);
	group_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cap1_to_cap4),
		cmocka_unit_test(test_cap4_of_old_style_stays_alive),
		cmocka_unit_test(test_cap1_is_called_after_restore),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
