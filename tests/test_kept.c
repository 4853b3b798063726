/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers of calls in labels of both widths; the table of kept replies */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <caplog/kept.h>

#include "t_compare.h"
#include "t_random.h"

static void t_same(struct caplog_call got, uint64_t call, int again)
{
	if (got.call != call || got.again != again)
		fail_msg("call %llx again %d, expected %llx again %d", (unsigned long long)got.call,
		         got.again, (unsigned long long)call, again);
}

static void test_labels(void **state)
{
	struct t_random r = t_seed("test_kept");

	(void)state;
	for (unsigned i = 0; i < t_turns(100000); i++) {
		uint32_t const member = 1 + t_below(&r, 0xffff), thread = t_below(&r, 256);
		uint32_t const count = (uint32_t)t_next(&r);
		uint64_t const call = caplog_call_number(member, thread, count);
		int const again = (int)(i & 1);
		uint64_t const wide = caplog_label_64(call, again);
		uint32_t rest = 0xdead;
		uint32_t const narrow = caplog_label_32(call, again, &rest);

		t_compare(call, >, 0);
		t_compare(wide, <, 1ull << 47); /* positive in 48 bits */
		t_compare(narrow, <, 1u << 15); /* positive in 16 bits */
		t_same(caplog_call_64(wide), call, again);
		t_same(caplog_call_32(narrow, rest), call, again);
		assert_int_equal(caplog_caller(call), (uint64_t)member << 8 | thread);
		/* the next call differs, that of another thread too */
		assert_int_not_equal(call, caplog_call_number(member, thread, count + 1));
		assert_int_not_equal(call, caplog_call_number(member, thread ^ 1, count));
	}
}

/* A message that is full: the repeated call has the same digest, and is nobody else's */
static void test_digest(void **state)
{
	unsigned same = 0;

	(void)state;
	for (uint32_t count = 0; count < 5000; count++) {
		uint64_t const call = caplog_call_number(0xfffc, 255, count);
		uint32_t const first = caplog_label_32(call, 0, NULL), again = caplog_label_32(call, 1, NULL);

		t_compare(again, <, 1u << 15);
		t_same(caplog_call_32(first, 77), caplog_call_32(again, 0).call, 0);
		assert_int_equal(caplog_call_32(again, 0).again, 1);
		t_compare(caplog_caller(caplog_call_32(first, 0).call), >, 0xffffffu);
		same += caplog_label_32(caplog_call_number(0xfffc, 254, count), 0, NULL) == first ||
		        caplog_label_32(caplog_call_number(0xfff8, 255, count), 0, NULL) == first;
	}
	assert_int_equal(same, 0);
}

static void test_without_number(void **state)
{
	uint32_t rest = 5;

	(void)state;
	assert_int_equal(caplog_call_number(0, 3, 4), 0);
	assert_int_equal(caplog_label_64(0, 1), 0);
	assert_int_equal(caplog_label_32(0, 1, &rest), 0);
	t_same(caplog_call_64(0), 0, 0);
	t_same(caplog_call_32(0, 5), 0, 0);
}


/* Never 0, and different for what lives at the same time */
static void test_member(void **state)
{
	(void)state;
	for (uint32_t badge = 4; badge < 1u << 18; badge += 4)
		assert_int_equal(caplog_member(badge), badge == 0xffffu << 2 ? 1 : (badge >> 2) + 1);
	for (uint32_t badge = 0xffff000; badge < 0xffff400; badge += 4)
		assert_int_not_equal(caplog_member(badge), caplog_member(badge + 4));
	assert_int_not_equal(caplog_call_number(caplog_member(UINT32_MAX), 0, 0), 0);
}


/*
 * Table
 */

static uint32_t t_keep(struct caplog_kept *k, uint64_t call, enum caplog_kept_was expected)
{
	enum caplog_kept_was was;
	uint32_t const place = caplog_kept_place(k, call, &was);

	assert_int_not_equal(place, CAPLOG_NONE);
	assert_int_equal(was, expected);
	caplog_kept_put(k, place);
	return place;
}

static void test_keep_and_take(void **state)
{
	struct caplog_kept k = { 0 };
	uint64_t const call = caplog_call_number(8, 1, 7), other = caplog_call_number(8, 2, 7);

	(void)state;
	assert_int_equal(caplog_kept_take(&k, call), CAPLOG_NONE);
	uint32_t const place = t_keep(&k, call, CAPLOG_KEPT_FREE);
	assert_int_equal(k.used, 1);
	assert_int_equal(caplog_kept_take(&k, other), CAPLOG_NONE);
	assert_int_equal(caplog_kept_stale(&k, other), CAPLOG_NONE);
	assert_int_equal(caplog_kept_stale(&k, call), CAPLOG_NONE);
	assert_int_equal(caplog_kept_take(&k, call), place);
	/* nobody else gets it meanwhile */
	assert_int_equal(caplog_kept_take(&k, call), CAPLOG_NONE);
	caplog_kept_free(&k, place);
	assert_int_equal(k.used, 0);
	assert_int_equal(caplog_kept_take(&k, call), CAPLOG_NONE);
	/* and then the next one does */
	assert_int_equal(t_keep(&k, other, CAPLOG_KEPT_FREE), place);
}

/* The next call of a caller says that it does not wait for the reply to the one before */
static void test_stale(void **state)
{
	struct caplog_kept k = { 0 };
	uint32_t const place = t_keep(&k, caplog_call_number(8, 1, 7), CAPLOG_KEPT_FREE);

	(void)state;
	assert_int_equal(caplog_kept_take(&k, caplog_call_number(8, 1, 8)), CAPLOG_NONE);
	assert_int_equal(t_keep(&k, caplog_call_number(8, 1, 8), CAPLOG_KEPT_OLDER), place);
	assert_int_equal(k.used, 1);
	assert_int_equal(caplog_kept_stale(&k, caplog_call_number(8, 1, 9)), place);
	caplog_kept_free(&k, place);
	assert_int_equal(k.used, 0);
}

/* Whoever died does not fill it for ever */
static void test_full(void **state)
{
	struct caplog_kept k = { .order = UINT32_MAX - 5 };
	enum caplog_kept_was was;

	(void)state;
	for (uint32_t n = 0; n < 3 * CAPLOG_KEPT; n++)
		assert_int_equal(t_keep(&k, caplog_call_number(4 + 4 * n, 0, 1), n < CAPLOG_KEPT
		                        ? CAPLOG_KEPT_FREE : CAPLOG_KEPT_UNASKED), n % CAPLOG_KEPT);
	assert_int_equal(k.used, CAPLOG_KEPT);
	for (uint32_t n = 0; n < 3 * CAPLOG_KEPT; n++)
		assert_int_equal(caplog_kept_take(&k, caplog_call_number(4 + 4 * n, 0, 1)) != CAPLOG_NONE,
		                 n >= 2 * CAPLOG_KEPT);
	/* all places are being emptied */
	assert_int_equal(caplog_kept_place(&k, caplog_call_number(4, 9, 1), &was), CAPLOG_NONE);
	for (uint32_t n = 0; n < CAPLOG_KEPT; n++)
		caplog_kept_free(&k, n);
	assert_int_equal(k.used, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_without_number),
		cmocka_unit_test(test_member),
		cmocka_unit_test(test_keep_and_take),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_full),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
