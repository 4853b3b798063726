/* SPDX-License-Identifier: BSD-2-Clause */
/* The command: help, usage, what it prints. CAPLOG_TOOL names it. */
#include "t_files.h"

#include <jansson.h>

#include "tool.h"

#define TRACE T_TRACES "rom_filter.rom_filter.trace"
#define SPACE T_TRACES "rom_filter.rom_filter.space"

static const char *const commands[] = { "import", "export", "show", "verify", "replay", "stat",
                                      "history" };

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void test_help(void **state)
{
	(void)state;
	struct t_run r = t_tool("--help");
	assert_int_equal(r.status, 0);
	assert_string_equal(r.err, "");
	for (unsigned i = 0; i < COMMANDS; i++) {
		char usage[64];

		t_assert_has(r.out, commands[i]);
		struct t_run own = t_tool(commands[i], "--help");
		assert_int_equal(own.status, 0);
		assert_string_equal(own.err, "");
		snprintf(usage, sizeof usage, "usage: caplog %s ", commands[i]);
		assert_int_equal(strncmp(own.out, usage, strlen(usage)), 0);
		t_assert_has(own.out, "--unsealed");
		t_run_free(&own);
		t_expect(0, commands[i], "-h");
	}
	t_run_free(&r);

	static const char *const version[] = { "--version", "-V" };
	for (unsigned i = 0; i < 2; i++) {
		r = t_tool(version[i]);
		assert_int_equal(r.status, 0);
		t_assert_has(r.out, "caplog "); /* which version: tests/version.sh */
		t_assert_has(r.out, " (log format 1.");
		t_run_free(&r);
	}
}

static void test_help_of_a_command(void **state)
{
	(void)state;
	for (unsigned i = 0; i < COMMANDS; i++) {
		struct t_run x = t_tool("help", commands[i]), y = t_tool(commands[i], "--help");

		assert_int_equal(x.status, 0);
		assert_string_equal(x.out, y.out);
		for (const char *line = x.out; *line; line += strcspn(line, "\n"), line += *line != 0)
			t_compare(strcspn(line, "\n"), <, 80);
		t_run_free(&x);
		t_run_free(&y);
	}
	struct t_run r = t_tool("help", "frobnicate");
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "unknown command \"frobnicate\"");
	t_run_free(&r);
}

/* Names of files and damaged lines cannot drive the reader's terminal */
static void test_messages_are_safe(void **state)
{
	(void)state;
	struct t_run r = t_tool("show", "\033]0;title\007x\302\233y");
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "caplog: \\x1b]0;title\\x07x\\xc2\\x9by: No such file");
	t_run_free(&r);

	r = t_tool("show", "--\033[31m", "x");
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "unknown option \"--\\x1b[31m\"");
	t_run_free(&r);

	t_write_text(t_path("control"), "insert_at badge=\0010x840 kcap=0x8000\n");
	r = t_tool("show", t_path("control"));
	assert_int_equal(r.status, 2);
	assert_null(strchr(r.err, 1));
	t_run_free(&r);
}

static void usage_error(const char *const *args, const char *why)
{
	struct t_run r = t_tool_input(NULL, args);

	assert_int_equal(r.status, 2);
	assert_string_equal(r.out, "");
	t_assert_has(r.err, why);
	t_run_free(&r);
}

#define USAGE_ERROR(why, ...) usage_error((const char *const[]){ __VA_ARGS__, NULL }, why)

static void test_usage(void **state)
{
	static const char *const nothing[] = { NULL };

	(void)state;
	usage_error(nothing, "usage: caplog COMMAND");
	USAGE_ERROR("unknown command \"frobnicate\"", "frobnicate");
	for (unsigned i = 0; i < COMMANDS; i++) {
		USAGE_ERROR("FILE is missing", commands[i]);
		USAGE_ERROR("\"b\" is one too many", commands[i], "a", "b");
		USAGE_ERROR("unknown option \"--frob\"", commands[i], "--frob", "a");
		USAGE_ERROR("unknown option \"-z\"", commands[i], "-z", "a");
		USAGE_ERROR("option \"--pd\" needs a value", commands[i], TRACE, "--pd");
		USAGE_ERROR("--pd \"x\" is not a number", commands[i], TRACE, "--pd", "x");
		USAGE_ERROR("--word \"5\"", commands[i], TRACE, "--word", "5");
		USAGE_ERROR("unknown flavour \"foc-1.0\"", commands[i], TRACE, "--flavour", "foc-1.0");
		USAGE_ERROR("unknown flavour", commands[i], TRACE, "--flavour", "foc-16.08aaaaaaaaaaa");
	}
	/* of letters in one word, the one that is wrong */
	USAGE_ERROR("unknown option \"-x\"", "show", "-xj", TRACE);
	USAGE_ERROR("unknown option \"-x\"", "show", "-jx", TRACE);
	USAGE_ERROR("option \"-o\" needs a value", "import", TRACE, "-o");
	USAGE_ERROR("--space SPACE is missing", "verify", TRACE);
	USAGE_ERROR("cannot both be standard input", "verify", "-", "--space", "-");
}

