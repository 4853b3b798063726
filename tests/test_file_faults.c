/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each system call of reading and writing a file fails at each of its calls: a
 * file is as it was or as it is to be, and nothing lies beside it; and systems
 * that lack what is used first
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <caplog/file.h>

#include "t_compare.h"

#define LIST(X)                                                                              \
	X(read, ssize_t, (int fd, void *to, size_t n), (fd, to, n))                              \
	X(write, ssize_t, (int fd, const void *from, size_t n), (fd, from, n))                   \
	X(fstat, int, (int fd, struct stat *st), (fd, st))                                       \
	X(fchmod, int, (int fd, mode_t mode), (fd, mode))                                        \
	X(fsync, int, (int fd), (fd))                                                            \
	X(linkat, int, (int a, const char *b, int c, const char *d, int e), (a, b, c, d, e))     \
	X(renameat, int, (int a, const char *b, int c, const char *d), (a, b, c, d))

enum call {
	NO_CALL,
#define X(name, type, parameters, arguments) CALL_##name,
	LIST(X)
#undef X
	CALL_openat, CALLS
};

/* The n-th of these calls fails, and so do all after it if `all` */
static struct {
	enum call call;
	unsigned  left;
	int       error, all;
	int       no_unnamed; /* the file system has no files without a name */
} fault;

static int fails(enum call call)
{
	if (call != fault.call || !fault.left || (--fault.left && !fault.all))
		return 0;
	fault.left += (unsigned)fault.all;
	errno = fault.error;
	return 1;
}

/* Times that a temporary name was given while a signal could have ended the program */
static unsigned in_danger;

static void note_danger(void)
{
	static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	sigset_t held;

	sigprocmask(SIG_BLOCK, NULL, &held);
	for (unsigned i = 0; i < sizeof ending / sizeof ending[0]; i++)
		in_danger += !sigismember(&held, ending[i]);
}

