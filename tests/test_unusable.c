/* SPDX-License-Identifier: BSD-2-Clause */
/* Inputs that no command can use, or not wholly; and logs that say the same as their text */
#include "t_files.h"

#include "tool.h"

#define TRACE T_TRACES "rom_filter.rom_filter.trace"
#define SPACE T_TRACES "rom_filter.rom_filter.space"

static const char *const commands[] = { "import", "export", "show", "verify", "replay", "stat",
                                      "history" };

enum { COMMANDS = sizeof commands / sizeof commands[0] };

/* Run a subcommand on a file, with what else it needs */
static struct t_run run_on(const char *command, const char *file, const char *option)
{
	const char *args[8];
	unsigned n = 0;

	args[n++] = command;
	if (option)
		args[n++] = option;
	if (!strcmp(command, "verify")) {
		args[n++] = "--space";
		args[n++] = SPACE;
	}
	if (!strcmp(command, "history")) {
		args[n++] = "--slot";
		args[n++] = "0x213";
	}
	args[n++] = file;
	args[n] = NULL;
	return t_tool_input(NULL, args);
}

/* Every subcommand refuses the file, names it and says why */
static void all_refuse(const char *file, const char *where, const char *why)
{
	char name[320];

	snprintf(name, sizeof name, "caplog: %s%s: ", file, where);
	for (unsigned i = 0; i < COMMANDS; i++) {
		struct t_run r = run_on(commands[i], file, NULL);

		assert_int_equal(r.status, 2);
		assert_string_equal(r.out, "");
		assert_int_equal(strncmp(r.err, name, strlen(name)), 0);
		t_assert_has(r.err, why);
		t_run_free(&r);
	}
}

static void test_unusable_files(void **state)
{
	const char *path;

	(void)state;
	all_refuse(t_path("missing"), "", "No such file");
	all_refuse(T_TRACES, "", "is a directory");

	path = t_path("empty");
	t_write_text(path, "");
	all_refuse(path, "", "is empty");

	path = t_path("huge");
	t_write_text(path, "\x89");
	assert_int_equal(truncate(path, (off_t)CAPLOG_LOG_MAX + 1), 0);
	all_refuse(path, "", "larger than");

	path = t_path("comments");
	t_write_text(path, "# nothing\n\n");
	all_refuse(path, "", "no event");

	path = t_path("unknown");
	t_write_text(path, "# one\ninsert_at badge=0x840 kcap=0x8000\nfrobnicate badge=0x1\n");
	all_refuse(path, ":3", "unknown event \"frobnicate\"");

	/* the console of a system without monitored components */
	path = t_path("console");
	t_write_text(path, "Bender: Hello World.\nGenode 16.08\n[init] starting\n");
	all_refuse(path, ":1", "none has the mark @cap");

	path = t_path("range");
	t_write_text(path, "insert_at badge=0x840 kcap=0x1000000\n");
	all_refuse(path, ":1", "kcap is slot 0x1000");

	path = t_path("zeros");
	t_write(path, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
	all_refuse(path, ":1", "zero bytes");
}

static void test_unusable_logs(void **state)
{
	const char *log = t_path("log"), *bad = t_path("bad");
	size_t size;

	(void)state;
	t_expect(0, "import", TRACE, "-o", log, "--size", "60K");
	char *bytes = t_read(log, &size);

	for (size_t cut = 1; cut < size; cut += cut < 300 ? 13 : 7919) {
		t_write(bad, bytes, cut);
		struct t_run r = run_on("show", bad, NULL);
		assert_int_equal(r.status, 2);
		assert_string_equal(r.out, "");
		t_run_free(&r);
	}
	t_write(bad, bytes, size - 16);
	all_refuse(bad, "", "truncated");
	t_write(bad, bytes, 100);
	all_refuse(bad, "", "truncated");

	bytes[size / 2] ^= 1;
	t_write(bad, bytes, size);
	all_refuse(bad, "", "damaged");
	bytes[size / 2] ^= 1;

	bytes[offsetof(struct caplog_header, major)] = 9;
	t_write(bad, bytes, size);
	all_refuse(bad, "", "version 9.0");
	free(bytes);
}

static void test_copy_of_a_live_log(void **state)
{
	const char *log = t_path("live");
	size_t size;

	(void)state;
	t_expect(0, "import", TRACE, "-o", log);
	char *bytes = t_read(log, &size);
	memset(bytes + offsetof(struct caplog_header, seal), 0, 8);
	t_write(log, bytes, size);
	free(bytes);

	all_refuse(log, "", "--unsealed accepts it");
	for (unsigned i = 1; i < COMMANDS; i++) {
		struct t_run r = run_on(commands[i], log, "--unsealed");
		assert_int_equal(r.status, 0);
		t_run_free(&r);
	}
}

static void test_import_wants_text(void **state)
{
	(void)state;
	t_expect(0, "import", TRACE, "-o", t_path("a.log"));
	struct t_run r = t_tool("import", t_path("a.log"), "-o", t_path("b.log"));
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "is a log already");
	t_run_free(&r);
	r = t_tool("show", t_path("a.log"), "--pd", "1");
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "this is a log of one");
	t_run_free(&r);
}

