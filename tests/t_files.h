/* SPDX-License-Identifier: BSD-2-Clause */
/* Files, the recorded traces, and the built tool, for tests. Run from the top. */
#ifndef T_FILES_H
#define T_FILES_H

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "t_compare.h"

#define T_TRACES   "tests/data/traces/"
#define T_TRACES26 "tests/data/traces26/" /* of Genode 26.02: --flavour foc-26.02 */

/* Path in a directory of this process, which t_clean removes; stays valid */
static inline const char *t_path(const char *name)
{
	static char dir[512], path[32][640];
	const char *const tmp = getenv("TMPDIR"), *const build = getenv("CAPLOG_BUILD");
	char wanted[640];
	unsigned i = 0;

	if (!*dir) {
		snprintf(dir, sizeof dir, "%s/caplog-test-XXXXXX", tmp ? tmp : build ? build : ".");
		if (!mkdtemp(dir))
			abort();
	}
	snprintf(wanted, sizeof wanted, "%s/%s", dir, name);
	while (i < 32 && *path[i] && strcmp(path[i], wanted))
		i++;
	if (i == 32)
		abort(); /* a test with that many files needs a larger table */
	return strcpy(path[i], wanted);
}

static inline int t_clean(void **state)
{
	char command[700];

	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", t_path(""));
	return system(command) != 0;
}

static inline void t_write(const char *path, const void *data, size_t size)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
}

static inline void t_write_text(const char *path, const char *text)
{
	t_write(path, text, strlen(text));
}

/* Whole file, with a zero after it; free() it */
static inline char *t_read(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	size_t used = 0, room = 4096;
	char *data = malloc(room);

	assert_non_null(f);
	for (;;) {
		assert_non_null(data);
		size_t const n = fread(data + used, 1, room - 1 - used, f);
		used += n;
		if (!n)
			break;
		if (room - 1 == used)
			data = realloc(data, room *= 2);
	}
	fclose(f);
	data[used] = 0;
	if (size)
		*size = used;
	return data;
}

/* Status and output of a run of the tool */
struct t_run {
	int   status;     /* exit status, 256 + signal if it died of one */
	char *out, *err;
	size_t out_size;
};

static inline void t_run_free(struct t_run *r)
{
	free(r->out);
	free(r->err);
}

static inline void t_child(const char *input, const char *out, const char *err, char **argv)
{
	int const in = open(input ? input : "/dev/null", O_RDONLY);
	int const o = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int const e = open(err, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (in < 0 || o < 0 || e < 0 || dup2(in, 0) < 0 || dup2(o, 1) < 0 || dup2(e, 2) < 0)
		_exit(126);
	execv(argv[0], argv);
	_exit(127);
}

/* Run the tool with these arguments (NULL ends them) and this standard input */
static inline struct t_run t_tool_input(const char *input, const char *const *args)
{
	const char *tool = getenv("CAPLOG_TOOL");
	const char *out = t_path("stdout"), *err = t_path("stderr");
	char *argv[24];
	struct t_run r;
	int n = 0, status;

	argv[n++] = strdup(tool ? tool : "build/caplog");
	for (; *args && n < 23; args++)
		argv[n++] = strdup(*args);
	argv[n] = NULL;

	pid_t const pid = fork();
	t_compare(pid, >=, 0);
	if (!pid)
		t_child(input, out, err, argv);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	while (n)
		free(argv[--n]);
	r.status = WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
	r.out = t_read(out, &r.out_size);
	r.err = t_read(err, NULL);
	return r;
}

#define t_tool(...) t_tool_input(NULL, (const char *const[]){ __VA_ARGS__, NULL })

/* Run the tool, expect this exit status, drop the rest */
#define t_expect(expected, ...)                                     \
	do {                                                              \
		struct t_run t_run_ = t_tool(__VA_ARGS__);                      \
		if (t_run_.status != (expected))                                \
			print_message("%s%s", t_run_.out, t_run_.err);                \
		assert_int_equal(t_run_.status, expected);                      \
		t_run_free(&t_run_);                                            \
	} while (0)

static inline void t_assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in: %s", part, text);
}

/* Call f for each trace of a directory; space is NULL for one without */
static inline void t_each_trace_of(const char *dir, unsigned least,
                                   void (*f)(const char *trace, const char *space))
{
	char space[256];
	glob_t g;

	snprintf(space, sizeof space, "%s*.trace", dir);
	assert_int_equal(glob(space, 0, NULL, &g), 0);
	t_compare(g.gl_pathc, >=, least);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		const char *trace = g.gl_pathv[i];

		snprintf(space, sizeof space, "%.*sspace", (int)(strlen(trace) - 5), trace);
		f(trace, access(space, R_OK) ? NULL : space);
	}
	globfree(&g);
}

/* For each recorded trace of Genode 16.08 */
static inline void t_each_trace(void (*f)(const char *trace, const char *space))
{
	t_each_trace_of(T_TRACES, 14, f);
}

/* And of 26.02 */
static inline void t_each_trace26(void (*f)(const char *trace, const char *space))
{
	t_each_trace_of(T_TRACES26, 29, f);
}

#endif
