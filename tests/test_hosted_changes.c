/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An image that changes while it is restored, between any two loads
 *
 * It lies in memory that only caplog_image_take can read: a load anywhere else
 * is a fault. In that function the bytes change after they were checked, so a
 * number that is loaded twice may be another one the second time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "group.h"
#include "t_compare.h"
#include "t_random.h"

void __real_caplog_image_take(void *to, const void *from, uint64_t size);
void __wrap_caplog_image_take(void *to, const void *from, uint64_t size);

/* The image that is being restored */
static struct {
	uint8_t        *bytes;
	uint64_t        size, mapped;
	uint64_t        takes;    /* so far */
	uint64_t        from;     /* number of the take after which bytes change; ~0: never */
	unsigned        one_in;   /* takes that change something, from then on */
	uint64_t        word;     /* offset of a number; 0: none */
	uint64_t        value;    /* that it gets at the take `left` of it */
	unsigned        left;
	struct t_random random;
} t = { .from = ~(uint64_t)0 };

static void t_protect(int protection)
{
	if (mprotect(t.bytes, t.mapped, protection))
		abort();
}

/* What is near is loaded next, or was just loaded */
static void t_change(uint64_t at)
{
	for (unsigned n = 1 + t_below(&t.random, 3); n; n--) {
		uint64_t const near = at + t_below(&t.random, 96);
		static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
		uint8_t *byte = &t.bytes[near < t.size ? near : t.size - 1];

		*byte = t_below(&t.random, 2) ? values[t_below(&t.random, 5)]
		                              : (uint8_t)t_next(&t.random);
	}
}

void __wrap_caplog_image_take(void *to, const void *from, uint64_t size)
{
	uint64_t const at = (uint64_t)((const uint8_t *)from - t.bytes);

	if (!t.bytes || at >= t.size) {
		__real_caplog_image_take(to, from, size);
		return;
	}
	t_compare(size, <=, t.size - at);
	t_protect(PROT_READ | PROT_WRITE);
	if (t.word && at <= t.word && t.word - at < size && t.left && !--t.left)
		memcpy(t.bytes + t.word, &t.value, sizeof t.value);
	if (t.takes >= t.from && !t_below(&t.random, t.one_in))
		t_change(at);
	__real_caplog_image_take(to, from, size);
	if (t.takes >= t.from && !t_below(&t.random, t.one_in))
		t_change(at);
	t.takes++;
	t_protect(PROT_NONE);
}

static struct stored_image t_image(const char *scenario)
{
	struct group g = group_empty(1, 0x1000);
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };

	group_start(&g, hosted_scenario_by_name(scenario));
	for (unsigned i = 0; i < 500 && hm_step(g.node) > 0; i++)
		;
	if (group_checkpoint(&g, &image, &diag))
		fail_msg("%s", diag.text);
	group_free(&g);
	t.size = image.size;
	t.mapped = (image.size + 4095) & ~(uint64_t)4095;
	t.bytes = mmap(NULL, t.mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(t.bytes, MAP_FAILED);
	return image;
}

static int t_restore(const struct stored_image *image)
{
	static const uint8_t unused[sizeof ((struct hm_node *)0)->badge_used];
	struct group g = group_empty(3, 0x5000);
	struct stored_image changing = *image;
	struct caplog_diag diag = { 0, "" };
	int err;

	t_protect(PROT_READ | PROT_WRITE);
	memcpy(t.bytes, image->data, image->size);
	t_protect(PROT_NONE);
	t.takes = 0;
	changing.data = t.bytes;
	if ((err = group_restore(&g, &changing, &diag))) {
		assert_int_not_equal(diag.text[0], 0);
		assert_int_equal(g.node->targets, 0);
		assert_memory_equal(g.node->badge_used, unused, sizeof unused);
	}
	group_free(&g);
	return err;
}

static void t_changes(const char *scenario, unsigned turns)
{
	struct stored_image image = t_image(scenario);
	unsigned refused = 0;

	t.from = ~(uint64_t)0;
	assert_int_equal(t_restore(&image), 0);
	uint64_t const all = t.takes;
	/* the header, and what the checksum goes over: 4096 bytes at a time */
	uint64_t const checked = 1 + (image.size - sizeof(struct caplog_image_header) + 4095) / 4096;

	t_compare(all, >, checked + 100);
	for (unsigned i = 0; i < turns; i++) {
		t.from = checked + t_next(&t.random) % (all - checked);
		t.one_in = 1 + t_below(&t.random, 200);
		refused += t_restore(&image) != 0;
	}
	printf("%s: %u of %u refused\n", scenario, refused, turns);
	t_compare(refused, >, turns / 10);
	t.from = ~(uint64_t)0;
	munmap(t.bytes, t.mapped);
	t.bytes = NULL;
	image_free(&image);
}

static void test_changes_between_any_two_loads(void **state)
{
	(void)state;
	t.random = t_seed("test_changes_between_any_two_loads");
	t_changes("server", (unsigned)t_turns(300));
	t_changes("mailbox", (unsigned)t_turns(300));
}

/* A size that is another one from the n-th time on that it is read: never taken for what was checked */
static void test_size_of_memory_changes(void **state)
{
	struct stored_image image = t_image("server");
	uint64_t size, taken = 0;
	const uint8_t *pages = caplog_image_find(image.data, CAPLOG_CHUNK_PAGES, 0, 1, &size);
	struct caplog_image_pages head;

	(void)state;
	assert_non_null(pages);
	memcpy(&head, pages, sizeof head);
	t.from = ~(uint64_t)0;
	t.word = (uint64_t)(pages - (const uint8_t *)image.data) + offsetof(struct caplog_image_pages, size);
	t.value = head.size - 8; /* as many pages */
	do {
		int err;

		t.left = (unsigned)++taken;
		err = t_restore(&image);
		if (!t.left)
			assert_int_not_equal(err, 0);
		else
			assert_int_equal(err, 0); /* it is not read as often */
	} while (!t.left);
	t_compare(taken, >, 3);
	t.word = 0;
	munmap(t.bytes, t.mapped);
	t.bytes = NULL;
	image_free(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes_between_any_two_loads),
		cmocka_unit_test(test_size_of_memory_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
