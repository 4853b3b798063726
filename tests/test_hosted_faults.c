/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fault points: each operation of the platform fails once, at each of its
 * calls in a checkpoint and in a restore; an image has too little room at each
 * size. Nothing is left behind, and the original continues to its right end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "group.h"
#include "t_compare.h"

enum t_point {
#define X(name, type, parameters, arguments, failure) POINT_##name,
	CAPLOG_FAULT_POINTS(X)
#undef X
	POINTS
};

static const char *const point_name[POINTS] = {
#define X(name, type, parameters, arguments, failure) #name,
	CAPLOG_FAULT_POINTS(X)
#undef X
};

/* The n-th call of which operation fails; 0: none does, or it did */
static struct caplog_platform real;
static enum t_point point;
static unsigned left;

#define X(name, type, parameters, arguments, failure)                                  \
	static type f_##name parameters                                                    \
	{                                                                                  \
		return point == POINT_##name && left && !--left ? failure : real.name arguments; \
	}
CAPLOG_FAULT_POINTS(X)
#undef X

/* How many parts of all its events are done: by default half of them */
static uint64_t part = 4, parts = 8;

static struct group t_running(const char *scenario, const struct group *reference)
{
	struct group g = group_empty(1, 0x1000);

	group_start(&g, hosted_scenario_by_name(scenario));
	assert_int_equal(hm_run(g.node, hk_events(reference->node->k) * part / parts), 0);
	assert_true(group_has_logs(&g));
	real = g.platform;
	left = 0;
#define X(name, type, parameters, arguments, failure) g.platform.name = f_##name;
	CAPLOG_FAULT_POINTS(X)
#undef X
	return g;
}

static void t_ends_as(struct group *g, const struct group *reference)
{
	left = 0;
	assert_int_equal(hm_run(g->node, ~0ull), 1);
	for (uint32_t i = 0; i < g->count; i++)
		assert_string_equal(group_handle(g, i)->trace,
		                    group_handle(reference, i % reference->count)->trace);
}

static void t_all_run(const struct group *g)
{
	for (uint32_t i = 0; i < g->count; i++) {
		assert_false(group_handle(g, i)->paused);
		for (unsigned n = 0; n < HK_THREADS; n++)
			if (group_handle(g, i)->task->thread[n])
				assert_false(group_handle(g, i)->task->thread[n]->stopped);
	}
}

static struct group t_reference(const char *scenario)
{
	struct group g = group_empty(1, 0x1000);

	group_start(&g, hosted_scenario_by_name(scenario));
	assert_int_equal(hm_run(g.node, ~0ull), 1);
	return g;
}


/*
 * Checkpoint
 */

/* \return 1: the operation was called that often */
static int t_checkpoint_fails(const char *scenario, const struct group *reference, unsigned n,
                              unsigned *refused)
{
	struct group g = t_running(scenario, reference);
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };

	left = n;
	int const err = caplog_capture(&g.platform, g.target, g.count, &diag);
	int const reached = !left;

	left = 0;
	if (err) {
		/* nobody resumes it but the engine */
		assert_int_not_equal(diag.text[0], 0);
		++*refused;
	} else {
		group_resume(&g);
	}
	t_all_run(&g);
	/* what it learned meanwhile does not spoil the next one */
	memset(&image, 0, sizeof image);
	if (group_checkpoint(&g, &image, &diag))
		fail_msg("%s fails, the next checkpoint: %s", point_name[point], diag.text);
	struct group copy = group_empty(3, 0x5000);
	if (group_restore(&copy, &image, &diag))
		fail_msg("%s fails, restore of the next checkpoint: %s", point_name[point], diag.text);
	if (group_differs(&g, &copy, &diag))
		fail_msg("%s", diag.text);
	group_resume(&g);
	t_ends_as(&copy, reference);
	t_ends_as(&g, reference);
	image_free(&image);
	group_free(&copy);
	group_free(&g);
	return reached;
}

static void test_checkpoint(void **state)
{
	static const char *const scenarios[] = { "counter", "mailbox" };

	(void)state;
	for (unsigned s = 0; s < 2; s++) {
		struct group reference = t_reference(scenarios[s]);

		for (unsigned p = 0; p < POINTS; p++) {
			unsigned n = 1, refused = 0;

			point = (enum t_point)p;
			while (t_checkpoint_fails(scenarios[s], &reference, n, &refused))
				n++;
			if (n > 1)
				printf("%s: checkpoint: %s: %u calls, %u refused\n", scenarios[s],
				       point_name[p], n - 1, refused);
			if (point == POINT_bytes || point == POINT_look)
				t_compare(refused, >, 0);
		}
		group_free(&reference);
	}
}


