/* SPDX-License-Identifier: BSD-2-Clause */
/* Captures as serial lines bring them: as the plain text, or refused with a count */
#include "t_serial.h"

/*
 * Traces in captures
 */

/* What real consoles put around a line, without a byte of it lost */
static void decorate(struct t_random *r, FILE *f, const char *line, unsigned number)
{
	switch (t_below(r, 9)) {
	case 0: fprintf(f, "[%5u.%06u] ", number / 100, number); break;
	case 1: fprintf(f, "[init -> test] "); break;
	case 2: fprintf(f, "2026-11-21T16:%02u:07 ", number % 60); break;
	case 3: fprintf(f, "[init] half a li"); break;
	case 4: fwrite("\0\0\0", 1, 3, f); break;
	case 5: fputs(t_chance(r, 50) ? "\033]0;board\a" : "\033]0;board\033\\", f); break;
	case 6: fprintf(f, "\033(B\033[m"); break;
	case 7: fprintf(f, "core says something \033[32mKernel: "); break;
	default: break;
	}
	for (const char *c = line; *c; c++) {
		if (t_chance(r, 1))
			fputs(t_chance(r, 50) ? "\033[0;32m" : "\033(B", f);
		putc(*c, f);
	}
	if (t_chance(r, 20))
		fputs("\033[0m", f);
	fputs(t_chance(r, 30) ? "\r\n" : t_chance(r, 30) ? "\033[K\n" : "\n", f);
	if (t_chance(r, 10))
		fprintf(f, "Genode 16.08 \033[31mhello\033[0m insert\n\n");
}

static void write_capture(struct t_random *r, const char *trace, const char *path)
{
	char *text = t_read(trace, NULL), line[256];
	FILE *f = fopen(path, "w");
	unsigned n = 0;

	assert_non_null(f);
	if (t_chance(r, 50))
		fputs("\xef\xbb\xbf", f);
	for (char *at = strtok(text, "\n"); at; at = strtok(NULL, "\n")) {
		snprintf(line, sizeof line, "@cap pd=0x840 %s", at);
		decorate(r, f, line, n++);
	}
	fclose(f);
	free(text);
}

static void assert_same_log(const struct tool_log *a, const struct tool_log *b)
{
	assert_int_equal(a->size, b->size);
	assert_memory_equal(a->bytes, b->bytes, a->size);
}

static struct t_random random_;

static void check_decorated(const char *trace, const char *space)
{
	const char *path = t_path("decorated");
	struct tool_log plain, captured;
	struct load_options const o = options();

	(void)space;
	load(&plain, trace);
	for (unsigned turn = 0; turn < 8; turn++) {
		write_capture(&random_, trace, path);
		int const err = log_load(&captured, path, &o);
		assert_int_equal(err, 0);
		assert_same_log(&plain, &captured);
		log_free(&captured);
	}
	log_free(&plain);
}

static void test_decorated_captures_are_the_plain_ones(void **state)
{
	(void)state;
	random_ = t_seed("decorated captures");
	each_trace_of_both(check_decorated);
}

/* Number of lines that are said to be not taken; 0: none */
static unsigned not_taken(const char *err)
{
	const char *at = strstr(err, " cannot be taken: --keep-going");

	while (at && at > err && at[-1] != ':')
		at--;
	return at ? (unsigned)strtoul(at, NULL, 10) : 0;
}

static int is_still_event(const char *line)
{
	struct caplog_line parsed;
	struct caplog_diag diag;
	const char *event = strstr(line, "0x840 ");

	return event && !caplog_parse_line(event + 6, options().flavour, &parsed, &diag);
}

