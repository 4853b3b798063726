/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that is held: the components run while it is written into an image
 *
 * At the instants of each scenario memory is held, the components are resumed,
 * and run on between any two pages that are saved. The image, alone or with its
 * parents, has the bytes of a whole one that was taken while they stood still;
 * restored from its chain they end like a run that nobody interrupted. When there
 * is no room for copies, the image is given up and the next one has it all.
 *
 * SEEDS=n: as many schedules per scenario (2). LINKS=n: images of a chain (10).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "t_chain.h"
#include "t_random.h"

enum { NODE_A = 0x1000, NODE_B = 0x5000, LINKS = 10, SEEDS = 2, MARGIN = 64 * 1024 };

static struct t_random chance;
static struct caplog_platform real;
static uint64_t steps, pages_kept, late, enlarged, instants;
static unsigned run_on; /* percent of the looks at a page after which the components run */

/* Between any two pages */
static void t_run_on(void *ctx)
{
	while (run_on && t_chance(&chance, run_on) && hm_step(ctx) > 0)
		steps++;
}

static const void *t_kept(void *ctx, void *target, uint32_t id, uint64_t page)
{
	const void *kept;

	/* the page was read: now it is written */
	t_run_on(ctx);
	kept = real.kept(ctx, target, id, page);
	pages_kept += kept != NULL;
	t_run_on(ctx);
	/* and once more, after the look: what was kept stays */
	return kept;
}

static const void *t_held(void *ctx, void *target, uint32_t id, uint64_t image,
                          const uint32_t **written)
{
	t_run_on(ctx);
	return real.held(ctx, target, id, image, written);
}

static struct group t_group(uint64_t seed, uint32_t first_badge)
{
	struct group g = group_empty(seed, first_badge);

	real = g.platform;
	g.platform.kept = t_kept;
	g.platform.held = t_held;
	return g;
}

/* A whole image of the group as it stands, without regard to what was written */
static struct stored_image t_whole(struct group *g, const char *what)
{
	struct caplog_platform const tracked = g->platform;
	struct caplog_diag diag = { 0, "" };
	struct stored_image whole;

	g->platform.written = NULL;
	g->platform.saved = NULL;
	if (group_checkpoint(g, &whole, &diag))
		fail_msg("%s: %s", what, diag.text);
	g->platform = tracked;
	return whole;
}

/* Memory of a group that runs; in a buffer that is too small at first, maybe */
static int t_save_memory(struct group *g, struct caplog_image *i, uint64_t room,
                         struct caplog_diag *diag)
{
	struct caplog_image const begun = *i;
	int err = caplog_save_memory(&g->platform, g->target, g->count, i, diag);

	if (err != CAPLOG_ENOSPC)
		return err;
	enlarged++;
	t_compare(i->size, >, i->capacity);
	*i = begun;
	i->data = realloc(i->data, room);
	i->capacity = room;
	return caplog_save_memory(&g->platform, g->target, g->count, i, diag);
}

/* The next image of a chain, or its first one; the group runs when this returns. 0 or -EAGAIN */
static int t_next_image(struct group *g, struct chain *c, const struct stored_image *whole)
{
	struct stored_image *const next = &c->image[c->count];
	uint64_t const room = whole->size + MARGIN;
	struct caplog_diag diag = { 0, "" };
	struct caplog_image i;
	int err;

	memset(next, 0, sizeof *next);
	caplog_image_begin(&i, malloc(room), room);
	if (c->count)
		caplog_image_child_known(&i, next[-1].data, next[-1].size);
	assert_int_equal(caplog_save_state(&g->platform, g->target, g->count, &i, &diag), 0);
	if (t_chance(&chance, 20))
		i.capacity = i.size + t_below(&chance, MARGIN);
	assert_int_equal(caplog_hold(&g->platform, g->target, g->count, &i, &diag), 0);
	group_resume(g);
	g->node->copies = t_chance(&chance, 10) ? t_below(&chance, 3) : UINT64_MAX;
	err = t_save_memory(g, &i, room, &diag);
	next->data = i.data;
	next->size = i.size;
	if (err) {
		assert_int_equal(err, CAPLOG_EAGAIN);
		assert_non_null(strstr(diag.text, "than there is room for copies"));
		free(next->data);
		return err;
	}
	for (uint32_t t = 0; t < g->count; t++)
		next->trace[t] = strdup(whole->trace[t]);
	c->count++;
	return 0;
}

static void t_restore_and_finish(const struct chain *c, const struct group *reference,
                                 const char *what)
{
	struct group b = group_empty(77 + c->count, NODE_B);
	struct caplog_diag diag = { 0, "" };

	if (t_restore_chain(&b, c, &diag))
		fail_msg("%s: %s", what, diag.text);
	if (hm_run(b.node, ~0ull) != 1)
		fail_msg("%s: the restored components came to a halt", what);
	for (uint32_t i = 0; i < reference->count; i++)
		assert_string_equal(group_handle(&b, i)->trace, group_handle(reference, i)->trace);
	group_free(&b);
}

static void t_instant(struct group *a, struct chain *c, const struct group *reference,
                      const char *what)
{
	struct stored_image whole = t_whole(a, what);

	if (t_next_image(a, c, &whole)) {
		late++;
	} else {
		instants++;
		t_merges_to(c, &whole, what);
		t_restore_and_finish(c, reference, what);
	}
	image_free(&whole);
}