/* A thread that runs as it is stopped: there is an instant with one */
static void test_registers_are_not_kept(void **state)
{
	struct group reference = t_reference("server");
	unsigned refused = 0;

	(void)state;
	point = POINT_keep;
	parts = 64;
	for (part = 24; part < 40; part++)
		for (unsigned n = 1; t_checkpoint_fails("server", &reference, n, &refused); n++)
			;
	part = 4;
	parts = 8;
	printf("server: checkpoint: keep: %u refused\n", refused);
	t_compare(refused, >, 0);
	group_free(&reference);
}


/*
 * Restore: beside the original, which stands still meanwhile
 */

static struct group t_restore_fails(struct group *g, const struct stored_image *image,
                                    unsigned n, int *err)
{
	struct group copy = { .node = g->node, .platform = g->platform };
	uint8_t badges[sizeof g->node->badge_used];
	struct caplog_diag diag = { 0, "" };

	memcpy(badges, g->node->badge_used, sizeof badges);
	left = n;
	if ((*err = group_restore(&copy, image, &diag))) {
		assert_int_equal(left, 0);
		assert_int_not_equal(diag.text[0], 0);
		assert_int_equal(copy.count, 0);
		assert_int_equal(g->node->targets, g->count);
		assert_memory_equal(badges, g->node->badge_used, sizeof badges);
	}
	return copy;
}

/* Restores on one node, whose memory is not used again; with sanitizers stacks are large */
enum { ON_ONE_NODE = 512 * 1024 / HK_STACK_SIZE };

/* A few failures beside one original. \return that of a restore without one, 0: not reached */
static unsigned t_restores_from(const char *scenario, const struct group *reference, unsigned n)
{
	struct group g = t_running(scenario, reference), copy = g;
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };
	int err = 1;

	if (group_checkpoint(&g, &image, &diag))
		fail_msg("%s", diag.text);
	for (unsigned end = n + ON_ONE_NODE; n < end && err; n++)
		copy = t_restore_fails(&g, &image, n, &err);
	if (!err)
		assert_int_not_equal(left, 0); /* beyond its last call all went well */
	left = 0;
	group_resume(&g);
	t_ends_as(&g, reference);
	if (!err)
		t_ends_as(&copy, reference);
	for (uint32_t i = 0; !err && i < copy.count; i++)
		free(copy.target[i]);
	image_free(&image);
	group_free(&g);
	return err ? 0 : n - 1;
}

static unsigned t_restores(const char *scenario, const struct group *reference)
{
	unsigned first = 1, last;

	while (!(last = t_restores_from(scenario, reference, first)))
		first += ON_ONE_NODE;
	return last - 1;
}

static void test_restore(void **state)
{
	unsigned seen[POINTS] = { 0 };

	(void)state;
	for (unsigned s = 0; hosted_scenario(s); s++) {
		const char *name = hosted_scenario(s)->name;
		struct group reference = t_reference(name);

		for (unsigned p = 0; p < POINT_look; p++) {
			point = (enum t_point)p;
			part = p == POINT_share ? 7 : 4; /* memory is shared late */
			seen[p] += t_restores(name, &reference);
		}
		part = 4;
		group_free(&reference);
	}
	for (unsigned p = 0; p < POINT_look; p++) {
		printf("restore: %s: %u failures\n", point_name[p], seen[p]);
		assert_int_equal(!seen[p], p == POINT_keep);
	}
}


/*
 * Image: too little room for any of its parts
 */

static void test_image(void **state)
{
	struct group reference = t_reference("mailbox"), g = t_running("mailbox", &reference);
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };

	(void)state;
	if (group_checkpoint(&g, &image, &diag))
		fail_msg("%s", diag.text);
	uint8_t *bytes = malloc(image.size);
	for (uint64_t room = 0; room < image.size; room += room < 20000 ? 8 : 4093) {
		struct caplog_image i;

		memset(bytes, 0x55, image.size);
		caplog_image_begin(&i, bytes, room);
		assert_int_equal(caplog_save(&g.platform, g.target, g.count, &i, &diag), CAPLOG_ENOSPC);
		/* pages that were not looked at count as stored */
		t_compare(i.size, >=, image.size);
		assert_int_not_equal(caplog_image_check(bytes, room, NULL), 0);
		for (uint64_t at = room; at < image.size && at < room + 64; at++)
			assert_int_equal(bytes[at], 0x55);
	}
	free(bytes);
	group_resume(&g);
	t_ends_as(&g, &reference);
	image_free(&image);
	group_free(&g);
	group_free(&reference);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_checkpoint),
		cmocka_unit_test(test_registers_are_not_kept),
		cmocka_unit_test(test_restore),
		cmocka_unit_test(test_image),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