/* One line is cut somewhere, and may have grown together with the next one */
static void test_a_cut_line_is_counted(void **state)
{
	struct t_random r = t_seed("cut lines");
	const char *trace = T_TRACES "rom_filter.rom_filter.trace", *path = t_path("cut");
	char *text = t_read(trace, NULL);
	uint64_t const turns = t_turns(300);
	unsigned lines = 0, refused = 0;

	(void)state;
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	for (uint64_t turn = turns; turn; turn--) {
		unsigned const cut = t_below(&r, lines - 1);
		int const together = t_chance(&r, 50);
		char *copy = strdup(text), line[512];
		FILE *f = fopen(path, "w");
		unsigned n = 0;
		int harmless = 0;

		for (char *at = strtok(copy, "\n"); at; at = strtok(NULL, "\n"), n++) {
			int grown = 0;

			snprintf(line, sizeof line, "@cap pd=0x840 %s", at);
			if (n == cut) {
				line[1 + t_below(&r, (uint32_t)strlen(line) - 1)] = 0;
				/* a shorter number that is still valid cannot be noticed, and what has
				   less than the mark is no line of ours */
				harmless = !strstr(line, "@cap") || (is_still_event(line) && !together);
				grown = together;
			}
			fprintf(f, grown ? "%s" : "%s\n", line);
		}
		fclose(f);
		free(copy);

		struct t_run r1 = t_tool("show", path);
		if (!harmless) {
			assert_int_equal(r1.status, 2);
			assert_int_equal(not_taken(r1.err), 1);
			refused++;

			struct t_run r2 = t_tool("show", "--keep-going", path);
			assert_int_equal(r2.status, 1);
			t_assert_has(r2.err, "1 line is left out");
			t_assert_has(r2.out, "live=");
			t_run_free(&r2);
		}
		t_run_free(&r1);
	}
	t_compare(refused * 3, >, turns);
	free(text);
}

static void exports_as(const char *text, size_t size, const char *expected)
{
	t_write(t_path("given"), text, size);
	struct t_run r = t_tool("export", t_path("given"));
	if (r.status)
		fail_msg("status %d: %s", r.status, r.err);
	assert_string_equal(r.out, expected);
	t_run_free(&r);
}

#define EXPORTS_AS(text, expected) exports_as(text, sizeof(text) - 1, expected)
#define PARENT "insert_at badge=0x840 kcap=0x8000\n"

static void test_what_stands_before_an_event(void **state)
{
	(void)state;
	EXPORTS_AS("[    1.000000] " PARENT, PARENT);
	EXPORTS_AS("[init -> timer] " PARENT, PARENT);
	EXPORTS_AS("16:20:01.123 [init -> timer] " PARENT, PARENT);
	EXPORTS_AS("\xef\xbb\xbf" PARENT, PARENT);
	EXPORTS_AS("\0\0\0" PARENT, PARENT);
	EXPORTS_AS("\033(B\033[0m" PARENT, PARENT);
	EXPORTS_AS("\033]0;minicom\a" PARENT, PARENT);
	EXPORTS_AS("\033]2;title\033\\" PARENT, PARENT);
	EXPORTS_AS("hello wo@cap pd=0x1 " PARENT, PARENT);
	EXPORTS_AS("\0@cap pd=0x1 " PARENT, PARENT);
	EXPORTS_AS("\xef\xbb\xbf@cap pd=0x1 " PARENT, PARENT);
	EXPORTS_AS("[init -> x] @cap pd=0x1 " PARENT "[init -> x] bye\n", PARENT);
	/* output that is an event by chance, before the first mark */
	EXPORTS_AS("remove badge=0x1 kcap=0x9000 mapped=yes\n@cap pd=0x1 " PARENT, PARENT);
}

/* A number that is used again is another component's */
static void test_a_number_used_again(void **state)
{
	(void)state;
	EXPORTS_AS("@cap pd=0x1 insert_at badge=0x1 kcap=0x9000\n@cap pd=0x1 " PARENT
	           "@cap pd=0x1 insert_map badge=0x10 rcv=0x200000 kcap=0x204000 result=new\n"
	           "@cap pd=0x1 insert_at badge=0x1 kcap=0x9000\n@cap pd=0x1 " PARENT,
	           "insert_at badge=0x1 kcap=0x9000\n" PARENT);
	struct t_run r = t_tool("show", t_path("given"));
	assert_int_equal(r.status, 0);
	t_assert_has(r.err, "given:4: pd=0x1 begins again");
	t_run_free(&r);
}

