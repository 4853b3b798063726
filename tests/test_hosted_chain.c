/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chains of images: at the instants of each scenario, a child of the image
 * before. Restored from its chain it is what a whole image of the same instant
 * leads to; a chain that is not right is refused by name, and nothing is made.
 * Children take what was not written from their parents by the bits of the
 * platform; whole images are taken without them. Bits that are lost cost time
 * and nothing else.
 *
 * SEEDS=n: as many schedules per scenario (3). LINKS=n: images of a chain (10).
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
#include "t_chain.h"
#include "t_compare.h"
#include "t_image.h"
#include "t_random.h"

enum { NODE_A = 0x1000, NODE_B = 0x5000, LINKS = 10, SEEDS = 3 };

/* The platform's bits, of which some are lost: by chance, in percent */
static struct t_random chance;
static unsigned lose;
static struct caplog_platform real;
static uint64_t known, unknown, lost;

static const uint32_t *t_written(void *ctx, void *target, const struct caplog_object *o,
                                 uint64_t image)
{
	const uint32_t *written;

	if (lose && t_chance(&chance, lose)) {
		lost++;
		return NULL;
	}
	written = real.written(ctx, target, o, image);
	known += image && written;
	unknown += image && !written;
	return written;
}

static struct group t_tracked(uint64_t seed, uint32_t first_badge)
{
	struct group g = group_empty(seed, first_badge);

	real = g.platform;
	g.platform.written = t_written;
	return g;
}

/* Save a captured group once more, as the child of the newest image */
static void t_save_child(struct group *g, struct chain *c, const struct stored_image *whole)
{
	const struct stored_image *const parent = &c->image[c->count - 1];
	struct stored_image *const child = &c->image[c->count];
	struct caplog_diag diag = { 0, "" };
	struct caplog_image i;

	memset(child, 0, sizeof *child);
	child->data = malloc(whole->size + 65536);
	/* what was written is not forgotten by an image that has no room */
	caplog_image_begin(&i, child->data, 512);
	caplog_image_child_known(&i, parent->data, parent->size);
	assert_int_equal(caplog_save(&g->platform, g->target, g->count, &i, &diag), CAPLOG_ENOSPC);
	caplog_image_begin(&i, child->data, whole->size + 65536);
	if (caplog_image_child(&i, parent->data, parent->size, &diag) ||
	    caplog_save(&g->platform, g->target, g->count, &i, &diag))
		fail_msg("%s", diag.text);
	child->size = i.size;
	for (uint32_t t = 0; t < g->count; t++)
		child->trace[t] = strdup(whole->trace[t]);
	c->count++;
	t_compare(child->size, <=, whole->size);
}

static void t_restore_and_finish(struct group *a, const struct chain *c,
                                 const struct group *reference, const char *what)
{
	struct group b = group_empty(77 + c->count, NODE_B);
	struct caplog_diag diag = { 0, "" };

	if (t_restore_chain(&b, c, &diag) || group_differs(a, &b, &diag))
		fail_msg("%s: %s", what, diag.text);
	if (hm_run(b.node, ~0ull) != 1)
		fail_msg("%s: the restored components came to a halt", what);
	for (uint32_t i = 0; i < reference->count; i++)
		assert_string_equal(group_handle(&b, i)->trace, group_handle(reference, i)->trace);
	group_free(&b);
}

/* One more child, of an image that is not the last: its bits are others */
static void t_older_parent(struct group *a, struct chain *c, const struct stored_image *whole,
                           const char *what)
{
	struct caplog_platform const tracked = a->platform;
	struct stored_image const newest = c->image[--c->count];
	uint64_t const before = known, others = unknown;

	a->platform.saved = NULL;
	t_save_child(a, c, whole);
	a->platform = tracked;
	assert_int_equal(known, before);
	unknown = others;
	t_merges_to(c, whole, what);
	image_free(&c->image[c->count - 1]);
	c->image[c->count - 1] = newest;
}

static uint64_t stored, whole_size;

