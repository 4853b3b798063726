/* SPDX-License-Identifier: BSD-2-Clause */
/* caplog spec and check: what is described holds, each deviation is found, each error named */
#include "t_files.h"

#include <jansson.h>

#include "t_random.h"

#define TRACE T_TRACES "rom_filter.timer.trace"

/* What of a recorded component a person may write */
static const char base[] =
	"component timer {   # a comment\n"
	"\tflavour foc-16.08\n"
	"\tthread main at 0x9\n"
	"\tthread ep at 0xc\n"
	"\tthread signal at 0xf\n"
	"\tthread worker at 0x12\n"
	"\n"
	"\texit-handler on ep\n"
	"\tsignal-proxy on ep at 0x214\n"
	"\tobjects 5 on ep\n"
	"\tsignal-semaphore on signal\n"
	"\treceived 15..25\n"
	"}\n";

/* Check TRACE against the base with a part replaced */
static struct t_run check(const char *find, const char *replacement)
{
	char text[2048];
	const char *at = strstr(base, find);

	assert_non_null(at);
	snprintf(text, sizeof text, "%.*s%s%s", (int)(at - base), base, replacement,
	         at + strlen(find));
	t_write_text(t_path("spec"), text);
	return t_tool("check", "--spec", t_path("spec"), TRACE);
}

static void holds(const char *find, const char *replacement)
{
	struct t_run r = check(find, replacement);

	if (r.status)
		print_message("%s%s", r.out, r.err);
	assert_int_equal(r.status, 0);
	assert_string_equal(r.out, "1 component, 0 deviations\n");
	t_run_free(&r);
}

/* One deviation, of this line of the spec */
static void deviates(const char *find, const char *replacement, unsigned line, const char *text)
{
	struct t_run r = check(find, replacement);
	char where[800];

	assert_int_equal(r.status, 1);
	snprintf(where, sizeof where, "%s:%u: timer: ", t_path("spec"), line);
	t_assert_has(r.out, where);
	t_assert_has(r.out, text);
	t_assert_has(r.out, "\n1 component, 1 deviation\n");
	t_run_free(&r);
}

static void test_each_statement(void **state)
{
	(void)state;
	holds("", "");
	holds("component timer {", "component \"any name\" {");
	holds("received 15..25", "received 20");
	holds("received 15..25", "received 20..");
	holds("received 15..25", "received any");
	holds("objects 5 on ep", "objects 0x5 on ep");
	holds("signal-semaphore on signal", "irqs 1 on signal");
	holds("flavour foc-16.08", "");
	holds("exit-handler on ep\n", "");
	holds("objects 5 on ep", "objects 3..6 on ep");

	/* a log does not know what the monitor gave */
	struct t_run r = check("received", "given 1 \"LOG session\"\n\treceived");
	assert_int_equal(r.status, 0);
	t_assert_has(r.err, ":12: " TRACE " has no ledger: what \"timer\" was given cannot be judged");
	t_run_free(&r);

	deviates("flavour foc-16.08", "flavour foc-1.0", 1, "flavour: expected foc-1.0, found foc-16.08");
	deviates("worker at 0x12", "worker at 0x12\n\tthread x at 0x15", 7,
	         "thread x: there is no thread in slot 0x15");
	deviates("worker at 0x12", "worker at 0x12\n\tthread x at 0x213", 7,
	         "thread x: slot 0x213 is not a thread's");
	deviates("exit-handler on ep", "exit-handler on worker", 8,
	         "exit-handler on worker: found in slot 0x213, bound to the thread of slot 0xc");
	deviates("at 0x214", "at 0x213", 9, "signal-proxy on ep: found in slot 0x214");
	deviates("exit-handler on ep", "constructor on ep", 8, "constructor on ep: there is none");
	deviates("objects 5", "objects 4", 10,
	         "objects on ep: expected 4, found 5 (0x213 0x214 0x21d 0x220 0x221)");
	deviates("objects 5", "objects 6..", 10, "expected at least 6, found 5");
	deviates("objects 5", "objects 1..4", 10, "expected 1 to 4, found 5");
	deviates("signal-semaphore on signal", "irqs 2 on signal", 11, "irqs on signal: expected 2, found 1");
	deviates("15..25", "21", 12, "received: expected 21, found 20");
}

