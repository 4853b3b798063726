/* SPDX-License-Identifier: BSD-2-Clause */
/* caplog diff: each kind of difference, and none where there is none */
#include "t_files.h"

#include <jansson.h>

#define TRACE T_TRACES "rom_filter.rom_filter.trace"

static const char base[] =
	"insert_at badge=0x1 kcap=0x9000\n"
	"insert_at badge=0x840 kcap=0x8000\n"
	"insert_at badge=0x848 kcap=0xc000\n"
	"thread_start badge=0x848 kcap=0xc000 utcb=0x1000 obj=0x2000\n"
	"insert_at badge=0x850 kcap=0xf000\n"
	"thread_start badge=0x850 kcap=0xf000 utcb=0x3000 obj=0x4000\n"
	"insert_map badge=0x900 rcv=0x210000 kcap=0x220000 result=new\n"
	"insert_map badge=0x908 rcv=0x210000 kcap=0x221000 result=new\n"
	"rpc_alloc badge=0x908 kcap=0x221000 ep=0xc000\n"
	"insert_map badge=0x910 rcv=0x210000 kcap=0x222000 result=new\n"
	"irq_attach irq=0x222000 thread=0xc000 label=0x0\n";

/* Write the base with `find` replaced to `name` */
static const char *variant(const char *name, const char *find, const char *replacement)
{
	char text[2048];
	const char *at = strstr(base, find);

	assert_non_null(at);
	snprintf(text, sizeof text, "%.*s%s%s", (int)(at - base), base, replacement,
	         at + strlen(find));
	t_write_text(t_path(name), text);
	return t_path(name);
}

static void expect_diff(const char *b, int status, const char *line, const char *summary)
{
	struct t_run r = t_tool("diff", t_path("base"), b);

	assert_int_equal(r.status, status);
	assert_string_equal(r.err, "");
	if (line)
		t_assert_has(r.out, line);
	if (summary)
		t_assert_has(r.out, summary);
	else
		assert_string_equal(r.out, "");
	t_run_free(&r);
}

static void test_each_change(void **state)
{
	(void)state;
	t_write_text(t_path("base"), base);
	expect_diff(t_path("base"), 0, NULL, NULL);
	expect_diff(variant("b", "insert_map badge=0x900 rcv=0x210000 kcap=0x220000 result=new\n", ""),
	            1, "- 0x220   0x900      received", "0 slots added, 1 slot gone, ");
	expect_diff(variant("b", "irq_attach irq", "insert_map badge=0x918 rcv=0x210000 kcap=0x223000 "
	                    "result=new\nirq_attach irq"),
	            1, "+ 0x223   0x918      received", "1 slot added, 0 slots gone, ");
	expect_diff(variant("b", "badge=0x900", "badge=0xa00"),
	            1, "! 0x220   received   badge 0x900 -> 0xa00", ", 1 slot re-badged");
	expect_diff(variant("b", "ep=0xc000", "ep=0xf000"), 1,
	            "! 0x221   rpc        badge 0x908  bound to the thread of slot 0xc -> 0xf",
	            ", 1 slot rebound, ");
	expect_diff(variant("b", "thread=0xc000", "thread=0xf000"), 1,
	            "! 0x222   irq        badge 0x910  bound to the thread of slot 0xc -> 0xf",
	            ", 1 slot rebound, ");
	expect_diff(variant("b", "label=0x0", "label=0x7"), 1, "label 0x0 -> 0x7", "1 slot rebound");
	expect_diff(variant("b", "rpc_alloc badge=0x908 kcap=0x221000 ep=0xc000\n", ""), 1,
	            "! 0x221   rpc -> received  badge 0x908", "1 slot of another kind");
	/* another life of the slot is no difference */
	expect_diff(variant("b", "irq_attach irq", "remove badge=0x900 kcap=0x220000 mapped=yes\n"
	                    "insert_map badge=0x900 rcv=0x210000 kcap=0x220000 result=new\nirq_attach irq"),
	            0, NULL, NULL);
}

static void test_badges_ignored(void **state)
{
	(void)state;
	t_write_text(t_path("base"), base);
	variant("b", "badge=0x900", "badge=0xa00");
	t_expect(0, "diff", "--ignore-badges", t_path("base"), t_path("b"));
	variant("b", "ep=0xc000", "ep=0xf000");
	t_expect(1, "diff", "--ignore-badges", t_path("base"), t_path("b"));
}

/* A trace is alike the log of it, and differs from all other traces */
static void check_trace(const char *trace, const char *unused)
{
	(void)unused;
	t_expect(0, "import", trace, "-o", t_path("log"));
	t_expect(0, "diff", trace, t_path("log"));
	t_expect(!!strcmp(trace, TRACE), "diff", TRACE, trace);
}

static void test_all_traces(void **state)
{
	(void)state;
	t_each_trace(check_trace);
}

static void test_json(void **state)
{
	(void)state;
	t_write_text(t_path("base"), base);
	struct t_run r = t_tool("diff", "--json", t_path("base"), variant("b", "ep=0xc000", "ep=0xf000"));
	assert_int_equal(r.status, 1);
	json_t *j = json_loads(r.out, 0, NULL);
	assert_true(json_is_false(json_object_get(j, "same")));
	json_t *change = json_array_get(json_object_get(j, "changes"), 0);
	assert_string_equal(json_string_value(json_object_get(change, "slot")), "0x221");
	assert_string_equal(json_string_value(json_object_get(change, "change")), "rebound");
	assert_string_equal(json_string_value(json_object_get(json_object_get(change, "after"),
	                    "entrypoint")), "0xf");
	json_decref(j);
	t_run_free(&r);

	r = t_tool("diff", "--json", t_path("base"), t_path("base"));
	assert_int_equal(r.status, 0);
	j = json_loads(r.out, 0, NULL);
	assert_true(json_is_true(json_object_get(j, "same")));
	assert_int_equal(json_array_size(json_object_get(j, "changes")), 0);
	json_decref(j);
	t_run_free(&r);
}

static void test_trouble(void **state)
{
	(void)state;
	t_expect(2, "diff");
	t_expect(2, "diff", TRACE);
	t_expect(2, "diff", TRACE, TRACE, TRACE);
	t_expect(2, "diff", "-", "-");
	t_expect(2, "diff", TRACE, t_path("missing"));
	t_expect(2, "diff", t_path("missing"), TRACE);
	t_write_text(t_path("bad"), "frobnicate\n");
	struct t_run r = t_tool("diff", TRACE, t_path("bad"));
	assert_int_equal(r.status, 2);
	assert_string_equal(r.out, "");
	t_assert_has(r.err, "bad:1: ");
	t_run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_change),
		cmocka_unit_test(test_badges_ignored),
		cmocka_unit_test(test_all_traces),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_trouble),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
