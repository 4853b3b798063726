/* SPDX-License-Identifier: BSD-2-Clause */
/* caplog follow: lines of a file, a pipe and a pseudo terminal, while they come */
#include "t_files.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <termios.h>

#include "tool.h"

#define PARENT "insert_at badge=0x840 kcap=0x8000\n"
#define MAIN   "insert_at badge=0x1 kcap=0x9000\n"

/* A run that is under way */
struct running {
	pid_t pid;
	int   out;
	char  text[65536]; /* printed so far, with what went to standard error */
	size_t size;
};

static void begin_with(struct running *r, const char *option, const char *path, int input)
{
	const char *tool = getenv("CAPLOG_TOOL");
	int out[2];

	r->size = 0;
	r->text[0] = 0;
	assert_int_equal(pipe(out), 0);
	r->pid = fork();
	t_compare(r->pid, >=, 0);
	if (!r->pid) {
		if (input >= 0)
			dup2(input, 0);
		dup2(out[1], 1);
		dup2(out[1], 2);
		close(out[0]);
		close(out[1]);
		for (int fd = 3; fd < 64; fd++)
			close(fd);
		execl(tool ? tool : "build/caplog", "caplog", "follow", path, option, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	r->out = out[0];
}

static void begin(struct running *r, const char *path, int input)
{
	begin_with(r, NULL, path, input);
}

/* Wait until the text is printed; a minute is for machines that do much else */
static void expect(struct running *r, const char *text)
{
	struct pollfd p = { r->out, POLLIN, 0 };

	while (!strstr(r->text, text)) {
		if (poll(&p, 1, 60000) <= 0)
			fail_msg("\"%s\" did not come, but: %s", text, r->text);
		ssize_t const n = read(r->out, r->text + r->size, sizeof r->text - 1 - r->size);
		if (n <= 0)
			fail_msg("\"%s\" did not come before the end: %s", text, r->text);
		r->size += (size_t)n;
		r->text[r->size] = 0;
	}
}

static int end(struct running *r, int signal_number)
{
	int status;

	if (signal_number)
		assert_int_equal(kill(r->pid, signal_number), 0);
	expect(r, "events=");
	for (ssize_t n; r->size < sizeof r->text - 1 &&
	     (n = read(r->out, r->text + r->size, sizeof r->text - 1 - r->size)) > 0; r->size += (size_t)n)
		;
	r->text[r->size] = 0;
	assert_int_equal(waitpid(r->pid, &status, 0), r->pid);
	close(r->out);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void say(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static struct running r;

static void test_growing_file(void **state)
{
	const char *path = t_path("growing");
	int const fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	(void)state;
	begin(&r, path, -1);
	say(fd, PARENT);
	expect(&r, PARENT);
	say(fd, "insert_at badge=0x1");
	say(fd, " kcap=0x9000\nhalf a li");
	expect(&r, MAIN);
	assert_int_equal(end(&r, SIGINT), 0);
	t_assert_has(r.text, "events=2 windows=0 late=0 unmatched=0 live=2 tombstones=0 stale=0\n");
	/* the line that was not complete yet is no line */
	assert_null(strstr(r.text, "half"));

	begin(&r, path, -1);
	expect(&r, MAIN);
	assert_int_equal(ftruncate(fd, 0), 0);
	expect(&r, "truncated");
	say(fd, "insert_at badge=0x844 kcap=0xc000\n");
	expect(&r, "insert_at badge=0x844 kcap=0xc000\n");
	end(&r, SIGTERM);
	close(fd);
}

static void test_pipe(void **state)
{
	int in[2];

	(void)state;
	assert_int_equal(pipe(in), 0);
	begin(&r, "-", in[0]);
	close(in[0]);
	say(in[1], "Genode boots\n[init -> a] @cap pd=0x10 " PARENT);
	expect(&r, "0x10     init -> a " PARENT);
	say(in[1], "@cap pd=0x30 " MAIN "@cap pd=0x30 " PARENT "@cap pd=0x30 " MAIN);
	expect(&r, "0x30     events=2 ");
	say(in[1], "@cap pd=0x20 " PARENT "@cap pd=0x10 " MAIN "@cap pd=0x10 remo\n");
	expect(&r, "0x20     " PARENT);
	close(in[1]);
	assert_int_equal(end(&r, 0), 1); /* one line was cut */
	t_assert_has(r.text, "1 line is left out");
	t_assert_has(r.text, "0x10     init -> a events=2 ");
	t_assert_has(r.text, "0x20     events=1 ");
	t_assert_has(r.text, "0x30     events=1 ");
}

static void test_pipe_of_a_whole_trace(void **state)
{
	const char *trace = T_TRACES "sig.timer.trace";
	int const fd = open(trace, O_RDONLY);
	struct t_run show = t_tool("show", trace);
	struct t_run events = t_tool_input(trace, (const char *const[]){ "export", "-", NULL });
	char *live = strstr(show.out, "live="), *last = events.out + events.out_size - 1;

	(void)state;
	live[strcspn(live, "\n")] = 0;
	while (last > events.out && last[-1] != '\n')
		last--;
	begin(&r, "-", fd);
	/* standard input is a file here, which may grow */
	expect(&r, last);
	end(&r, SIGINT);
	t_assert_has(r.text, live);
	close(fd);
	t_run_free(&events);
	t_run_free(&show);
}

/* With windows and all, what comes out is what went in */
static void test_all_lines(void **state)
{
	const char *trace = T_TRACES "rom_filter.timer.trace";
	char *text = t_read(trace, NULL);
	int in[2];

	(void)state;
	assert_int_equal(pipe(in), 0);
	begin_with(&r, "--all", "-", in[0]);
	close(in[0]);
	say(in[1], text);
	close(in[1]);
	assert_int_equal(end(&r, 0), 0);
	assert_int_equal(strncmp(r.text, text, strlen(text)), 0);
	assert_int_equal(strncmp(r.text + strlen(text), "events=", 7), 0);
	free(text);
}

/* Wait until it has the terminal as it needs it, before a board may write */
static void expect_no_echo(int terminal)
{
	struct termios settings;

	do {
		assert_int_equal(tcgetattr(terminal, &settings), 0);
		sched_yield();
	} while (settings.c_lflag & ECHO);
}

static void test_pseudo_terminal(void **state)
{
	struct termios settings;
	char name[64], echo[16];
	int const master = posix_openpt(O_RDWR | O_NOCTTY);

	(void)state;
	t_compare(master, >=, 0);
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	assert_int_equal(ptsname_r(master, name, sizeof name), 0);
	int const keep = open(name, O_RDWR | O_NOCTTY); /* else its settings are lost */
	assert_int_equal(tcgetattr(keep, &settings), 0);
	assert_true(settings.c_lflag & ECHO);

	begin(&r, name, -1);
	expect_no_echo(keep);
	say(master, "\033[32m@cap pd=0x10 " PARENT);
	expect(&r, PARENT);
	/* nothing goes back to the board */
	assert_int_equal(fcntl(master, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(read(master, echo, sizeof echo), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(end(&r, SIGINT), 0);
	assert_int_equal(tcgetattr(keep, &settings), 0);
	assert_true(settings.c_lflag & ECHO);

	/* the other side goes away */
	begin(&r, name, -1);
	expect_no_echo(keep);
	fcntl(master, F_SETFL, 0);
	say(master, "@cap pd=0x10 " MAIN);
	expect(&r, MAIN);
	close(master);
	assert_int_equal(end(&r, 0), 0);
	close(keep);
}

static void test_signal_while_lines_stream(void **state)
{
	int in[2];

	(void)state;
	assert_int_equal(pipe(in), 0);
	pid_t const writer = fork();
	if (!writer) {
		close(in[0]);
		say(in[1], PARENT);
		for (;;)
			if (write(in[1], "reserve kcap=0x200000 count=0x4\n", 32) != 32)
				_exit(0);
	}
	begin(&r, "-", in[0]);
	expect(&r, PARENT);
	assert_int_equal(end(&r, SIGINT), 0);
	close(in[0]);
	close(in[1]);
	assert_int_equal(waitpid(writer, NULL, 0), writer);
}

static void test_refusals(void **state)
{
	(void)state;
	t_expect(0, "import", T_TRACES "sig.timer.trace", "-o", t_path("log"));
	t_expect(2, "follow", t_path("log"));
	t_expect(2, "follow", t_path("missing"));
	t_expect(2, "follow", "/dev/zero");
	t_expect(2, "follow");
}

/* A signal without a handler would end the tests */
static int ignore_pipe(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growing_file),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_pipe_of_a_whole_trace),
		cmocka_unit_test(test_all_lines),
		cmocka_unit_test(test_pseudo_terminal),
		cmocka_unit_test(test_signal_while_lines_stream),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, ignore_pipe, t_clean);
}
