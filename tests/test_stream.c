/* SPDX-License-Identifier: BSD-2-Clause */
/* Long inputs: bounded memory, progress on terminals only, ends of pipes */
#include "t_files.h"
#include "t_random.h"

#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include "tool.h"

#define TRACE T_TRACES "sig.test-signal.trace"

enum { MIB = 1 << 20 };

/* Write a trace again and again, until `lines` are out or the reader is gone */
static void write_lines(int fd, const char *text, size_t size, uint64_t lines, unsigned pause_ms)
{
	struct timespec const wait = { pause_ms / 1000, (long)(pause_ms % 1000) * 1000000 };
	uint64_t each = 0;

	for (size_t i = 0; i < size; i++)
		each += text[i] == '\n';
	for (uint64_t done = 0; done < lines; done += each) {
		for (size_t at = 0; at < size; ) {
			ssize_t const n = write(fd, text + at, size - at);
			if (n <= 0)
				_exit(0);
			at += (size_t)n;
		}
		if (pause_ms)
			nanosleep(&wait, NULL);
	}
	_exit(0);
}

/* \return read end of a pipe that brings these lines */
static int lines_from_pipe(uint64_t lines, unsigned pause_ms, pid_t *writer)
{
	size_t size;
	char *text = t_read(TRACE, &size);
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	*writer = fork();
	t_compare(*writer, >=, 0);
	if (!*writer) {
		close(ends[0]);
		write_lines(ends[1], text, size, lines, pause_ms);
	}
	close(ends[1]);
	free(text);
	return ends[0];
}

static pid_t begin(const char *const *args, int in, int out, int err, rlim_t memory)
{
	const char *tool = getenv("CAPLOG_TOOL");
	struct rlimit const limit = { memory, memory };
	pid_t const pid = fork();

	t_compare(pid, >=, 0);
	if (pid)
		return pid;
	if (in >= 0)
		dup2(in, 0);
	dup2(out, 1);
	dup2(err, 2);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	signal(SIGPIPE, SIG_DFL);
	if (memory)
		setrlimit(RLIMIT_AS, &limit);
	execv(tool ? tool : "build/caplog", (char *const *)(uintptr_t)args);
	_exit(127);
}

static int status_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

static void test_memory_does_not_grow(void **state)
{
	const char *log = t_path("long.log"), *err = t_path("long.err");
	const char *const args[] = { "caplog", "import", "-s", "256K", "-", "-o", log, NULL };
	uint64_t const lines = 200000 * t_turns(10);
	int const e = open(err, O_WRONLY | O_CREAT, 0600);
	pid_t writer;
	int const in = lines_from_pipe(lines, 0, &writer);
	rlim_t memory = 64 * MIB;
	struct stat st;

	(void)state;
#ifdef __SANITIZE_ADDRESS__
	memory = 0; /* the sanitizer takes terabytes of address space */
#endif
	assert_int_equal(status_of(begin(args, in, e, e, memory)), 0);
	close(in);
	close(e);
	assert_int_equal(status_of(writer), 0);
	assert_int_equal(stat(log, &st), 0);
	t_compare(st.st_size, <=, 256 * 1024);

	struct t_run r = t_tool("show", log);
	assert_int_equal(r.status, 0);
	t_assert_has(r.out, "live=");
	t_run_free(&r);
	char *text = t_read(err, NULL);
	t_assert_has(text, "size=262144");
	assert_null(strchr(text, '\r')); /* no progress in files */
	free(text);
}

static void test_progress_on_terminals(void **state)
{
	const char *const args[] = { "caplog", "import", "-s", "256K", "-", "-o", t_path("slow.log"),
	                             NULL };
	int const master = posix_openpt(O_RDWR | O_NOCTTY);
	char name[64], text[65536] = "";
	size_t size = 0;
	pid_t writer;
	int const in = lines_from_pipe(400000, 200, &writer);

	(void)state;
	t_compare(master, >=, 0);
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	assert_int_equal(ptsname_r(master, name, sizeof name), 0);
	int const slave = open(name, O_RDWR | O_NOCTTY);
	pid_t const pid = begin(args, in, slave, slave, 0);
	close(slave);
	close(in);
	for (ssize_t n; size < sizeof text - 1 &&
	     (n = read(master, text + size, sizeof text - 1 - size)) > 0; size += (size_t)n)
		;
	text[size] = 0;
	assert_int_equal(status_of(pid), 0);
	status_of(writer);
	close(master);
	t_assert_has(text, "\r");
	t_assert_has(text, " MiB read, ");
	/* it is gone before anything else is printed */
	t_assert_has(text, "\r\033[K");
	t_assert_has(text, "caplog:");
}

/* The reader goes away: the command ends, silently or with an error, and not by a crash */
static void test_closed_pipes(void **state)
{
	static const char *const commands[][6] = {
		{ "caplog", "show", TRACE, NULL }, { "caplog", "show", "--json", TRACE, NULL },
		{ "caplog", "export", TRACE, NULL }, { "caplog", "replay", "--json", TRACE, NULL },
		{ "caplog", "stat", TRACE, NULL }, { "caplog", "import", TRACE, NULL },
		{ "caplog", "follow", TRACE, NULL }
	};

	(void)state;
	for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		int out[2];

		assert_int_equal(pipe(out), 0);
		close(out[0]);
		int const e = open("/dev/null", O_WRONLY);
		int const status = status_of(begin(commands[i], -1, out[1], e, 0));
		if (status != 2)
			assert_int_equal(status, 256 + SIGPIPE);
		close(out[1]);
		close(e);
	}
}

/* Without memory: an error, and no file */
static void test_little_memory(void **state)
{
#ifndef __SANITIZE_ADDRESS__
	const char *const args[] = { "caplog", "import", "-s", "512M", TRACE, "-o", t_path("big.log"),
	                             NULL };
	const char *const all[] = { "caplog", "import", TRACE, "-o", t_path("all.log"), NULL };
	int const e = open(t_path("big.err"), O_WRONLY | O_CREAT, 0600);

	assert_int_equal(status_of(begin(args, -1, e, e, 64 * MIB)), 2);
	assert_int_not_equal(access(t_path("big.log"), F_OK), 0);
	char *text = t_read(t_path("big.err"), NULL);
	t_assert_has(text, "no memory");
	free(text);
	for (rlim_t memory = 4 * MIB; memory < 24 * MIB; memory += MIB / 2) {
		int const status = status_of(begin(all, -1, e, e, memory));

		/* 127 and signals: too little for the program itself to begin */
		if (memory >= 8 * MIB && status != 2)
			assert_int_equal(status, 0);
	}
	close(e);
#endif
	(void)state;
}

static int ignore_pipe(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory_does_not_grow),
		cmocka_unit_test(test_progress_on_terminals),
		cmocka_unit_test(test_closed_pipes),
		cmocka_unit_test(test_little_memory),
	};

	return cmocka_run_group_tests(tests, ignore_pipe, t_clean);
}
