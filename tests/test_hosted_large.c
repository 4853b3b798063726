/* SPDX-License-Identifier: BSD-2-Clause */
/* The largest image: what a restore does grows with its lines and chunks, not with their product */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "group.h"
#include "t_compare.h"
#include "t_large.h"

void __real_caplog_image_take(void *to, const void *from, uint64_t size);
void __wrap_caplog_image_take(void *to, const void *from, uint64_t size);
struct caplog_object *__real_caplog_ledger_by_id(struct caplog_ledger *l, uint64_t id);
struct caplog_object *__wrap_caplog_ledger_by_id(struct caplog_ledger *l, uint64_t id);

static uint64_t takes, taken, questions;

void __wrap_caplog_image_take(void *to, const void *from, uint64_t size)
{
	takes++;
	taken += size;
	__real_caplog_image_take(to, from, size);
}

struct caplog_object *__wrap_caplog_ledger_by_id(struct caplog_ledger *l, uint64_t id)
{
	questions++;
	return __real_caplog_ledger_by_id(l, id);
}

static struct stored_image t_image(uint32_t lines)
{
	struct group g = group_empty(1, 0x1000);
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };
	void *small;

	group_start(&g, hosted_scenario_by_name("counter"));
	for (unsigned i = 0; i < 300 && hm_step(g.node) > 0; i++)
		;
	if (group_checkpoint(&g, &image, &diag))
		fail_msg("%s", diag.text);
	group_free(&g);
	small = image.data;
	image.data = t_large_image(small, lines, &image.size);
	free(small);
	return image;
}

static void t_restore(uint32_t lines)
{
	struct stored_image image = t_image(lines);
	struct group g = { .node = hm_node_create(2, 8, 64 << 20) };
	const struct caplog_image_header *h = image.data;
	struct caplog_diag diag = { 0, "" };
	clock_t begin;

	g.platform = hm_platform(g.node);
	takes = taken = questions = 0;
	begin = clock();
	if (group_restore(&g, &image, &diag))
		fail_msg("%s", diag.text);
	printf("%u lines, %u chunks: %llu copies, %llu look-ups, %.0f ms\n", lines, h->chunks,
	       (unsigned long long)takes, (unsigned long long)questions,
	       (double)(clock() - begin) * 1e3 / CLOCKS_PER_SEC);
	assert_int_equal(g.target[0]->ledger.count, lines);
	/*
	 * Each line once, each chunk's head when it is checked and as each of the
	 * component's six lists and its memory (four times) are found, its element
	 * twice, the bytes twice; of each page its hash and its place as it is
	 * checked, as the chain is, and as it is taken
	 */
	t_compare(takes, <=, 2000 + lines + 16 * (uint64_t)h->chunks + 10 * image.size / 4096);
	t_compare(taken, <=, 3 * image.size);
	t_compare(questions, <=, 2000 + 8 * (uint64_t)lines);
	assert_int_equal(hm_run(g.node, ~0ull), 1);
	group_free(&g);
	image_free(&image);
}

static void test_work_grows_with_the_image(void **state)
{
	(void)state;
	t_restore(1000);
	t_restore(CAPLOG_LEDGER_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_work_grows_with_the_image),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