static void test_what_is_not_mentioned(void **state)
{
	(void)state;
	deviates("\tthread worker at 0x12\n", "", 1, "the thread in slot 0x12 is not in the spec");
	deviates("objects 5 on ep", "", 1, "5 objects on the thread of slot 0xc");
	deviates("signal-semaphore on signal", "", 1, "1 irq on the thread of slot 0xf (0x218)");
	deviates("received 15..25", "", 1, "20 received capabilities, the spec has none");

	holds("\tthread worker at 0x12\n", "\topen\n");
	holds("objects 5 on ep", "open");
	holds("received 15..25", "open");
}

/* What spec prints holds for the file, and for no other */
static void round_trip(const char *trace, const char *unused)
{
	struct t_run spec = t_tool("spec", trace);

	(void)unused;
	assert_int_equal(spec.status, 0);
	assert_string_equal(spec.err, "");
	t_write_text(t_path("spec"), spec.out);
	t_expect(0, "check", "-s", t_path("spec"), trace);
	t_expect(!!strcmp(trace, TRACE), "check", "-s", t_path("spec"), TRACE);

	/* and for the log of it, also if this has no events left */
	t_expect(0, "import", trace, "-s", "60K", "-o", t_path("log"));
	t_expect(0, "check", "-s", t_path("spec"), t_path("log"));

	/* each count that is printed is checked: one more, and it deviates */
	for (char *at = spec.out; (at = strpbrk(at, "0123456789")); at += strspn(at, "0123456789")) {
		char text[4096];

		if (strncmp(at - strlen("objects "), "objects ", 8) && strncmp(at - 5, "irqs ", 5) &&
		    strncmp(at - strlen("received "), "received ", 9))
			continue;
		snprintf(text, sizeof text, "%.*s%d%s", (int)(at - spec.out), spec.out, atoi(at) + 1,
		         at + strspn(at, "0123456789"));
		t_write_text(t_path("more"), text);
		t_expect(1, "check", "-s", t_path("more"), trace);
	}
	t_run_free(&spec);
}

static void test_round_trip_of_each_trace(void **state)
{
	(void)state;
	t_each_trace(round_trip);
}

static void test_group(void **state)
{
	static const char *const a = T_TRACES "rom_filter.init.trace", *const b = TRACE;

	(void)state;
	struct t_run spec = t_tool("spec", a, b);
	t_assert_has(spec.out, "\tholds 2 of \"rom_filter.timer\"\n");
	t_write_text(t_path("spec"), spec.out);
	t_expect(0, "check", "-s", t_path("spec"), a, b);
	t_expect(0, "check", "-s", t_path("spec"), b, a);
	*(strstr(spec.out, "holds 2") + 6) = '3';
	t_write_text(t_path("spec"), spec.out);
	t_run_free(&spec);

	struct t_run r = t_tool("check", "-s", t_path("spec"), a, b);
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, "objects of \"rom_filter.timer\" held: expected 3, found 2\n");
	t_run_free(&r);

	r = t_tool("check", "-s", t_path("spec"), a);
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, "rom_filter.timer: there is no such component");
	t_assert_has(r.err, "cannot be judged");
	t_run_free(&r);

	r = t_tool("check", "-s", t_path("spec"), a, b, T_TRACES "sig.init.trace");
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, "component \"sig.init\" is not in the spec");
	t_run_free(&r);
}

static void test_json(void **state)
{
	(void)state;
	struct t_run r = check("objects 5", "objects 4");
	t_run_free(&r);
	r = t_tool("check", "--json", "-s", t_path("spec"), TRACE);
	assert_int_equal(r.status, 1);
	json_t *j = json_loads(r.out, 0, NULL), *list = json_object_get(j, "deviations");
	assert_true(json_is_false(json_object_get(j, "same")));
	assert_int_equal(json_array_size(list), 1);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 0), "line")), 10);
	json_decref(j);
	t_run_free(&r);
}

