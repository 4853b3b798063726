/* SPDX-License-Identifier: BSD-2-Clause */
/* The model itself: what it must refuse, and what may not be touched */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base.h"
#include "group.h"

static long t_sys(long op, long a, long b, long c)
{
	struct hk_sys s = { op, a, b, c, 0 };
	return hk_enter(&s);
}

/* What the components below found out, for the test */
static struct {
	int      served, forged_done;
	long     caps, equal, before, after, unmapped, attach_again, foreign_ep;
	uint32_t slot[HK_CAPS];
} seen;

static struct group t_run_alone(void (*construct)(void))
{
	struct scenario s = { "test", 0, { { "test", construct } } };
	struct group g = group_empty(1, 0x1000);

	memset(&seen, 0, sizeof seen);
	group_start(&g, &s);
	hm_run(g.node, ~0ull);
	return g;
}

static struct hb_object *t_object(void) { return (struct hb_object *)(void *)HB->app; }


static void count_request(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	(void)o;
	(void)out;
	seen.served++;
	seen.caps = in->caps;
	for (uint32_t i = 0; i < in->caps; i++)
		seen.slot[i] = in->cap[i];
}

/* A thread calls the object under a badge that is not the gate's label */
static void forge(void *arg)
{
	struct hk_utcb *u = hk_utcb();

	(void)arg;
	u->mr[0] = (uint64_t)hb_local_name(t_object()->cap) + 8;
	u->mr[1] = 0;
	u->words = 2;
	u->items = 0;
	t_sys(HK_CALL, t_object()->cap, 0, 0);
	seen.forged_done = 1;
}

static void forger_construct(void)
{
	hb_manage(&HB->ep, t_object(), count_request, NULL);
	hb_thread_start((struct hb_thread *)(void *)(t_object() + 1), forge, NULL);
}

static void test_forged_badge_is_refused(void **state)
{
	struct group g = t_run_alone(forger_construct);

	(void)state;
	assert_int_equal(seen.served, 0);
	assert_int_equal(seen.forged_done, 0); /* as on the real system: no answer */
	group_free(&g);
}


static void send_four(void *arg)
{
	struct hb_msg const m = { 0, 4, { 0 }, { HB->pd, HB->cpu, HB->parent, HB->main.slot } };

	(void)arg;
	hb_call(t_object()->cap, &m, NULL);
	hb_exit(0);
}

static void four_construct(void)
{
	hb_manage(&HB->ep, t_object(), count_request, NULL);
	hb_thread_start((struct hb_thread *)(void *)(t_object() + 1), send_four, NULL);
}

/* Known capabilities come back under their own slots, through the window */
static void test_four_capabilities(void **state)
{
	struct group g = t_run_alone(four_construct);
	const struct hb_env *env = hm_memory(group_handle(&g, 0), HK_BSS, sizeof *env);

	(void)state;
	assert_int_equal(seen.served, 1);
	assert_int_equal(seen.caps, 4);
	assert_int_equal(seen.slot[0], env->pd);
	assert_int_equal(seen.slot[1], env->cpu);
	assert_int_equal(seen.slot[2], env->parent);
	assert_int_equal(seen.slot[3], env->main.slot); /* fake badge, same gate: known */
	group_free(&g);
}


static void slots_construct(void)
{
	uint32_t const window = hb_window_alloc();

	seen.equal = t_sys(HK_EQUAL, HB->pd, HB->pd, 0) * 10 + t_sys(HK_EQUAL, HB->pd, HB->cpu, 0);
	seen.before = t_sys(HK_VALID, HB->cpu, 0, 0);
	t_sys(HK_GRANT, HB->cpu, window, 0);
	seen.after = t_sys(HK_VALID, HB->cpu, 0, 0) * 10 + t_sys(HK_VALID, window, 0, 0);
	t_sys(HK_GRANT, window, HB->cpu, 0);
	t_sys(HK_GRANT, window, HB->cpu, 0); /* of nothing: changes nothing */
	seen.after = seen.after * 10 + t_sys(HK_VALID, HB->cpu, 0, 0);
	t_sys(HK_UNMAP, HB->cpu, 0, 0);
	seen.unmapped = t_sys(HK_VALID, HB->cpu, 0, 0);
	while (!HB->semaphore)
		t_sys(HK_YIELD, 0, 0, 0);
	while (!t_sys(HK_IRQ_ATTACH, HB->semaphore, HB->main.slot, 0))
		t_sys(HK_IRQ_DETACH, HB->semaphore, 0, 0); /* not attached yet: try later */
	seen.attach_again = t_sys(HK_IRQ_ATTACH, HB->semaphore, HB->main.slot, 0);
	seen.foreign_ep = hb_invoke_cap(HB->pd, HS_ALLOC_RPC_CAP, 0, 0, HB->pd) == HB_NO_CAP;
	hb_exit(0);
}

static void test_slots_and_refusals(void **state)
{
	struct group g = t_run_alone(slots_construct);

	(void)state;
	assert_int_equal(seen.equal, 10);
	assert_int_equal(seen.before, 1);
	assert_int_equal(seen.after, 11);
	assert_int_equal(seen.unmapped, 0);
	assert_int_equal(seen.attach_again, HK_E_INVAL);
	assert_int_equal(seen.foreign_ep, 1); /* only an own thread can be an entrypoint */
	group_free(&g);
}


static int t_accessible(uint64_t address)
{
	int fd[2], ok;

	assert_int_equal(pipe(fd), 0);
	ok = write(fd[1], (const void *)(uintptr_t)address, 1) == 1;
	close(fd[0]);
	close(fd[1]);
	return ok;
}

/* A page of its own that only one of the two components has */
static void page_construct(void)
{
	struct hb_msg m = { 2, 1, { HS_ATTACH, HK_HEAP }, { HB_NO_CAP } };

	m.cap[0] = hb_invoke_cap(HB->pd, HS_RAM_ALLOC, 1, 0, HB_NO_CAP);
	hb_call(HB->pd, &m, NULL);
	hb_exit(0);
}

static void plain_construct(void) { hb_exit(0); }

static void test_memory_is_inaccessible_while_others_run(void **state)
{
	struct scenario s = { "two", 0, { { "page", page_construct }, { "plain", plain_construct } } };
	struct group g = group_empty(1, 0x1000);

	(void)state;
	group_start(&g, &s);
	assert_int_equal(hm_run(g.node, ~0ull), 1);
	hk_look_into(group_handle(&g, 0)->task);
	assert_true(t_accessible(HK_HEAP));
	hk_look_into(group_handle(&g, 1)->task);
	assert_true(t_accessible(HK_BSS));
	assert_false(t_accessible(HK_HEAP));
	group_free(&g);
	assert_false(t_accessible(HK_BSS));
}

/* The same seed gives the same run, another seed another */
static void test_deterministic(void **state)
{
	uint64_t events[3];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct group g = group_empty(i == 2 ? 77 : 5, 0x1000);
		unsigned steps = 0;
		group_start(&g, hosted_scenario_by_name("server"));
		while (hm_step(g.node) > 0)
			steps++;
		events[i] = steps;
		group_free(&g);
	}
	assert_int_equal(events[0], events[1]);
	assert_int_not_equal(events[0], events[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forged_badge_is_refused),
		cmocka_unit_test(test_four_capabilities),
		cmocka_unit_test(test_slots_and_refusals),
		cmocka_unit_test(test_memory_is_inaccessible_while_others_run),
		cmocka_unit_test(test_deterministic),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
