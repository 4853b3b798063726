/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Restoring does not consume: the same image twice, two living copies, ten
 * generations, a hundred in a row
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

#include "t_compare.h"
#include "t_random.h"

static struct group t_started(const struct scenario *s, uint64_t seed)
{
	struct group g = group_empty(seed, 0x1000);
	group_start(&g, s);
	return g;
}

static void t_finish_and_compare(struct group *g, const struct group *reference)
{
	assert_int_equal(hm_run(g->node, ~0ull), 1);
	for (uint32_t i = 0; i < g->count; i++)
		assert_string_equal(group_handle(g, i)->trace,
		                    group_handle(reference, i % reference->count)->trace);
}

/* Run to a third of the reference's events, and checkpoint there */
static struct stored_image t_checkpoint_at(struct group *a, uint64_t event)
{
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };

	assert_int_equal(hm_run(a->node, event), 0);
	while (!group_has_logs(a))
		assert_int_equal(hm_step(a->node), 1);
	if (group_checkpoint(a, &image, &diag))
		fail_msg("%s", diag.text);
	return image;
}

static uint64_t t_middle(const struct group *reference)
{
	return hk_events(reference->node->k) / 2;
}

static void test_same_image_twice(void **state)
{
	(void)state;
	for (unsigned s = 0; hosted_scenario(s); s++) {
		struct group reference = t_started(hosted_scenario(s), 1);
		assert_int_equal(hm_run(reference.node, ~0ull), 1);
		struct group a = t_started(hosted_scenario(s), 1);
		struct stored_image image = t_checkpoint_at(&a, t_middle(&reference));
		struct stored_image copy = { malloc(image.size), image.size, { NULL } };
		memcpy(copy.data, image.data, image.size);

		for (unsigned i = 0; i < 2; i++) {
			struct group b = group_empty(7 + i, 0x5000);
			struct caplog_diag diag = { 0, "" };
			if (group_restore(&b, &image, &diag))
				fail_msg("%s", diag.text);
			t_finish_and_compare(&b, &reference);
			group_free(&b);
			assert_memory_equal(copy.data, image.data, image.size);
		}
		image_free(&copy);
		image_free(&image);
		group_free(&a);
		group_free(&reference);
	}
}

/* Fork: two copies side by side on one node, and a third beside the original */
static void test_fork(void **state)
{
	(void)state;
	for (unsigned s = 0; hosted_scenario(s); s++) {
		struct group reference = t_started(hosted_scenario(s), 2);
		assert_int_equal(hm_run(reference.node, ~0ull), 1);
		struct group a = t_started(hosted_scenario(s), 2), b = group_empty(9, 0x5000);
		struct stored_image image = t_checkpoint_at(&a, t_middle(&reference));
		struct group twin = { .node = a.node, .platform = a.platform };
		struct group two = { .node = b.node, .platform = b.platform };
		struct caplog_diag diag = { 0, "" };

		if (group_restore(&b, &image, &diag) || group_restore(&two, &image, &diag) ||
		    group_restore(&twin, &image, &diag))
			fail_msg("%s", diag.text);
		group_resume(&a);
		t_finish_and_compare(&b, &reference); /* runs its copy as well */
		t_finish_and_compare(&two, &reference);
		t_finish_and_compare(&a, &reference);
		t_finish_and_compare(&twin, &reference);
		for (uint32_t i = 0; i < two.count; i++)
			free(two.target[i]);
		for (uint32_t i = 0; i < twin.count; i++)
			free(twin.target[i]);
		image_free(&image);
		group_free(&a);
		group_free(&b);
		group_free(&reference);
	}
}

static void t_generations(const struct scenario *s, uint64_t seed)
{
	struct group reference = t_started(s, seed);
	assert_int_equal(hm_run(reference.node, ~0ull), 1);
	uint64_t const events = hk_events(reference.node->k);
	struct group g = t_started(s, seed);

	while (!group_has_logs(&g) || hk_events(g.node->k) < events / 3)
		assert_int_equal(hm_step(g.node), 1);
	for (unsigned generation = 1; generation <= 10; generation++) {
		struct group next = group_empty(seed + generation, generation % 2 ? 0x5000 : 0x1000);
		struct stored_image image;
		struct caplog_diag diag = { 0, "" };

		if (group_checkpoint(&g, &image, &diag) || group_restore(&next, &image, &diag))
			fail_msg("%s, generation %u: %s", s->name, generation, diag.text);
		if (generation % 2 && group_differs(&g, &next, &diag))
			fail_msg("%s, generation %u: %s", s->name, generation, diag.text);
		image_free(&image);
		group_free(&g);
		g = next;
		/* live a little: sometimes not at all */
		for (unsigned i = 0; i < 7 * (generation % 4) && hm_step(g.node) > 0; i++)
			;
	}
	t_finish_and_compare(&g, &reference);
	group_free(&g);
	group_free(&reference);
}

static void test_ten_generations(void **state)
{
	(void)state;
	for (unsigned s = 0; hosted_scenario(s); s++)
		for (uint64_t seed = 1; seed <= 5; seed++)
			t_generations(hosted_scenario(s), seed);
}

/*
 * Storm: restored again and again after some steps, so that replies are kept
 * while others are kept already
 */
static unsigned t_storm(const struct scenario *s, uint64_t seed)
{
	struct group reference = t_started(s, seed), g = t_started(s, seed);
	struct t_random r = { seed };
	unsigned generations = 0;

	assert_int_equal(hm_run(reference.node, ~0ull), 1);
	while (!group_has_logs(&g))
		assert_int_equal(hm_step(g.node), 1);
	for (int left = 1; left > 0; generations++) {
		struct group next = group_empty(seed * 1000 + generations, generations % 2 ? 0x5000 : 0x1000);
		struct stored_image image;
		struct caplog_diag diag = { 0, "" };

		for (uint32_t steps = 10 + t_below(&r, 50); steps && left > 0; steps--)
			left = hm_step(g.node);
		if (group_checkpoint(&g, &image, &diag) || group_restore(&next, &image, &diag))
			fail_msg("%s, seed %u, generation %u: %s", s->name, (unsigned)seed, generations,
			         diag.text);
		image_free(&image);
		group_free(&g);
		g = next;
	}
	t_finish_and_compare(&g, &reference);
	group_free(&g);
	group_free(&reference);
	return generations;
}

static void test_storm(void **state)
{
	unsigned restores = 0;

	(void)state;
	for (unsigned s = 0; hosted_scenario(s); s++)
		for (uint64_t seed = 1; seed <= (strcmp(hosted_scenario(s)->name, "crossing") ? 1 : 20);
		     seed++)
			restores += t_storm(hosted_scenario(s), seed);
	printf("%u restores in a row\n", restores);
	t_compare(restores, >, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_image_twice),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_ten_generations),
		cmocka_unit_test(test_storm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
