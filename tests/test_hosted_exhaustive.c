/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The strongest test: run a scenario; checkpoint at every event; restore each
 * on a second node with other badges; compare the kernel's objects; let it
 * finish; its observable trace must be that of an uninterrupted run.
 *
 * SEEDS=n: as many schedules per scenario (21, or 4). STEPS=n: for the first n of
 * them checkpoint at every kernel entry, not only at log events (1). SCENARIO=name: only this.
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

/* sanitized about five times slower; with wide badges a second time */
#if defined(__SANITIZE_ADDRESS__) || CAPLOG_OWN(BADGE_BITS) > 16
enum { SEEDS = 4 };
#else
enum { SEEDS = 21 };
#endif

enum { NODE_A = 0x1000, NODE_B = 0x5000 };

static unsigned t_setting(const char *name, unsigned normal)
{
	const char *text = getenv(name);
	return text ? (unsigned)strtoul(text, NULL, 0) : normal;
}

static int t_wanted(const struct scenario *s)
{
	const char *only = getenv("SCENARIO");
	return !only || !strcmp(only, s->name);
}

/* Requests that a component of scenario "crossing" counted, and those that were not served once */
static unsigned t_calls, t_not_once;

static void t_count_calls(const char *trace)
{
	unsigned served, twice, missed, wrong;
	const char *line = strstr(trace, "served ");

	if (line && sscanf(line, "served %u, twice %u, missed %u, wrong %u", &served, &twice, &missed,
	                   &wrong) == 4) {
		t_calls += served;
		t_not_once += twice + missed + wrong;
	}
}

/* One checkpoint of A, restored on B and run to its end */
static void t_restore_and_finish(struct group *a, const struct group *reference, uint64_t seed,
                                 uint64_t at, const char *what)
{
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };
	struct group b = group_empty(seed * 1000 + at, NODE_B);

	if (group_checkpoint(a, &image, &diag))
		fail_msg("%s: checkpoint: %s", what, diag.text);
	if (group_restore(&b, &image, &diag))
		fail_msg("%s: restore: %s", what, diag.text);
	/* looking into the maps rebuilds their indexes: not every time */
	if (at % 2 && group_differs(a, &b, &diag))
		fail_msg("%s: %s", what, diag.text);
	if (hm_run(b.node, ~0ull) != 1)
		fail_msg("%s: the restored components came to a halt", what);
	for (uint32_t i = 0; i < reference->count; i++) {
		assert_string_equal(group_handle(&b, i)->trace, group_handle(reference, i)->trace);
		t_count_calls(group_handle(&b, i)->trace);
	}
	image_free(&image);
	group_free(&b);
	group_resume(a);
}

static unsigned t_run(const struct scenario *s, uint64_t seed, int every_step)
{
	struct group reference = group_empty(seed, NODE_A), a = group_empty(seed, NODE_A);
	unsigned restores = 0;
	uint64_t seen = 0;
	char what[80];

	group_start(&reference, s);
	assert_int_equal(hm_run(reference.node, ~0ull), 1);
	group_start(&a, s);
	for (uint64_t step = 0; hm_step(a.node) > 0; step++) {
		uint64_t const events = hk_events(a.node->k);
		if ((!every_step && events == seen) || !group_has_logs(&a))
			continue;
		seen = events;
		snprintf(what, sizeof what, "%s, seed %u, event %u, step %u", s->name, (unsigned)seed,
		         (unsigned)events, (unsigned)step);
		t_restore_and_finish(&a, &reference, seed, events + step, what);
		restores++;
	}
	/* and the interrupted original was not disturbed */
	for (uint32_t i = 0; i < reference.count; i++)
		assert_string_equal(group_handle(&a, i)->trace, group_handle(&reference, i)->trace);
	group_free(&a);
	group_free(&reference);
	return restores;
}

static void test_every_event(void **state)
{
	unsigned const seeds = t_setting("SEEDS", SEEDS);
	unsigned total = 0;

	(void)state;
	for (unsigned s = 0; hosted_scenario(s); s++) {
		unsigned restores = 0;
		if (!t_wanted(hosted_scenario(s)))
			continue;
		for (uint64_t seed = 1; seed <= seeds; seed++)
			restores += t_run(hosted_scenario(s), seed, 0);
		printf("%-12s %u seeds, %u restores\n", hosted_scenario(s)->name, seeds, restores);
		total += restores;
	}
	printf("%u restores at log events, all equal; of %u counted calls %u were not served once\n",
	       total, t_calls, t_not_once);
	assert_int_equal(t_not_once, 0);
	t_compare(total, >, seeds * (getenv("SCENARIO") ? 10 : 100));
	if (!getenv("SCENARIO"))
		t_compare(t_calls, >, total);
}

static void test_every_kernel_entry(void **state)
{
	unsigned const seeds = t_setting("STEPS", 1);
	unsigned total = 0;

	(void)state;
	for (unsigned s = 0; hosted_scenario(s); s++)
		for (uint64_t seed = 1; seed <= seeds && t_wanted(hosted_scenario(s)); seed++)
			total += t_run(hosted_scenario(s), 100 + seed, 1);
	printf("%u restores at kernel entries, all equal; of %u counted calls %u were not served once\n",
	       total, t_calls, t_not_once);
	assert_int_equal(t_not_once, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_event),
		cmocka_unit_test(test_every_kernel_entry),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
