/* SPDX-License-Identifier: BSD-2-Clause */
/* Error numbers and messages without libc */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <caplog/diag.h>

/* The numbers are the system's, each is there once and has a meaning */
static void test_numbers(void **state)
{
	static const struct { int number, of_system; const char *text; } all[] = {
#define X(name, number, text) { CAPLOG_##name, -name, text },
		CAPLOG_ERRORS(X)
#undef X
	};
	enum { ALL = sizeof all / sizeof *all };

	(void)state;
	for (unsigned i = 0; i < ALL; i++) {
		assert_int_equal(all[i].number, all[i].of_system);
		assert_string_equal(caplog_error_text(all[i].number), all[i].text);
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(all[i].text, all[j].text);
	}
	assert_string_equal(caplog_error_text(-9999), "failed");
	assert_string_equal(caplog_error_text(0), "failed");
}

static void test_formats(void **state)
{
	struct caplog_diag diag;

	(void)state;
	assert_int_equal(caplog_say(&diag, CAPLOG_EBUSY, "%s %u %x %n %n%%", "slot", (uint32_t)42,
	                            (uint32_t)0xbeef, (uint64_t)7, (uint64_t)1 << 40), CAPLOG_EBUSY);
	assert_int_equal(diag.error, CAPLOG_EBUSY);
	assert_string_equal(diag.text, "slot 42 0xbeef 7 0x10000000000%");
	caplog_say(&diag, 0, "%u %u %x", (uint32_t)0, UINT32_MAX, (uint32_t)0);
	assert_string_equal(diag.text, "0 4294967295 0x0");
	assert_int_equal(caplog_say(NULL, CAPLOG_EINVAL, "%s", "nobody reads this"), CAPLOG_EINVAL);
}

/* What does not fit is cut, and nothing is written after the structure */
static void test_cut(void **state)
{
	struct { struct caplog_diag diag; char after[8]; } box;
	char text[400];

	(void)state;
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = 0;
	for (unsigned length = 150; length < 180; length++) {
		memset(&box, 0x5a, sizeof box);
		text[length] = 0;
		caplog_say(&box.diag, CAPLOG_EINVAL, "%s", text);
		assert_int_equal(strlen(box.diag.text),
		                 length < sizeof box.diag.text ? length : sizeof box.diag.text - 1);
		for (unsigned i = 0; i < sizeof box.after; i++)
			assert_int_equal(box.after[i], 0x5a);
		text[length] = 'x';
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