static void refuses(const char *text, size_t size, unsigned lines)
{
	t_write(t_path("given"), text, size);
	struct t_run r = t_tool("export", t_path("given"));
	assert_int_equal(r.status, 2);
	assert_string_equal(r.out, "");
	assert_int_equal(not_taken(r.err), lines);
	t_run_free(&r);
}

#define REFUSES(text, lines) refuses(text, sizeof(text) - 1, lines)

static void test_what_cannot_be_taken_is_counted(void **state)
{
	(void)state;
	REFUSES(PARENT "remove badge=0x4insert_at badge=0x1 kcap=0x9000\n", 1);
	REFUSES(PARENT "remove badge=0x4 insert_at badge=0x1 kcap=0x9000\n", 1);
	REFUSES(PARENT "ins\0ert_at badge=0x1 kcap=0x9000\n", 1);
	REFUSES(PARENT "remove badge=0x4\0insert_at badge=0x1 kcap=0x9000\n", 1);
	REFUSES(PARENT "hello\nworld\n", 2);
	REFUSES("@cap pd=0x1 " PARENT "@cap pd=0x1 remove bad@cap pd=0x1 " PARENT, 1);
	REFUSES("@cap pd=0x1 " PARENT "@ca@cap pd=0x1 " PARENT, 1);
	REFUSES("@cap pd=0x1 " PARENT "@cap pd=0x1 ins\0ert_at badge=0x1 kcap=0x9000\n", 1);
	REFUSES("@cap pd=0x1 " PARENT "@cap pd=0x1 insert_at badge=0x1 kcap=0x9000hello\n@cap\n", 2);
	/* a title without its end */
	REFUSES("@cap pd=0x1 " PARENT "\033]0;@cap pd=0x1 remove badge=0x8\n", 1);
}

static void test_keep_going_leaves_out(void **state)
{
	(void)state;
	t_write_text(t_path("given"), PARENT "remove bad\ninsert_at badge=0x1 kcap=0x9000\nnoise\n");
	struct t_run r = t_tool("export", "--keep-going", t_path("given"));
	assert_int_equal(r.status, 1);
	assert_string_equal(r.out, PARENT "insert_at badge=0x1 kcap=0x9000\n");
	t_assert_has(r.err, "given:2: ");
	t_assert_has(r.err, "given:4: ");
	t_assert_has(r.err, "2 lines are left out");
	t_run_free(&r);

	t_expect(1, "import", "--keep-going", t_path("given"), "-o", t_path("given.log"));
	t_expect(0, "show", t_path("given.log"));
	/* there must be something */
	t_write_text(t_path("given"), "remove bad\n");
	t_expect(2, "export", "--keep-going", t_path("given"));
}


static void test_damaged_captures(void **state)
{
	struct t_random r = t_seed("damaged captures");
	struct load_options o = options();
	size_t size, cut;

	(void)state;
	write_capture(&r, T_TRACES "rom_filter.timer.trace", t_path("whole"));
	char *bytes = t_read(t_path("whole"), &size);
	int const before = be_quiet();
	for (uint64_t turn = t_turns(300); turn; turn--) {
		char *copy = damaged_copy(&r, bytes, size, &cut);
		struct tool_logs logs;

		t_write(t_path("damaged"), copy, cut);
		o.keep_going = t_chance(&r, 70);
		o.size = t_chance(&r, 50) ? 60 * 1024 : 0;
		if (!logs_load(&logs, t_path("damaged"), &o)) {
			t_compare(logs.count, >, 0);
			logs_free(&logs);
		}
		free(copy);
	}
	speak(before);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decorated_captures_are_the_plain_ones),
		cmocka_unit_test(test_a_cut_line_is_counted),
		cmocka_unit_test(test_what_stands_before_an_event),
		cmocka_unit_test(test_a_number_used_again),
		cmocka_unit_test(test_what_cannot_be_taken_is_counted),
		cmocka_unit_test(test_keep_going_leaves_out),
		cmocka_unit_test(test_damaged_captures),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