static void t_run(const struct scenario *s, uint64_t seed)
{
	struct group reference = group_empty(seed, NODE_A), a = t_group(seed, NODE_A);
	unsigned const links = t_setting("LINKS", LINKS);
	struct chain c = { .count = 0 };
	uint64_t seen = 0;
	char what[80];

	group_start(&reference, s);
	assert_int_equal(hm_run(reference.node, ~0ull), 1);
	group_start(&a, s);
	while (hm_step(a.node) > 0) {
		uint64_t const events = hk_events(a.node->k);

		if (events == seen || !group_has_logs(&a))
			continue;
		seen = events;
		snprintf(what, sizeof what, "%s, seed %u, event %u, image %u", s->name, (unsigned)seed,
		         (unsigned)events, c.count);
		t_instant(&a, &c, &reference, what);
		if (c.count == links)
			t_chain_free(&c);
	}
	for (uint32_t i = 0; i < reference.count; i++)
		assert_string_equal(group_handle(&a, i)->trace, group_handle(&reference, i)->trace);
	t_chain_free(&c);
	group_free(&a);
	group_free(&reference);
}

static void t_all(unsigned percent)
{
	run_on = percent;
	steps = pages_kept = late = enlarged = instants = 0;
	for (unsigned s = 0; hosted_scenario(s); s++)
		for (uint64_t seed = 1; seed <= t_setting("SEEDS", SEEDS); seed++)
			t_run(hosted_scenario(s), seed);
	printf("%u images, all equal; %u steps meanwhile, %u pages kept; %u times no room for copies, "
	       "%u buffers enlarged\n", (unsigned)instants, (unsigned)steps, (unsigned)pages_kept,
	       (unsigned)late, (unsigned)enlarged);
	t_compare(instants, >, 100);
	t_compare(enlarged, >, 10);
}

/* Nothing runs between hold and the image: each event is an instant */
static void test_every_event(void **state)
{
	(void)state;
	chance = t_seed("every event");
	t_all(0);
	assert_int_equal(pages_kept, 0);
	assert_int_equal(late, 0);
}

/* A step now and then: nearly each event is an instant, and followed by others meanwhile */
static void test_a_step_meanwhile(void **state)
{
	(void)state;
	chance = t_seed("a step meanwhile");
	t_all(2);
	t_compare(steps, >, 100);
	t_compare(pages_kept, >, 100);
	t_compare(late, >, 3);
}

static void test_many_steps_meanwhile(void **state)
{
	(void)state;
	chance = t_seed("many steps meanwhile");
	t_all(20);
	t_compare(steps, >, 1000);
	t_compare(pages_kept, >, 1000);
	t_compare(late, >, 3);
}

/* The second component of two cannot be held: neither is, and both can be saved as they stand */
static void *held_target;

static int t_hold_one(void *ctx, void *target)
{
	if (held_target && held_target != target)
		return CAPLOG_ENOTSUP;
	held_target = target;
	return real.hold(ctx, target);
}

static void test_refused(void **state)
{
	struct group g = t_group(1, NODE_A);
	struct caplog_diag diag = { 0, "" };
	struct stored_image whole, again;
	union caplog_words const words = { .word = { 0 } };
	struct caplog_image i;

	(void)state;
	run_on = 0;
	group_start(&g, hosted_scenario_by_name("ring"));
	while (!group_has_logs(&g))
		assert_int_equal(hm_step(g.node), 1);
	whole = t_whole(&g, "refused");

	caplog_image_begin(&i, NULL, 0);
	assert_int_equal(caplog_save_state(&g.platform, g.target, g.count, &i, &diag), 0);
	assert_int_equal(caplog_hold(&g.platform, g.target, g.count, &i, &diag), CAPLOG_ENOSPC);

	caplog_image_begin(&i, malloc(whole.size), whole.size);
	assert_int_equal(caplog_save_state(&g.platform, g.target, g.count, &i, &diag), 0);
	g.platform.hold = t_hold_one;
	assert_int_equal(caplog_hold(&g.platform, g.target, g.count, &i, &diag), CAPLOG_ENOTSUP);
	assert_null(group_handle(&g, 0)->held);
	g.platform.hold = NULL;
	assert_int_equal(caplog_hold(&g.platform, g.target, g.count, &i, &diag), CAPLOG_ENOTSUP);
	assert_int_equal(caplog_save_memory(&g.platform, g.target, g.count, &i, &diag), 0);
	again = (struct stored_image){ .data = i.data, .size = i.size };
	assert_int_equal(again.size, whole.size);
	assert_memory_equal(again.data, whole.data, whole.size);

	/* nor if the ledger changed since it was captured */
	g.platform.hold = real.hold;
	caplog_ledger_give(&g.target[0]->ledger, CAPLOG_OBJECT_SERVICE, CAPLOG_NO_BADGE, &words, "late");
	assert_int_equal(caplog_hold(&g.platform, g.target, g.count, &i, &diag), CAPLOG_EBUSY);
	image_free(&again);
	image_free(&whole);
	group_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_every_event),
		cmocka_unit_test(test_a_step_meanwhile),
		cmocka_unit_test(test_many_steps_meanwhile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
