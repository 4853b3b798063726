/* SPDX-License-Identifier: BSD-2-Clause */
/* Console captures: one component of several, and lines that are none */
#include "t_import.h"

/* Two components' traces line by line in turn, between other output */
static void write_capture(const char *path, const char *one, const char *two)
{
	char *a = t_read(one, NULL), *b = t_read(two, NULL);
	char *at_a = a, *at_b = b, *line;
	FILE *f = fopen(path, "w");
	unsigned n = 0;

	assert_non_null(f);
	fputs("\x1b[31mGenode\x1b[0m boots\r\n\0binary\n@capital letters\r\n\n", f);
	while (at_a || at_b) {
		int const first = n++ % 2 ? at_a != NULL : at_b == NULL;

		line = strsep(first ? &at_a : &at_b, "\n");
		if (!*line)
			continue;
		fprintf(f, "%s@cap pd=0x%x %s%s\n", n % 3 ? "" : "\x1b[32m", first ? 0x840 : 0x77,
		        line, n % 5 ? "\r" : "\x1b[0m");
		if (n % 7 == 0)
			fprintf(f, "[init] insert_at is not for us pd=0x77\r\n");
		if (n % 11 == 0)
			fprintf(f, "\x1b[2J");
	}
	fclose(f);
	free(a);
	free(b);
}

static void test_capture_of_two(void **state)
{
	const char *one = T_TRACES "rom_filter.rom_filter.trace";
	const char *two = T_TRACES "sig.timer.trace";
	const char *capture = t_path("console");

	(void)state;
	write_capture(capture, one, two);

	char *changes = changes_of(one);
	struct t_run r = t_tool("export", "--pd", "0x840", capture);
	assert_int_equal(r.status, 0);
	assert_string_equal(r.out, changes);
	t_run_free(&r);
	free(changes);

	changes = changes_of(two);
	r = t_tool("export", "--pd", "119", capture);
	assert_int_equal(r.status, 0);
	assert_string_equal(r.out, changes);
	t_run_free(&r);
	free(changes);

	r = t_tool("export", capture);
	assert_int_equal(r.status, 2);
	assert_string_equal(r.out, "");
	t_assert_has(r.err, "choose one with --pd");
	t_assert_has(r.err, "--pd 0x840  450 lines");
	t_assert_has(r.err, "--pd 0x77  915 lines");
	t_run_free(&r);

	r = t_tool("export", "--pd", "0x78", capture);
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "no component pd=0x78");
	t_assert_has(r.err, "--pd 0x840");
	t_run_free(&r);
}

static void refuse_capture(const char *text, const char *pd, const char *where, const char *why)
{
	const char *path = t_path("damaged");
	char place[300];

	t_write_text(path, text);
	struct t_run r = pd ? t_tool("show", path, "--pd", pd) : t_tool("show", path);
	assert_int_equal(r.status, 2);
	assert_string_equal(r.out, "");
	snprintf(place, sizeof place, "caplog: %s:%s: ", path, where);
	t_assert_has(r.err, *where ? place : path);
	t_assert_has(r.err, why);
	t_run_free(&r);
}

#define EVENT(pd) "@cap pd=" pd " insert_at badge=0x840 kcap=0x8000\n"

static void test_control_sequences(void **state)
{
	(void)state;
	/* a colour is nothing, a moved cursor ends the line */
	t_write_text(t_path("coloured"),
	             "\x1b[1;32m@cap pd=0x1 \x1b[0minsert_at badge=0x840 kc\x1b[31map=0x8000\x1b[0m\r\n"
	             "boot\x1b[2J@cap pd=0x1 insert_at badge=0x1 kcap=0x9000\x1b[K\n"
	             "half\r@cap pd=0x1 insert_at badge=0x844 kcap=0xc000\x1b" "7\r\n"
	             "\x1b[");
	struct t_run r = t_tool("export", t_path("coloured"));
	assert_int_equal(r.status, 0);
	assert_string_equal(r.out, "insert_at badge=0x840 kcap=0x8000\n"
	                           "insert_at badge=0x1 kcap=0x9000\n"
	                           "insert_at badge=0x844 kcap=0xc000\n");
	t_run_free(&r);
}

/* Who is there, to choose from */
static void test_labels_to_choose_from(void **state)
{
	(void)state;
	t_write_text(t_path("labels"), "[init -> one] " EVENT("0x1") "[init -> two] " EVENT("0x2")
	             "[init -> two] @cap pd=0x2 insert_at badge=0x1 kcap=0x9000\n");
	struct t_run r = t_tool("export", t_path("labels"));
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "  --pd 0x1  1 lines  init -> one\n  --pd 0x2  2 lines  init -> two\n");
	t_run_free(&r);
}

static void test_damaged_captures(void **state)
{
	(void)state;
	refuse_capture(EVENT("0x1") "noise\n@cap pd=0x1 insert_at badge=0x84\n", NULL, "3",
	               "key kcap is missing");
	refuse_capture(EVENT("0x1") "@cap pd=0x1\n", NULL, "2", "expected pd=0xN EVENT");
	refuse_capture(EVENT("0x1") "@cap p", NULL, "2", "expected pd=0xN");
	refuse_capture(EVENT("0x1") "@cap\n", NULL, "2", "expected pd=0xN");
	refuse_capture("\n@cap pd=0x1z insert_at badge=0x840 kcap=0x8000\n", "0x1", "2",
	               "expected pd=0xN");
	refuse_capture("@cap pd=0x11111111111111111 x\n", NULL, "1", "expected pd=0xN");
	/* unknown to whom a line belongs: it may be the one that matters */
	refuse_capture(EVENT("0x1") EVENT("0x2") "@cap pd= remove\n", "0x1", "3", "expected pd=0xN");
	/* lines of others are theirs */
	t_write_text(t_path("others"), EVENT("0x1") EVENT("0x2") "@cap pd=0x2 garbage\n");
	t_expect(0, "show", "--pd", "0x1", t_path("others"));
	t_expect(2, "show", "--pd", "0x2", t_path("others"));
	/* one component is no question */
	t_write_text(t_path("single"), "noise\n" EVENT("0x1"));
	t_expect(0, "show", t_path("single"));
	refuse_capture("insert_at badge=0x840 kcap=0x8000\n", "0x1", "", "no line has the mark @cap");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_capture_of_two),
		cmocka_unit_test(test_control_sequences),
		cmocka_unit_test(test_labels_to_choose_from),
		cmocka_unit_test(test_damaged_captures),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