/* A wrong name is answered with those that there are */
static void test_flavours_are_named(void **state)
{
	size_t count;
	const struct caplog_flavour *const all = caplog_flavours(&count);
	struct t_run r = t_tool("show", TRACE, "--flavour", "foc-1.0");

	(void)state;
	for (size_t i = 0; i < count; i++)
		t_assert_has(r.err, all[i].name);
	t_run_free(&r);
}

static void test_show(void **state)
{
	(void)state;
	struct t_run r = t_tool("show", TRACE);
	assert_int_equal(r.status, 0);
	t_assert_has(r.out, "\n0x8     0x840      parent          1\n");
	t_assert_has(r.out, "\n0xc     0xa98      thread          1  utcb=0x48000400 object=0x106fbf8\n");
	t_assert_has(r.out, "\n0x213   0xb80      rpc             1  entrypoint=0xc  exit handler\n");
	t_assert_has(r.out, "\n0x218   0x6e0      irq             1  thread=0xf label=0x0  signal semaphore\n");
	t_assert_has(r.out, "\n0x219   0xce0      tombstone       1  stale  entrypoint=0xc  constructor\n");
	t_assert_has(r.out, "\n0x22a   0xcf0      received       11\n");
	t_assert_has(r.out, "\nlive=34 tombstones=1 stale=0\n");
	t_run_free(&r);

	r = t_tool("show", "--json", TRACE);
	assert_int_equal(r.status, 0);
	json_t *j = json_loads(r.out, 0, NULL);
	assert_int_equal(json_array_size(json_object_get(j, "slots")), 35);
	assert_int_equal(json_integer_value(json_object_get(j, "live")), 34);
	assert_true(json_is_true(json_object_get(j, "complete")));
	json_decref(j);
	t_run_free(&r);
}

static void test_stat(void **state)
{
	(void)state;
	t_expect(0, "import", T_TRACES "sig.test-signal.trace", "-o", t_path("sig"), "--size", "64K");
	struct t_run r = t_tool("stat", "--json", t_path("sig"));
	assert_int_equal(r.status, 0);
	json_t *j = json_loads(r.out, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(j, "events")), 4692);
	assert_int_equal(json_integer_value(json_object_get(j, "windows")), 8421);
	assert_int_equal(json_integer_value(json_object_get(j, "known")), 1);
	json_int_t const records = json_integer_value(json_object_get(j, "records"));
	json_int_t const kept = json_integer_value(json_object_get(j, "kept"));
	t_compare(kept, <, records);
	assert_int_equal(json_integer_value(json_object_get(j, "overwritten")), records - kept);
	assert_int_equal(json_integer_value(json_object_get(j, "ring_turns")),
	                 records / json_integer_value(json_object_get(j, "ring_records")));
	t_compare(json_integer_value(json_object_get(j, "most_lives")), >, 10);
	json_decref(j);
	t_run_free(&r);

	r = t_tool("stat", TRACE);
	assert_int_equal(r.status, 0);
	t_assert_has(r.out, "  rpc_alloc    5\n");
	t_assert_has(r.out, "54 lives in 37 slots, at most 11 in slot 0x22a");
	t_run_free(&r);
}

/* What could not be written is an error */
static void test_full_device(void **state)
{
	static const char *const printing[] = { "export", "show", "show --json", "stat",
	                                        "stat --json", "replay", "replay --json", "import",
	                                        "verify --space " SPACE, "history --slot 0x213",
	                                        "history --json --slot 0x213" };
	const char *tool = getenv("CAPLOG_TOOL");
	char line[512];

	(void)state;
	for (unsigned i = 0; i < sizeof printing / sizeof printing[0]; i++) {
		snprintf(line, sizeof line, "'%s' %s " TRACE " >/dev/full 2>'%s'",
		         tool ? tool : "build/caplog", printing[i], t_path("full"));
		int const status = system(line);
		char *err = t_read(t_path("full"), NULL);

		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 2);
		t_assert_has(err, "standard output: No space left");
		free(err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_help_of_a_command),
		cmocka_unit_test(test_messages_are_safe),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_flavours_are_named),
		cmocka_unit_test(test_show),
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_full_device),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
