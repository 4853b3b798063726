/* SPDX-License-Identifier: BSD-2-Clause */
/* Progress of what takes more than two seconds: on terminals, reading and writing, and nowhere else */
#include "t_files.h"

#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <time.h>

#include "tool.h"

#define TRACE T_TRACES "report_rom.timer.trace"
#define SPACE T_TRACES "report_rom.timer.space"

enum { LATE_MS = 2600, SOON_MS = 2200, TEXT_MAX = 32 << 20 };

/* A run whose standard error is a terminal */
struct seen {
	pid_t  pid;
	int    terminal, input; /* input: -1 or the writing end of its standard input */
	char  *text;
};

static void sleep_ms(unsigned ms)
{
	struct timespec left = { ms / 1000, (long)(ms % 1000) * 1000000 };

	while (nanosleep(&left, &left))
		;
}

/* `out`: NULL: the terminal as well */
static struct seen begin(const char *const *args, const char *out, int feeds)
{
	const char *tool = getenv("CAPLOG_TOOL");
	struct seen s = { .input = -1 };
	int slave, ends[2] = { -1, -1 };

	assert_int_equal(openpty(&s.terminal, &slave, NULL, NULL, NULL), 0);
	if (feeds)
		assert_int_equal(pipe(ends), 0);
	s.pid = fork();
	t_compare(s.pid, >=, 0);
	if (!s.pid) {
		int const o = out ? open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600) : slave;

		setenv("TERM", "xterm", 1);
		if (feeds)
			dup2(ends[0], 0);
		dup2(o, 1);
		dup2(slave, 2);
		for (int fd = 3; fd < 64; fd++)
			close(fd);
		execv(tool ? tool : "build/caplog", (char *const *)(uintptr_t)args);
		_exit(127);
	}
	close(slave);
	if (feeds) {
		close(ends[0]);
		fcntl(ends[1], F_SETFD, FD_CLOEXEC);
		s.input = ends[1];
	}
	return s;
}

