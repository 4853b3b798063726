/* SPDX-License-Identifier: BSD-2-Clause */
/* The largest image: what is done grows with its lines and chunks, not with their product */
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
#include "t_large.h"

/* Of the most, each with a badge, a component cannot be captured: badges have 16 bits in steps of 8 */
enum { FEW = 1024, MANY = 4 * FEW, MOST = CAPLOG_LEDGER_MAX };

/* What is measured: a restore, a checkpoint as a child of that image, a restore of both */
enum { RESTORE, CHILD, CHAIN, PARTS };

struct work {
	uint64_t steps;        /* branches of the engine and the library that were taken */
	uint64_t takes, taken; /* loads from the image, and their bytes */
};

static struct work work;

void __real_caplog_image_take(void *to, const void *from, uint64_t size);
void __wrap_caplog_image_take(void *to, const void *from, uint64_t size);

void __wrap_caplog_image_take(void *to, const void *from, uint64_t size)
{
	work.takes++;
	work.taken += size;
	__real_caplog_image_take(to, from, size);
}

/* What was compiled to be counted calls it: rules.mk */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void) { work.steps++; }

static struct stored_image t_image(uint32_t lines)
{
	struct group g = group_empty(1, 0x1000);
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };
	void *small;

	group_start(&g, hosted_scenario_by_name("counter"));
	for (unsigned i = 0; i < 100 && hm_step(g.node) > 0; i++)
		;
	if (group_checkpoint(&g, &image, &diag))
		fail_msg("%s", diag.text);
	group_free(&g);
	small = image.data;
	image.data = t_large_image(small, lines, &image.size);
	free(small);
	return image;
}

static void t_done(struct work *part, const char *what, uint32_t lines)
{
	*part = work;
	printf("%s, %u lines: %llu steps, %llu loads\n", what, lines, (unsigned long long)part->steps,
	       (unsigned long long)part->takes);
}

static struct group t_restore(const struct stored_image *image, struct work *part)
{
	struct group g = { .node = hm_node_create(2, 8, 64 << 20) };
	const struct caplog_image_header *h = image->data;
	struct caplog_diag diag = { 0, "" };

	g.platform = hm_platform(g.node);
	memset(&work, 0, sizeof work);
	if (group_restore(&g, image, &diag))
		fail_msg("%s", diag.text);
	t_done(part, "restore", g.target[0]->ledger.count);
	/*
	 * Each line once, each chunk's head when it is checked and as each of the
	 * component's six lists and its memory (four times) are found, its element
	 * twice, the bytes twice; of each page its hash and its place as it is
	 * checked, as the chain is, and as it is taken
	 */
	t_compare(part->takes, <=, 2000 + g.target[0]->ledger.count + 16 * (uint64_t)h->chunks +
	                           10 * image->size / 4096);
	t_compare(part->taken, <=, 3 * image->size);
	return g;
}

static struct stored_image t_child(struct group *g, const struct stored_image *parent,
                                   struct work *part)
{
	struct stored_image whole, child = { malloc(parent->size), 0, { NULL } };
	struct caplog_diag diag = { 0, "" };
	struct caplog_image i;

	if (group_checkpoint(g, &whole, &diag))
		fail_msg("%s", diag.text);
	caplog_image_begin(&i, child.data, parent->size);
	caplog_image_child_known(&i, parent->data, parent->size);
	memset(&work, 0, sizeof work);
	if (caplog_save(&g->platform, g->target, g->count, &i, &diag))
		fail_msg("%s", diag.text);
	t_done(part, "child", g->target[0]->ledger.count);
	child.size = i.size;
	memcpy(child.trace, whole.trace, sizeof child.trace);
	memset(whole.trace, 0, sizeof whole.trace);
	image_free(&whole);
	group_resume(g);
	return child;
}

static void t_restore_chain(const struct stored_image *child, const struct stored_image *parent,
                            struct work *part)
{
	struct group g = { .node = hm_node_create(3, 0x2000, 64 << 20) };
	struct caplog_image_link const link[] = { { child->data, child->size },
	                                          { parent->data, parent->size } };
	struct caplog_diag diag = { 0, "" };

	g.platform = hm_platform(g.node);
	memset(&work, 0, sizeof work);
	if (group_restore_chain(&g, link, 2, child, &diag))
		fail_msg("%s", diag.text);
	t_done(part, "chain", g.target[0]->ledger.count);
	assert_int_equal(hm_run(g.node, ~0ull), 1);
	group_free(&g);
}

/* So many times the lines and chunks: so many times the work, where their product is that squared */
static void t_grows(const struct work *few, const struct work *more, uint32_t times)
{
	t_compare(few->steps, >=, 50 * FEW);
	t_compare(more->steps, <=, (times + 1) * few->steps);
	t_compare(more->takes, <=, (times + 1) * few->takes);
}

static void test_restore(void **state)
{
	struct stored_image few = t_image(FEW), most = t_image(MOST);
	struct work part[2];
	struct group g = t_restore(&few, &part[0]);

	(void)state;
	group_free(&g);
	g = t_restore(&most, &part[1]);
	assert_int_equal(g.target[0]->ledger.count, MOST);
	t_grows(&part[0], &part[1], MOST / FEW);
	assert_int_equal(hm_run(g.node, ~0ull), 1);
	group_free(&g);
	image_free(&few);
	image_free(&most);
}

static void t_work(uint32_t lines, struct work part[PARTS])
{
	struct stored_image image = t_image(lines), child;
	struct group g = t_restore(&image, &part[RESTORE]);

	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(hm_step(g.node), 1);
	child = t_child(&g, &image, &part[CHILD]);
	t_restore_chain(&child, &image, &part[CHAIN]);
	assert_int_equal(hm_run(g.node, ~0ull), 1);
	group_free(&g);
	image_free(&child);
	image_free(&image);
}

static void test_chain(void **state)
{
	struct work few[PARTS], many[PARTS];

	(void)state;
	t_work(FEW, few);
	t_work(MANY, many);
	for (unsigned i = 0; i < PARTS; i++)
		t_grows(&few[i], &many[i], MANY / FEW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_restore),
		cmocka_unit_test(test_chain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
