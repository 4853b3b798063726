/* SPDX-License-Identifier: BSD-2-Clause */
/* Colour on terminals only, and pipes that are closed early */
#include "t_files.h"

#include <pty.h>

#define A T_TRACES "rom_filter.timer.trace"
#define B T_TRACES "sig.timer.trace"

/* All that a run writes to a terminal; free() it */
static char *on_terminal(const char *variable, const char *value, const char *const *args)
{
	const char *tool = getenv("CAPLOG_TOOL");
	size_t used = 0, room = 1 << 16;
	char *out = malloc(room), *argv[16];
	int terminal, status, n = 0;

	argv[n++] = strdup(tool ? tool : "build/caplog");
	for (; *args; args++)
		argv[n++] = strdup(*args);
	argv[n] = NULL;

	pid_t const pid = forkpty(&terminal, NULL, NULL, NULL);
	t_compare(pid, >=, 0);
	if (!pid) {
		unsetenv("NO_COLOR");
		setenv("TERM", "xterm", 1);
		if (variable)
			setenv(variable, value, 1);
		execv(argv[0], argv);
		_exit(127);
	}
	for (ssize_t got; (got = read(terminal, out + used, room - 1 - used)) > 0; used += (size_t)got)
		t_compare(used + 1, <, room);
	out[used] = 0;
	close(terminal);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	while (n)
		free(argv[--n]);
	return out;
}

static void coloured(int expected, const char *variable, const char *value,
                     const char *const *args)
{
	char *out = on_terminal(variable, value, args);

	t_compare(strlen(out), >, 20);
	if (!!strstr(out, "\033[") != expected)
		fail_msg("%s=%s: %s", variable, value, out);
	free(out);
}

static void test_colour(void **state)
{
	static const char *const runs[][5] = {
		{ "show", A, NULL }, { "diff", A, B, NULL }, { "history", "--slot", "0x213", A, NULL },
		{ "show", "missing", NULL },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof runs / sizeof runs[0]; i++) {
		coloured(1, NULL, NULL, runs[i]);
		coloured(1, "NO_COLOR", "", runs[i]); /* empty means not set */
		coloured(0, "NO_COLOR", "1", runs[i]);
		coloured(0, "TERM", "dumb", runs[i]);

		struct t_run r = t_tool_input(NULL, runs[i]);
		assert_null(strstr(r.out, "\033["));
		assert_null(strstr(r.err, "\033["));
		t_run_free(&r);
	}
}

/* A reader that has seen enough: no message, and the run ends */
static void test_closed_pipe(void **state)
{
	static const char *const runs[] = {
		"show " A, "show --json " A, "history --slot 0x213 " A, "graph " A, "spec " A,
		"diff " A " " B, "export " T_TRACES "sig.test-signal.trace", "stat " A, "help",
		"completion zsh",
	};
	const char *tool = getenv("CAPLOG_TOOL");
	char line[2048];

	(void)state;
	for (unsigned i = 0; i < sizeof runs / sizeof runs[0]; i++) {
		snprintf(line, sizeof line, "'%s' %s 2>'%s' | head -1 >/dev/null",
		         tool ? tool : "build/caplog", runs[i], t_path("err"));
		assert_int_equal(system(line), 0);
		char *err = t_read(t_path("err"), NULL);
		assert_string_equal(err, "");
		free(err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_closed_pipe),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