/* One instant: the next image of the chain, or the first one */
static void t_instant(struct group *a, struct chain *c, const struct group *reference,
                      const char *what)
{
	struct caplog_platform const tracked = a->platform;
	struct caplog_diag diag = { 0, "" };
	struct stored_image whole;

	if (c->count) {
		a->platform.written = NULL;
		a->platform.saved = NULL;
	}
	if (group_checkpoint(a, &whole, &diag))
		fail_msg("%s: %s", what, diag.text);
	a->platform = tracked;
	if (c->count) {
		if (c->count == 3)
			t_older_parent(a, c, &whole, what);
		t_save_child(a, c, &whole);
		t_merges_to(c, &whole, what);
		t_restore_and_finish(a, c, reference, what);
		stored += c->image[c->count - 1].size;
		whole_size += whole.size;
		image_free(&whole);
	} else {
		c->image[c->count++] = whole;
	}
	group_resume(a);
}

static unsigned t_run(const struct scenario *s, uint64_t seed)
{
	struct group reference = group_empty(seed, NODE_A), a = t_tracked(seed, NODE_A);
	unsigned const links = t_setting("LINKS", LINKS);
	struct chain c = { .count = 0 };
	unsigned restores = 0;
	uint64_t seen = 0;
	char what[80];

	group_start(&reference, s);
	assert_int_equal(hm_run(reference.node, ~0ull), 1);
	group_start(&a, s);
	for (uint64_t step = 0; hm_step(a.node) > 0; step++) {
		uint64_t const events = hk_events(a.node->k);

		if (events == seen || !group_has_logs(&a))
			continue;
		seen = events;
		snprintf(what, sizeof what, "%s, seed %u, event %u, image %u", s->name, (unsigned)seed,
		         (unsigned)events, c.count);
		t_instant(&a, &c, &reference, what);
		restores += c.count > 1;
		if (c.count == links)
			t_chain_free(&c);
	}
	for (uint32_t i = 0; i < reference.count; i++)
		assert_string_equal(group_handle(&a, i)->trace, group_handle(&reference, i)->trace);
	t_chain_free(&c);
	group_free(&a);
	group_free(&reference);
	return restores;
}

static void test_every_event(void **state)
{
	unsigned total = 0;

	(void)state;
	for (unsigned s = 0; hosted_scenario(s); s++)
		for (uint64_t seed = 1; seed <= t_setting("SEEDS", SEEDS); seed++)
			total += t_run(hosted_scenario(s), seed);
	printf("%u restores from chains, all equal; children have %u %% of a whole image\n", total,
	       (unsigned)(stored * 100 / whole_size));
	t_compare(total, >, 100);
	t_compare(stored, <, whole_size);
	/* memory that is new since the last image has no bits yet */
	printf("bits of %u pieces of memory were known, of %u not\n", (unsigned)known, (unsigned)unknown);
	t_compare(known, >, 10 * unknown);
}

static void test_lost_bits(void **state)
{
	(void)state;
	chance = t_seed("lost bits");
	lose = 30;
	for (unsigned s = 0; hosted_scenario(s); s++)
		t_run(hosted_scenario(s), 1);
	lose = 0;
	t_compare(lost, >, 100);
}

/* A restored component goes on with the chain that it came from */
static void test_restored_and_checkpointed_again(void **state)
{
	struct group a = group_empty(1, NODE_A), reference = group_empty(1, NODE_A);
	struct chain c = { .count = 0 };
	struct caplog_diag diag = { 0, "" };

	(void)state;
	group_start(&reference, hosted_scenario_by_name("counter"));
	assert_int_equal(hm_run(reference.node, ~0ull), 1);
	group_start(&a, hosted_scenario_by_name("counter"));
	while (!group_has_logs(&a))
		assert_int_equal(hm_step(a.node), 1);
	for (unsigned i = 0; i < 6; i++) {
		struct group b = t_tracked(i, i % 2 ? NODE_A : NODE_B);
		uint64_t const before = unknown;

		t_instant(&a, &c, &reference, "generation");
		assert_int_equal(unknown, before);
		group_free(&a);
		if (t_restore_chain(&b, &c, &diag))
			fail_msg("%s", diag.text);
		a = b;
		for (unsigned step = 0; step < 5; step++)
			assert_int_equal(hm_step(a.node), 1);
	}
	assert_int_equal(hm_run(a.node, ~0ull), 1);
	assert_string_equal(group_handle(&a, 0)->trace, group_handle(&reference, 0)->trace);
	t_chain_free(&c);
	group_free(&a);
	group_free(&reference);
}


