/* SPDX-License-Identifier: BSD-2-Clause */
/* Output files: links, long names, signals; input that is also the output */
#include "t_files.h"

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <time.h>

#include "tool.h"

#define TRACE T_TRACES "rom_filter.rom_filter.trace"

static void assert_content(const char *path, const char *text)
{
	char *data = t_read(path, NULL);

	assert_string_equal(data, text);
	free(data);
}

/* Entries of a directory, hidden ones included */
static unsigned entries_in(const char *path)
{
	DIR *const dir = opendir(path);
	unsigned n = 0;

	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir)); )
		n += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
	closedir(dir);
	return n;
}

static void test_dangling_link_makes_its_target(void **state)
{
	const char *link = t_path("link"), *second = t_path("second"), *target = t_path("target");
	struct caplog_diag diag;
	struct stat st;

	(void)state;
	assert_int_equal(symlink("target", link), 0);
	assert_int_equal(symlink(link, second), 0);
	assert_int_equal(caplog_write_file(second, "one", 3, &diag), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat(second, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat(target, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_content(target, "one");

	assert_int_equal(symlink("loop", t_path("loop")), 0);
	assert_int_equal(caplog_write_file(t_path("loop"), "x", 1, &diag), -ELOOP);
}

static void test_longest_name(void **state)
{
	char path[PATH_MAX];
	struct caplog_diag diag;

	(void)state;
	assert_int_equal(mkdir(t_path("long"), 0700), 0);
	for (unsigned length = NAME_MAX - 20; length <= NAME_MAX; length++) {
		snprintf(path, sizeof path, "%s/%0*d", t_path("long"), (int)length, 0);
		assert_int_equal(caplog_write_file(path, "text", 4, &diag), 0);
		assert_content(path, "text");
		assert_int_equal(caplog_write_file(path, "again", 5, &diag), 0);
		assert_content(path, "again");
		assert_int_equal(unlink(path), 0);
	}
	snprintf(path, sizeof path, "%s/%0*d", t_path("long"), NAME_MAX + 1, 0);
	assert_int_equal(caplog_write_file(path, "x", 1, &diag), -ENAMETOOLONG);
	assert_int_equal(entries_in(t_path("long")), 0);
}

/* Says so when it begins, or when the file was written `before` times */
static void rewrite_for_ever(const char *path, int ready, unsigned before)
{
	static char big[1 << 20];
	struct caplog_diag diag;

	for (unsigned written = 0; ; written++) {
		if (written == before && write(ready, "", 1) != 1)
			_exit(1);
		if (caplog_write_file(path, big, sizeof big, &diag))
			_exit(1);
	}
}

/* Whenever the signal comes: one file, whole, and nothing beside it */
static void test_signals_leave_nothing(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	const char *dir = t_path("signals"), *path = t_path("signals/log");
	struct stat st;

	(void)state;
	assert_int_equal(mkdir(dir, 0700), 0);
	/* whoever started the tests may have had them ignored, and so the children */
	for (unsigned i = 0; i < 3; i++)
		signal(signals[i], SIG_DFL);
	for (unsigned turn = 0; turn < 60; turn++) {
		struct timespec const wait = { 0, 317000 * (long)turn };
		int status, ready[2];
		char byte;

		assert_int_equal(pipe(ready), 0);
		pid_t const pid = fork();
		t_compare(pid, >=, 0);
		if (!pid) {
			alarm(60);
			rewrite_for_ever(path, ready[1], turn % 2 ? 0 : 1);
		}
		close(ready[1]);
		assert_int_equal(read(ready[0], &byte, 1), 1);
		close(ready[0]);
		nanosleep(&wait, NULL);
		assert_int_equal(kill(pid, signals[turn % 3]), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		t_compare(entries_in(dir), <=, 1);
		if (!stat(path, &st))
			assert_int_equal(st.st_size, 1 << 20);
	}
	assert_int_equal(entries_in(dir), 1);
}

/* The output is the input, by whatever name: it is refused, and stays */
static void refuse_same(const char *input, const char *output)
{
	const char *path = t_path("same.trace");
	char *before = t_read(TRACE, NULL);

	t_write_text(path, before);
	struct t_run r = input
	               ? t_tool("import", input, "-o", output)
	               : t_tool_input(path, (const char *const[]){ "import", "-", "-o", output, NULL });
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "is the input");
	assert_content(path, before);
	t_run_free(&r);
	free(before);
}

static void test_output_is_input(void **state)
{
	const char *path = t_path("same.trace");
	char other[PATH_MAX];

	(void)state;
	t_write_text(path, "");
	assert_int_equal(symlink("same.trace", t_path("same.link")), 0);
	assert_int_equal(link(path, t_path("same.hard")), 0);
	snprintf(other, sizeof other, "%s/./same.trace", t_path(""));
	refuse_same(path, path);
	refuse_same(path, t_path("same.link"));
	refuse_same(t_path("same.link"), path);
	refuse_same(path, t_path("same.hard"));
	refuse_same(path, other);
	refuse_same(NULL, path);
	t_expect(0, "import", TRACE, "-o", t_path("other.log"));
}

/* Zeros through a pipe into the tool. \return how many there were when it refused them */
static uint64_t zeros_taken(const char *command)
{
	static const char zeros[4096];
	const char *fifo = t_path("fifo");
	uint64_t taken = 0;
	int status;

	assert_int_equal(mkfifo(fifo, 0600), 0);
	pid_t const pid = fork();
	t_compare(pid, >=, 0);
	if (!pid) {
		struct t_run const r = t_tool(command, fifo);

		_exit(r.status == 2 && strstr(r.err, "zero bytes") ? 0 : 1);
	}
	int const fd = open(fifo, O_WRONLY);
	t_compare(fd, >=, 0);
	for (ssize_t n; (n = write(fd, zeros, sizeof zeros)) > 0 && taken < 1 << 24; )
		taken += (uint64_t)n;
	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(unlink(fifo), 0);
	return taken;
}

/* Zero bytes are no text: refused at once, however many there are */
static void test_zeros_are_refused_at_once(void **state)
{
	static const char *const commands[] = { "import", "show", "stat", "export", "replay" };
	const char *zeros = t_path("zeros");

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	t_write_text(zeros, "");
	assert_int_equal(truncate(zeros, (off_t)1 << 30), 0);
	for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		/* what is read at once, and what a pipe holds */
		t_compare(zeros_taken(commands[i]), <=, 512 * 1024);
		for (unsigned device = 0; device < 2; device++) {
			struct t_run r = t_tool(commands[i], device ? "/dev/zero" : zeros);

			assert_int_equal(r.status, 2);
			t_assert_has(r.err, "zero bytes");
			t_run_free(&r);
		}
	}

	/* a text that never ends its line */
	t_expect(2, "import", "/dev/urandom", "-o", t_path("random.log"));
	t_expect(2, "verify", TRACE, "--space", "/dev/zero");
	t_expect(2, "verify", TRACE, "--space", zeros);
}

static void test_names_never_reach_the_terminal_raw(void **state)
{
	char path[PATH_MAX];

	(void)state;
	snprintf(path, sizeof path, "%s/\x1b]0;title\x07\x1b[31m\x9b" "2J\n", t_path(""));
	struct t_run r = t_tool("show", path);
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "No such file");
	for (const char *at = r.err; at[0] && at[1]; at++)
		assert_in_range(*at, ' ', '~');
	t_run_free(&r);
}

static void assert_no_control(const char *text, const char *command)
{
	for (const char *at = text; *at; at++)
		if ((*at < ' ' && *at != '\n' && *at != '\t') || *at == 0x7f)
			fail_msg("%s: byte 0x%02x in: %s", command, (unsigned char)*at, text);
}

/* Nor where a name of a file is that of a component */
static void test_names_of_components(void **state)
{
	static const char *const commands[] = {
		"show", "stat", "export", "replay", "spec", "graph", "dump"
	};
	const char *const spec = t_path("of.spec"), *const other = T_TRACES "rom_filter.timer.trace";
	char path[PATH_MAX];
	size_t size;
	char *trace = t_read(TRACE, &size);

	(void)state;
	snprintf(path, sizeof path, "%s/\x1b[31m\x07\"\\\xc2\x9b\x9b#\n 2J.trace", t_path(""));
	t_write(path, trace, size);
	free(trace);
	for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		struct t_run r = t_tool(commands[i], path);

		assert_no_control(r.out, commands[i]);
		assert_no_control(r.err, commands[i]);
		t_run_free(&r);
	}
	/* and what is printed is the name that is read: of two they are compared */
	struct t_run r = t_tool("spec", path, other);
	t_write(spec, r.out, r.out_size);
	t_run_free(&r);
	r = t_tool("check", "--spec", spec, path, other);
	assert_int_equal(r.status, 0);
	assert_no_control(r.out, "check");
	t_run_free(&r);
	r = t_tool("import", path, "-o", t_path("of.log"));
	assert_int_equal(r.status, 0);
	assert_no_control(r.err, "import");
	t_run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dangling_link_makes_its_target),
		cmocka_unit_test(test_longest_name),
		cmocka_unit_test(test_signals_leave_nothing),
		cmocka_unit_test(test_output_is_input),
		cmocka_unit_test(test_zeros_are_refused_at_once),
		cmocka_unit_test(test_names_never_reach_the_terminal_raw),
		cmocka_unit_test(test_names_of_components),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