/* \return exit status; s->text is all that came to the terminal, for free() */
static int end(struct seen *s)
{
	size_t used = 0;
	int status;

	s->text = malloc(TEXT_MAX);
	assert_non_null(s->text);
	for (ssize_t n; used < TEXT_MAX - 1 &&
	     (n = read(s->terminal, s->text + used, TEXT_MAX - 1 - used)) > 0; used += (size_t)n)
		;
	s->text[used] = 0;
	close(s->terminal);
	assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

/* Wait until something can be read. \return 0 if nothing comes */
static int has_bytes(int fd)
{
	int bytes = 0;

	for (unsigned i = 0; i < 30000 && !bytes; i++) {
		(void)ioctl(fd, FIONREAD, &bytes);
		if (!bytes)
			sleep_ms(1);
	}
	return bytes;
}

/* A log whose export and dump have some megabytes */
static const char *large_log(void)
{
	const char *const trace = t_path("large.trace"), *const log = t_path("large.log");
	FILE *f = fopen(trace, "w");

	assert_non_null(f);
	fputs("insert_at badge=0x1 kcap=0x9000\n", f);
	for (unsigned i = 0; i < 150000; i++)
		fprintf(f, "insert_map badge=0x%x rcv=0x400000 kcap=0x800000 result=new\n"
		        "remove badge=0x%x kcap=0x800000 mapped=yes\n", 0x100 + i % 999, 0x100 + i % 999);
	assert_int_equal(fclose(f), 0);
	t_expect(0, "import", trace, "-o", log);
	return log;
}

/* Every command that waits for its input says so, and takes it away before it prints */
static void test_reading(void **state)
{
	const char *const runs[][8] = {
		{ "caplog", "show", "-", NULL }, { "caplog", "show", "--json", "-", NULL },
		{ "caplog", "export", "-", NULL }, { "caplog", "dump", "-", NULL },
		{ "caplog", "import", "-", "-o", t_path("log"), NULL },
		{ "caplog", "diff", TRACE, "-", NULL },
		{ "caplog", "history", "--slot", "0x213", "-", NULL }, { "caplog", "graph", "-", NULL },
		{ "caplog", "spec", "-", NULL }, { "caplog", "stat", "-", NULL },
		{ "caplog", "verify", "--space", SPACE, "-", NULL }, { "caplog", "replay", "-", NULL },
	};
	enum { RUNS = sizeof runs / sizeof runs[0] };
	size_t trace_size, log_size;
	char *trace = t_read(TRACE, &trace_size), *log;
	struct seen s[RUNS];

	(void)state;
	t_expect(0, "import", TRACE, "-o", t_path("dumped"));
	log = t_read(t_path("dumped"), &log_size);
	for (unsigned i = 0; i < RUNS; i++) {
		int const binary = !strcmp(runs[i][1], "dump");
		const char *at = binary ? log : trace;

		s[i] = begin(runs[i], NULL, 1);
		for (size_t left = binary ? log_size : trace_size; left; ) {
			ssize_t const n = write(s[i].input, at, left);
			t_compare(n, >, 0);
			left -= (size_t)n;
			at += n;
		}
	}
	for (unsigned i = 0; i < RUNS; i++) {
		t_compare(has_bytes(s[i].terminal), !=, 0);
		close(s[i].input);
		int const status = end(&s[i]);
		const char *const first = strstr(s[i].text, " KiB read, ");
		const char *after = first;

		if (status || !first)
			fail_msg("%s: status %d, printed %s", runs[i][1], status, s[i].text);
		for (const char *at = first; at; at = strstr(at + 1, "\033[K"))
			after = at;
		/* gone, and then the output or nothing */
		if (strncmp(after - 1, "\r\033[K", 4) || strchr(after, '\r') == after + 3)
			fail_msg("%s leaves its progress: %s", runs[i][1], s[i].text);
		free(s[i].text);
	}
	free(trace);
	free(log);
}

/* Stop a run when it has begun to write, and let it run on after two seconds: then a tick is due */
static int stop_while_writing(struct seen *s, const char *out)
{
	struct stat st = { 0 };
	int status;

	if (!out)
		(void)has_bytes(s->terminal);
	for (unsigned i = 0; i < 30000 && out && (stat(out, &st) || !st.st_size); i++)
		sleep_ms(1);
	assert_int_equal(kill(s->pid, SIGSTOP), 0);
	assert_int_equal(waitpid(s->pid, &status, WUNTRACED), s->pid);
	if (!WIFSTOPPED(status))
		return 0;
	sleep_ms(SOON_MS);
	assert_int_equal(kill(s->pid, SIGCONT), 0);
	return 1;
}

static void test_writing(void **state)
{
	const char *const log = large_log(), *const out = t_path("out");
	const char *const runs[][6] = {
		{ "caplog", "export", log, NULL }, { "caplog", "dump", log, NULL },
		{ "caplog", "history", "--slot", "0x800", log, NULL },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof runs / sizeof runs[0]; i++) {
		unlink(out);
		struct seen s = begin(runs[i], out, 0);
		int const stopped = stop_while_writing(&s, out);

		t_compare(stopped, ==, 1);
		assert_int_equal(end(&s), 0);
		if (!strstr(s.text, "100 % of ") || !strstr(s.text, " written, ") ||
		    strcmp(s.text + strlen(s.text) - 4, "\r\033[K"))
			fail_msg("%s printed %s", runs[i][1], s.text);
		free(s.text);

		struct t_run quiet = t_tool_input(NULL, &runs[i][1]);
		size_t size;
		char *bytes = t_read(out, &size);
		assert_int_equal(size, quiet.out_size); /* the same bytes as without a terminal */
		assert_memory_equal(bytes, quiet.out, size);
		free(bytes);
		t_run_free(&quiet);
	}
}

/* Between lines that a terminal shows there is none */
static void test_output_on_the_terminal(void **state)
{
	const char *const args[] = { "caplog", "export", large_log(), NULL };
	struct seen s = begin(args, NULL, 0);

	(void)state;
	t_compare(stop_while_writing(&s, NULL), ==, 1);
	assert_int_equal(end(&s), 0);
	t_assert_has(s.text, "insert_map");
	assert_null(strstr(strstr(s.text, "insert"), "\033[K"));
	free(s.text);
}

/* The output goes to a pipe, whose reader may have the terminal: nothing once it has begun */
static void test_pipe(void **state)
{
	const char *const fifo = t_path("fifo");
	const char *const args[] = { "caplog", "export", large_log(), NULL };

	(void)state;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	int const from = open(fifo, O_RDONLY | O_NONBLOCK);
	struct seen s = begin(args, fifo, 0);
	t_compare(has_bytes(from), !=, 0);
	char before[4096];
	int bytes = 0;
	(void)ioctl(s.terminal, FIONREAD, &bytes);
	if (bytes) /* on a machine so slow that it came before the output */
		t_compare(read(s.terminal, before, sizeof before), >, 0);
	sleep_ms(LATE_MS); /* it waits for us in a write */
	fcntl(from, F_SETFL, 0);
	for (char rest[65536]; read(from, rest, sizeof rest) > 0; )
		;
	close(from);
	assert_int_equal(end(&s), 0);
	assert_string_equal(s.text, "");
	free(s.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_writing),
		cmocka_unit_test(test_output_on_the_terminal),
		cmocka_unit_test(test_pipe),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