static void test_bad_specs(void **state)
{
	static const struct { const char *text, *where, *why; } bad[] = {
		{ "", "", "describes no component" },
		{ "# nothing\n\n", "", "describes no component" },
		{ "thread x at 1\n", ":1", "expected: component NAME {" },
		{ "component x\n{\n", ":1", "expected: component NAME {" },
		{ "component \"x {\n", ":1", "a quote has no end" },
		{ "component \"x\"{\n", ":1", "a blank is missing after a quote" },
		{ "component \"\" {\n}\n", ":1", "a name has 1 to 79 characters" },
		{ "component x {\n", ":2", "component \"x\" of line 1 is not closed by }" },
		{ "component x {\n}\ncomponent x {\n}\n", ":3", "described twice" },
		{ "component x {\nfrobnicate\n}\n", ":2", "unknown statement \"frobnicate\"" },
		{ "component x {\nthread a\n}\n", ":2", "expected: thread NAME at SLOT" },
		{ "component x {\nthread a at b\n}\n", ":2", "\"b\" is not a slot" },
		{ "component x {\nthread a at 0x1000\n}\n", ":2", "\"0x1000\" is not a slot" },
		{ "component x {\nthread a at 9\nthread a at 12\n}\n", ":3", "declared twice" },
		{ "component x {\nobjects 3 on a\n}\n", ":2", "thread \"a\" is not declared above" },
		{ "component x {\nobjects 3\n}\n", ":2", "expected: objects COUNT on THREAD" },
		{ "component x {\nreceived -1\n}\n", ":2", "\"-1\" is not a count" },
		{ "component x {\nreceived 3..2\n}\n", ":2", "\"3..2\" is not a count" },
		{ "component x {\nreceived 99999\n}\n", ":2", "is not a count" },
		{ "component x {\nreceived ..\n}\n", ":2", "is not a count" },
		{ "component x {\nholds 1 on y\n}\n", ":2", "expected: holds COUNT of COMPONENT" },
		{ "component x {\nexit-handler\n}\n", ":2", "expected: exit-handler on THREAD" },
		{ "component x {\ngiven 1\n}\n", ":2", "expected: given COUNT KIND [NAME]" },
		{ "component x {\ngiven 1 \"space ship\"\n}\n", ":2", "\"space ship\" is not a kind" },
		{ "component x {\na b c d e f g h i\n}\n", ":2", "more than 8 words" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char name[800];

		t_write_text(t_path("spec"), bad[i].text);
		struct t_run r = t_tool("check", "-s", t_path("spec"), TRACE);
		snprintf(name, sizeof name, "caplog: %s%s: ", t_path("spec"), bad[i].where);
		assert_int_equal(r.status, 2);
		assert_string_equal(r.out, "");
		t_assert_has(r.err, name);
		t_assert_has(r.err, bad[i].why);
		t_run_free(&r);
	}
	t_write(t_path("spec"), "component x {\n\0}\n", 17);
	t_expect(2, "check", "-s", t_path("spec"), TRACE);
	t_expect(2, "check", "-s", t_path("missing"), TRACE);
	t_expect(2, "check", TRACE);
	t_expect(2, "check", "-s", t_path("spec"));
	t_expect(2, "spec");
}

/* Any bytes for a spec: no crash, and never an exit status of its own */
static void test_damaged_specs(void **state)
{
	struct t_random r = t_seed("test_damaged_specs");

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		char text[sizeof base];

		memcpy(text, base, sizeof base);
		for (unsigned n = 0; n < 4; n++) {
			text[t_below(&r, sizeof base - 1)] = (char)t_below(&r, 256);
		}
		t_write(t_path("spec"), text, sizeof base - 1);
		struct t_run run = t_tool("check", "-s", t_path("spec"), TRACE);
		t_compare(run.status, <=, 2);
		t_run_free(&run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_statement),
		cmocka_unit_test(test_what_is_not_mentioned),
		cmocka_unit_test(test_round_trip_of_each_trace),
		cmocka_unit_test(test_group),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_bad_specs),
		cmocka_unit_test(test_damaged_specs),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