/*
 * Chains that are not right
 */

static struct chain right;

static int t_four_images(void **state)
{
	struct group a = group_empty(1, NODE_A);
	struct caplog_diag diag = { 0, "" };
	struct stored_image whole;

	(void)state;
	group_start(&a, hosted_scenario_by_name("counter"));
	while (!group_has_logs(&a))
		assert_int_equal(hm_step(a.node), 1);
	for (unsigned i = 0; i < 4; i++) {
		for (unsigned step = 0; step < 10; step++)
			assert_int_equal(hm_step(a.node), 1);
		if (group_checkpoint(&a, &whole, &diag))
			fail_msg("%s", diag.text);
		if (i) {
			t_save_child(&a, &right, &whole);
			image_free(&whole);
		} else {
			right.image[right.count++] = whole;
		}
		group_resume(&a);
	}
	group_free(&a);
	return 0;
}

static int t_free_images(void **state)
{
	(void)state;
	t_chain_free(&right);
	return 0;
}

static void t_refused(const struct caplog_image_link *link, uint32_t links, const char *says)
{
	struct group b = group_empty(3, NODE_B);
	struct caplog_diag diag = { 0, "" };
	struct caplog_image i;

	assert_int_not_equal(group_restore_chain(&b, link, links, &right.image[3], &diag), 0);
	if (!strstr(diag.text, says))
		fail_msg("\"%s\" does not say \"%s\"", diag.text, says);
	assert_int_equal(b.node->targets, 0);
	group_free(&b);
	caplog_image_begin(&i, NULL, 0);
	assert_int_not_equal(caplog_merge(link, links, &i, &diag), CAPLOG_ENOSPC);
	if (!strstr(diag.text, says))
		fail_msg("merged: \"%s\" does not say \"%s\"", diag.text, says);
}

static void test_missing_and_swapped(void **state)
{
	struct caplog_image_link all[CAPLOG_CHAIN_MAX], link[CAPLOG_CHAIN_MAX + 1];
	uint32_t const links = t_links(&right, all);

	(void)state;
	for (uint32_t missing = 0; missing < links; missing++) {
		uint32_t n = 0;

		for (uint32_t i = 0; i < links; i++)
			if (i != missing)
				link[n++] = all[i];
		if (missing && missing < links - 1)
			t_refused(link, n, "but the one before it is the child of");
		else if (missing)
			t_refused(link, n, "which is missing");
	}
	for (uint32_t i = 0; i < links; i++)
		for (uint32_t j = 0; j < i; j++) {
			memcpy(link, all, sizeof all);
			link[i] = all[j];
			link[j] = all[i];
			t_refused(link, links, j == 0 && i == links - 1 ? "is whole" : "image");
			link[j] = all[j]; /* given twice */
			t_refused(link, links, "but the one before it is the child of");
		}
	link[0] = all[links - 1];
	link[1] = all[0];
	t_refused(link, 2, "image 0 of the chain is whole: leave out those that follow it");
	t_refused(link, 0, "1 to 64 images");
	t_refused(link, CAPLOG_CHAIN_MAX + 1, "1 to 64 images");
}

static void test_truncated_and_altered(void **state)
{
	struct caplog_image_link link[CAPLOG_CHAIN_MAX];
	struct t_random r = t_seed("altered chains");
	uint32_t const links = t_links(&right, link);

	(void)state;
	for (unsigned turn = 0; turn < t_turns(400); turn++) {
		uint32_t const which = t_below(&r, links);
		struct caplog_image_link const before = link[which];
		uint8_t *bytes = malloc(before.size);
		char number[40] = "image";

		memcpy(bytes, before.data, before.size);
		link[which].data = bytes;
		if (t_chance(&r, 30))
			link[which].size = t_below(&r, (uint32_t)before.size);
		else
			bytes[t_below(&r, (uint32_t)before.size)] ^= (uint8_t)(1u << t_below(&r, 8));
		if (which)
			snprintf(number, sizeof number, "image %u of the chain: ", which);
		t_refused(link, links, number);
		link[which] = before;
		free(bytes);
	}
}