/* Log and text of one component say the same */
static void test_log_and_text_alike(void **state)
{
	static const char *const alike[] = { "export", "show", "verify", "replay", "stat",
	                                     "history" };

	(void)state;
	t_expect(0, "import", TRACE, "-o", t_path("same.log"));
	for (unsigned i = 0; i < sizeof alike / sizeof alike[0]; i++) {
		struct t_run x = run_on(alike[i], TRACE, NULL);
		struct t_run y = run_on(alike[i], t_path("same.log"), NULL);

		assert_int_equal(x.status, 0);
		assert_int_equal(y.status, 0);
		assert_string_equal(x.out, y.out);
		t_run_free(&x);
		t_run_free(&y);
	}
}

/* A log too small for the slots in use says so, and no command takes it for whole */
static void test_incomplete_log(void **state)
{
	static union { uint64_t align; uint8_t bytes[8192]; } box;
	struct caplog_format format;
	struct caplog_writer w;

	(void)state;
	memset(&format, 0, sizeof format);
	memset(&w, 0, sizeof w);
	format.flavour = caplog_flavours(NULL);
	assert_int_equal(caplog_format(box.bytes, sizeof box, &format), 0);
	assert_int_equal(caplog_writer_attach(&w, box.bytes), 0);
	for (uint32_t i = 0; i < 1000; i++)
		caplog_append(&w, CAPLOG_INSERT_MAP, 0xc00 + i, 8 + 4 * i, 0, 0);
	t_write(t_path("incomplete"), box.bytes, caplog_seal(box.bytes, sizeof box));

	for (unsigned i = 1; i < COMMANDS; i++) {
		struct t_run r = run_on(commands[i], t_path("incomplete"), NULL);
		int const expected = !strcmp(commands[i], "stat") ? 0
		                   : !strcmp(commands[i], "show") || !strcmp(commands[i], "history") ? 1 : 2;

		assert_int_equal(r.status, expected);
		if (expected)
			t_assert_has(r.err, "too small");
		t_run_free(&r);
	}
	t_expect(2, "graph", t_path("incomplete"));
	t_expect(2, "spec", t_path("incomplete"));
}

static void test_bad_spaces(void **state)
{
	static const char *const bad[][3] = {
		{ "slot=0x8 type=gate\nslot=0x9 type=gat\n", ":2", "type is \"gat\"" },
		{ "# x\n\nslot=0x8 type=gate\nslot=0x8 type=gate\n", ":4", "slot 0x8 is listed twice" },
		{ "", "", "is empty" },
		{ "# nothing\n", "", "no line describes a slot" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char name[320];

		t_write_text(t_path("space"), bad[i][0]);
		snprintf(name, sizeof name, "%s%s: ", t_path("space"), bad[i][1]);
		struct t_run r = t_tool("verify", TRACE, "--space", t_path("space"));
		assert_int_equal(r.status, 2);
		assert_string_equal(r.out, "");
		t_assert_has(r.err, name);
		t_assert_has(r.err, bad[i][2]);
		t_run_free(&r);
	}
	t_write(t_path("space"), "slot=0x8\0 type=gate\n", 20);
	t_expect(2, "verify", TRACE, "--space", t_path("space"));
	t_expect(2, "verify", TRACE, "--space", t_path("missing"));
	t_expect(2, "verify", TRACE, "--space", T_TRACES);

	struct t_run r = t_tool_input(SPACE, (const char *const[]){ "verify", TRACE, "--space", "-",
	                                                          NULL });
	assert_int_equal(r.status, 0);
	t_run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unusable_files),
		cmocka_unit_test(test_unusable_logs),
		cmocka_unit_test(test_copy_of_a_live_log),
		cmocka_unit_test(test_import_wants_text),
		cmocka_unit_test(test_log_and_text_alike),
		cmocka_unit_test(test_incomplete_log),
		cmocka_unit_test(test_bad_spaces),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
