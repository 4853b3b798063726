/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of object kinds: numbers for good, words that do not overlap, names for messages */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image.h"

#include "t_compare.h"

/* Numbers in images that exist: a change here makes them unreadable */
static const struct { uint32_t number; const char *id; } given[] = {
	{ 0, "UNKNOWN" }, { 1, "GATE" }, { 2, "PARENT" }, { 3, "PD" }, { 4, "CPU" }, { 5, "RAM" },
	{ 6, "REGION_MAP" }, { 7, "REGION_MAP_DS" }, { 8, "DATASPACE" }, { 9, "LOG_DS" },
	{ 10, "TRACE_DS" }, { 11, "BINARY_DS" }, { 12, "ROM" }, { 13, "ROM_DS" }, { 14, "LOG" },
	{ 15, "TIMER" }, { 16, "SOURCE" }, { 17, "SEMAPHORE" }, { 18, "CONTEXT" }, { 19, "THREAD" },
	{ 20, "REGION" }, { 21, "FOREIGN_REGION" }, { 22, "SERVICE" }, { 23, "PEER" },
	{ 24, "SHARED_REGION" }, { 25, "NATIVE_CPU" }, { 26, "THREAD_OBJECT" }
};

static void test_numbers_are_kept(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof given / sizeof given[0]; i++) {
		const struct caplog_object_kind *k = caplog_object_kind(given[i].number);

		if (!k || strcmp(k->id, given[i].id))
			fail_msg("kind %u was %s and is now %s", given[i].number, given[i].id,
			         k ? k->id : "nothing");
	}
}

static void test_numbers_are_unique(void **state)
{
	const struct caplog_object_kind *a, *b;
	uint32_t n = 0;

	(void)state;
	for (; (a = caplog_object_kind_at(n)); n++) {
		assert_ptr_equal(caplog_object_kind(a->number), a);
		t_compare(a->number, <, CAPLOG_OBJECT_NUMBERS);
		assert_true(a->name[0]);
		for (uint32_t m = 0; m < n; m++) {
			b = caplog_object_kind_at(m);
			if (a->number == b->number || !strcmp(a->id, b->id) || !strcmp(a->name, b->name))
				fail_msg("%s and %s share a number or a name", a->id, b->id);
		}
	}
	t_compare(n, >=, sizeof given / sizeof given[0]);
	assert_null(caplog_object_kind(CAPLOG_OBJECT_NUMBERS));
	assert_null(caplog_object_kind(UINT32_MAX));
}

static void test_words_do_not_overlap(void **state)
{
	const struct caplog_object_kind *k;

	(void)state;
	for (uint32_t n = 0; (k = caplog_object_kind_at(n)); n++) {
		uint32_t used = 0;

		t_compare(k->words, >, 0);
		for (uint32_t w = 0; w < k->words; w++) {
			uint32_t const bits = (uint32_t)(((uint64_t)1 << k->word[w].bytes) - 1)
			                      << k->word[w].offset;

			if (used & bits || k->word[w].offset + k->word[w].bytes > 32 ||
			    k->word[w].offset % k->word[w].bytes || !k->word[w].meaning[0])
				fail_msg("%s.%s overlaps, leaves the line or has no meaning", k->id,
				         k->word[w].name);
			used |= bits;
		}
	}
}

static void test_platforms(void **state)
{
	const struct caplog_object_kind *k;

	(void)state;
	assert_string_equal(caplog_platform_name(CAPLOG_PLATFORM_GENODE), "genode");
	assert_string_equal(caplog_platform_name(CAPLOG_PLATFORM_HOSTED), "hosted");
	assert_null(caplog_platform_name(CAPLOG_PLATFORM_COUNT));
	assert_false(caplog_kind_on(CAPLOG_OBJECT_UNKNOWN, CAPLOG_PLATFORM_HOSTED));
	assert_true(caplog_kind_on(CAPLOG_OBJECT_ROM, CAPLOG_PLATFORM_GENODE));
	assert_false(caplog_kind_on(CAPLOG_OBJECT_ROM, CAPLOG_PLATFORM_HOSTED));
	assert_false(caplog_kind_on(CAPLOG_OBJECT_NUMBERS, CAPLOG_PLATFORM_GENODE));
	for (uint32_t n = 0; (k = caplog_object_kind_at(n)); n++)
		t_compare(k->platforms, <, 1u << CAPLOG_PLATFORM_COUNT);
	for (uint32_t p = 0; p < CAPLOG_PLATFORM_COUNT; p++)
		t_compare(strlen(caplog_platform_name(p)), <, CAPLOG_PLATFORM_NAME);
}

/* A line's words can be had by name, and are those that the line is made of */
static void test_words_by_name(void **state)
{
	struct caplog_object o = { .kind = CAPLOG_OBJECT_REGION };

	(void)state;
	o.region.address = 0x1122334455667788;
	o.region.dataspace = 0x99aabbcc;
	o.region.map = 0xddee;
	o.region.executable = 1;
	assert_int_equal(o.words.word[0], 0x1122334455667788);
	assert_int_equal(o.words.word[3], 0x0001ddee99aabbcc);
	assert_int_equal(caplog_kind_carries(CAPLOG_OBJECT_DATASPACE), CAPLOG_CARRIES_MEMORY);
	assert_int_equal(caplog_kind_carries(CAPLOG_OBJECT_CONTEXT), CAPLOG_CARRIES_PENDING);
	assert_int_equal(caplog_kind_carries(CAPLOG_OBJECT_TIMER), CAPLOG_CARRIES_SESSION);
	assert_int_equal(caplog_kind_carries(CAPLOG_OBJECT_NUMBERS), CAPLOG_CARRIES_NOTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_kept),
		cmocka_unit_test(test_numbers_are_unique),
		cmocka_unit_test(test_words_do_not_overlap),
		cmocka_unit_test(test_platforms),
		cmocka_unit_test(test_words_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
