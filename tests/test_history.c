/* SPDX-License-Identifier: BSD-2-Clause */
/* caplog history and the filters of caplog show */
#include "t_files.h"

#include <jansson.h>

#include "tool.h"

#define TRACE T_TRACES "rom_filter.rom_filter.trace"

static void test_lives(void **state)
{
	(void)state;
	struct t_run r = t_tool("history", "--slot", "0x219", TRACE);
	assert_int_equal(r.status, 0);
	assert_int_equal(strncmp(r.out, "life 1\n", 7), 0);
	t_assert_has(r.out, "rpc_alloc badge=0xce0 kcap=0x219000 ep=0xc000\n");
	t_assert_has(r.out, "rpc_free badge=0xce0 kcap=0x219000\n");
	t_assert_has(r.out, "stale badge=0xce0 kcap=0x219000\n");
	t_assert_has(r.out, "now: 0x219   0xce0      tombstone  stale  entrypoint=0xc  constructor\n");
	t_assert_has(r.out, "4 events, 1 life begun\n");
	t_run_free(&r);

	r = t_tool("history", "--slot", "0x22a", TRACE);
	t_assert_has(r.out, "\nlife 11\n");
	t_assert_has(r.out, ", 11 lives begun\n");
	t_run_free(&r);

	r = t_tool("history", "--slot", "0x7ff", TRACE);
	assert_int_equal(r.status, 0);
	assert_string_equal(r.out, "slot 0x7ff is empty now\n0 events, 0 lives begun\n");
	t_run_free(&r);
}

static unsigned count_lines(const char *text, const char *part)
{
	unsigned n = 0;

	for (const char *at = text; (at = strstr(at, part)); at++)
		n++;
	return n;
}

/* The histories of all slots together are the events of the trace */
static void test_all_events(void **state)
{
	struct t_run all = t_tool("export", TRACE);
	unsigned const events = count_lines(all.out, "\n");
	unsigned sum = 0;

	(void)state;
	for (unsigned slot = 0; slot < 0x240; slot++) {
		char number[16];

		snprintf(number, sizeof number, "%u", slot);
		struct t_run r = t_tool("history", "--json", "--slot", number, TRACE);
		assert_int_equal(r.status, 0);
		json_t *j = json_loads(r.out, 0, NULL), *list = json_object_get(j, "event_list");
		assert_true(json_is_true(json_object_get(j, "complete")));
		for (size_t i = 0; i < json_array_size(list); i++) {
			char line[160];

			snprintf(line, sizeof line, "%s\n",
			         json_string_value(json_object_get(json_array_get(list, i), "text")));
			t_assert_has(all.out, line);
		}
		sum += (unsigned)json_array_size(list);
		json_decref(j);
		t_run_free(&r);
	}
	assert_int_equal(sum, events);
	t_run_free(&all);
}

static void test_overwritten(void **state)
{
	(void)state;
	t_expect(0, "import", "-s", "64K", "-o", t_path("log"), T_TRACES "sig.test-signal.trace");
	struct t_run r = t_tool("history", "--slot", "0x219", t_path("log"));
	assert_int_equal(r.status, 0);
	t_assert_has(r.out, "believed to be constructor");
	t_assert_has(r.out, " earlier records of all slots overwritten\n");
	t_run_free(&r);
}

static void test_usage(void **state)
{
	static const char *const bad[] = { "x", "0x1000", "-1", "", "4096" };

	(void)state;
	t_expect(2, "history", TRACE);
	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		t_expect(2, "history", "--slot", bad[i], TRACE);
		t_expect(2, "show", "--slot", bad[i], TRACE);
		t_expect(2, "show", "--entrypoint", bad[i], TRACE);
	}
	t_expect(2, "show", "--slot", "5-4", TRACE);
	t_expect(2, "show", "--kind", "gate", TRACE);
	t_expect(2, "show", "--badge", "many", TRACE);
}

/* Number of slots that a filter lets through, and that each of them has `part` */
static unsigned shown(const char *option, const char *value, const char *part)
{
	struct t_run r = t_tool("show", option, value, TRACE);
	char *line, *rest = r.out;
	unsigned n = 0, told;

	assert_int_equal(r.status, 0);
	while ((line = strsep(&rest, "\n")) && *rest) {
		if (strncmp(line, "0x", 2))
			continue;
		t_assert_has(line, part);
		n++;
	}
	assert_int_equal(sscanf(line, "%u slot", &told), 1);
	assert_int_equal(n, told);
	t_assert_has(line, n == 1 ? "1 slot shown of" : " slots shown of");
	t_run_free(&r);
	return n;
}

static void test_filters(void **state)
{
	(void)state;
	assert_int_equal(shown("--slot", "0x213", "0x213  "), 1);
	assert_int_equal(shown("--slot", "0x213-0x214", "rpc"), 2);
	assert_int_equal(shown("--kind", "thread", "thread"), 3);
	assert_int_equal(shown("--kind", "parent", "0x8  "), 1);
	assert_int_equal(shown("--kind", "tombstone", "tombstone"), 1);
	assert_int_equal(shown("--badge", "0xb80", "0xb80"), 1);
	assert_int_equal(shown("--badge", "0xb81", ""), 0);
	assert_int_equal(shown("--entrypoint", "0xc", "entrypoint=0xc"), 5);
	assert_int_equal(shown("--entrypoint", "0xf", "thread=0xf"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lives),
		cmocka_unit_test(test_all_events),
		cmocka_unit_test(test_overwritten),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_filters),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