#define X(name, type, parameters, arguments)                         \
	type __real_##name parameters;                                   \
	type __wrap_##name parameters;                                   \
	type __wrap_##name parameters                                    \
	{                                                                \
		if (CALL_##name >= CALL_linkat)                              \
			note_danger();                                           \
		return fails(CALL_##name) ? -1 : __real_##name arguments;    \
	}
LIST(X)
#undef X

int __real_openat(int dir, const char *path, int flags, ...);
int __wrap_openat(int dir, const char *path, int flags, ...);
int __wrap_openat(int dir, const char *path, int flags, ...)
{
	if (fault.no_unnamed && (flags & O_TMPFILE) == O_TMPFILE) {
		errno = EOPNOTSUPP;
		return -1;
	}
	if (flags & O_CREAT)
		note_danger();
	if (fails(CALL_openat))
		return -1;
	return __real_openat(dir, path, flags, 0666);
}

static void t_fault(enum call call, unsigned nth, int error, int all)
{
	fault.call = call;
	fault.left = nth;
	fault.error = error;
	fault.all = all;
	fault.no_unnamed = call == NO_CALL ? 0 : fault.no_unnamed;
}

static char directory[PATH_MAX];

static int t_begin(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(directory, sizeof directory, "%s/faults.XXXXXX", tmp ? tmp : "/tmp");
	return !mkdtemp(directory) || chdir(directory);
}

static int t_end(void **state)
{
	(void)state;
	unlink("file");
	return chdir("/") || rmdir(directory);
}

static void t_file_is(const char *text)
{
	struct caplog_diag diag = { 0, "" };
	uint8_t *data;
	size_t size;

	t_fault(NO_CALL, 0, 0, 0);
	if (caplog_read_file("file", 4096, &data, &size, &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(size, strlen(text));
	assert_memory_equal(data, text, size);
	free(data);
}

static unsigned t_files(void)
{
	DIR *d = opendir(".");
	unsigned n = 0;

	assert_non_null(d);
	for (const struct dirent *e; (e = readdir(d)); )
		n += e->d_name[0] != '.' || strlen(e->d_name) > 2;
	closedir(d);
	return n;
}

static void t_write(const char *text)
{
	struct caplog_diag diag = { 0, "" };

	t_fault(NO_CALL, 0, 0, 0);
	if (caplog_write_file("file", text, strlen(text), &diag))
		fail_msg("%s", diag.text);
}

/* \return error of a write with the fault that is set; the file is one of both */
static int t_try(void)
{
	struct caplog_diag diag = { 0, "" };
	int const err = caplog_write_file("file", "after", 5, &diag);

	t_file_is(err ? "before" : "after");
	assert_int_equal(t_files(), 1);
	if (err)
		assert_int_not_equal(diag.text[0], 0);
	return err;
}

static void test_each_call_of_a_write_fails(void **state)
{
	unsigned failed = 0;

	(void)state;
	for (int named = 0; named < 2; named++)
		for (int call = 1; call < CALLS; call++)
			for (unsigned nth = 1; nth < 5; nth++) {
				t_write("before");
				fault.no_unnamed = named;
				t_fault((enum call)call, nth, EIO, 0);
				failed += t_try() != 0;
			}
	t_compare(failed, >, 5);
	assert_int_equal(in_danger, 0);
}

/* What a full disk says reaches the caller */
static void test_errors_are_passed_on(void **state)
{
	(void)state;
	t_write("before");
	t_fault(CALL_write, 1, ENOSPC, 0);
	assert_int_equal(t_try(), -ENOSPC);
	t_fault(CALL_fchmod, 1, EPERM, 0);
	assert_int_equal(t_try(), -EPERM);
	t_fault(CALL_renameat, 1, EXDEV, 0);
	assert_int_equal(t_try(), -EXDEV);
}

/* No files without a name, as on some file systems; no /proc to give one a name */
static void test_systems_that_lack_something(void **state)
{
	(void)state;
	t_write("before");
	fault.no_unnamed = 1;
	assert_int_equal(t_try(), 0);
	t_write("before");
	t_fault(CALL_linkat, 1, ENOENT, 1);
	assert_int_equal(t_try(), 0);
	/* and a name that is in use, both ways */
	t_write("before");
	t_fault(CALL_linkat, 1, EEXIST, 0);
	assert_int_equal(t_try(), 0);
	t_write("before");
	t_fault(CALL_linkat, 1, EEXIST, 1);
	assert_int_equal(t_try(), 0);
}

/* The first name beside the file is in use, by a directory, which nothing replaces */
static void test_a_name_in_use(void **state)
{
	char name[64];

	(void)state;
	snprintf(name, sizeof name, ".caplog-%ld-0.new", (long)getpid());
	for (int named = 0; named < 2; named++) {
		t_write("before");
		assert_int_equal(mkdir(name, 0700), 0);
		fault.no_unnamed = named;
		assert_int_equal(caplog_write_file("file", "after", 5, NULL), 0);
		assert_int_equal(rmdir(name), 0);
		t_file_is("after");
		assert_int_equal(t_files(), 1);
	}
}

static void test_interrupted(void **state)
{
	(void)state;
	t_write("before");
	t_fault(CALL_write, 1, EINTR, 0);
	assert_int_equal(t_try(), 0);

	struct caplog_diag diag = { 0, "" };
	uint8_t *data;
	size_t size;

	t_fault(CALL_read, 1, EINTR, 0);
	assert_int_equal(caplog_read_file("file", 4096, &data, &size, &diag), 0);
	assert_int_equal(size, 5);
	free(data);
}

static void test_reading_fails(void **state)
{
	struct caplog_diag diag = { 0, "" };
	uint8_t *data;
	size_t size;

	(void)state;
	t_write("before");
	for (unsigned nth = 1; nth < 3; nth++) {
		t_fault(CALL_read, nth, EIO, 0);
		assert_int_equal(caplog_read_file("file", 4096, &data, &size, &diag), -EIO);
	}
	t_fault(CALL_fstat, 1, EIO, 0);
	assert_int_equal(caplog_read_file("file", 4096, &data, &size, &diag), -EIO);
	t_fault(NO_CALL, 0, 0, 0);
	assert_int_equal(caplog_read_file("nothing", 4096, &data, &size, &diag), -ENOENT);
}

static void test_long_names(void **state)
{
	static char path[PATH_MAX + 1];
	struct caplog_diag diag = { 0, "" };

	(void)state;
	memset(path, 'x', PATH_MAX);
	assert_int_equal(caplog_write_file(path, "after", 5, &diag), -ENAMETOOLONG);
	path[PATH_MAX - 1] = 0;
	assert_int_equal(caplog_write_file(path, "after", 5, &diag), -ENAMETOOLONG);
	assert_int_equal(t_files(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_call_of_a_write_fails),
		cmocka_unit_test(test_errors_are_passed_on),
		cmocka_unit_test(test_systems_that_lack_something),
		cmocka_unit_test(test_a_name_in_use),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_reading_fails),
		cmocka_unit_test(test_long_names),
	};
	return cmocka_run_group_tests(tests, t_begin, t_end);
}