/* Hashes and checksums are right, and the pages are not all there */
static void test_pages_that_nobody_has(void **state)
{
	struct caplog_image_link link[CAPLOG_CHAIN_MAX];
	uint32_t const links = t_links(&right, link);
	struct caplog_image_header *h;
	struct caplog_pages_walk walk;
	const struct caplog_pages *p;
	uint8_t *bytes = malloc(link[0].size);

	(void)state;
	memcpy(bytes, link[0].data, link[0].size);
	link[0].data = bytes;
	h = (void *)bytes;
	caplog_pages_begin(&walk, bytes, h->size, 0);
	while ((p = caplog_pages_next(&walk)))
		for (uint64_t page = 0; page < p->count; page++)
			if (caplog_pages_hash(p, page) && !caplog_pages_bytes(p, page))
				bytes[p->hash + 8 * page - bytes] ^= 1;
	struct caplog_image again = { .data = bytes, .capacity = h->size, .size = h->size,
	                              .chunks = h->chunks, .parent = link[1].data,
	                              .parent_size = link[1].size };
	assert_int_equal(caplog_image_commit(&again, CAPLOG_PLATFORM_HOSTED, h->targets, NULL), 0);
	t_refused(link, links, "is not complete, nor in its parent");
	/* and a child that says that it is whole */
	again.parent = NULL;
	assert_int_equal(caplog_image_commit(&again, CAPLOG_PLATFORM_HOSTED, h->targets, NULL), 0);
	t_refused(link, 1, "is not complete, nor in its parent");
	/* of another platform */
	memcpy(bytes, right.image[3].data, right.image[3].size);
	again.parent = link[1].data;
	assert_int_equal(caplog_image_commit(&again, CAPLOG_PLATFORM_GENODE, h->targets, NULL), 0);
	t_refused(link, links, "of another platform");
	free(bytes);
}

static void test_parent_of_another_platform(void **state)
{
	struct group g = group_empty(1, NODE_A);
	struct stored_image parent;
	struct caplog_diag diag = { 0, "" };
	struct caplog_image i;

	(void)state;
	group_start(&g, hosted_scenario_by_name("counter"));
	while (!group_has_logs(&g))
		assert_int_equal(hm_step(g.node), 1);
	assert_int_equal(group_checkpoint(&g, &parent, &diag), 0);
	const struct caplog_image_header *const h = parent.data;
	struct caplog_image again = { .data = parent.data, .capacity = h->size, .size = h->size,
	                              .chunks = h->chunks };
	uint8_t *const bytes = malloc(h->size);

	assert_int_equal(caplog_image_commit(&again, CAPLOG_PLATFORM_GENODE, h->targets, NULL), 0);
	caplog_image_begin(&i, bytes, h->size);
	assert_int_equal(caplog_image_child(&i, parent.data, parent.size, &diag), 0);
	assert_int_equal(caplog_save(&g.platform, g.target, g.count, &i, &diag), CAPLOG_ENOTSUP);
	assert_non_null(strstr(diag.text, "image was written on platform \"genode\""));
	free(bytes);
	image_free(&parent);
	group_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parent_of_another_platform),
		cmocka_unit_test_setup_teardown(test_missing_and_swapped, t_four_images, t_free_images),
		cmocka_unit_test_setup_teardown(test_truncated_and_altered, t_four_images, t_free_images),
		cmocka_unit_test_setup_teardown(test_pages_that_nobody_has, t_four_images, t_free_images),
		cmocka_unit_test(test_every_event),
		cmocka_unit_test(test_lost_bits),
		cmocka_unit_test(test_restored_and_checkpointed_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
