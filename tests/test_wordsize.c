/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A 64-bit host reads a 32-bit component's log
 *
 * The core runs as a 32-bit program without a libc (tests/freestanding/start.c)
 * and prints the log it wrote; the same sequence runs here. Both logs must be
 * equal but for the word size. A test is skipped where the machine can neither
 * build nor run such a program, and says so.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "t_log.h"

#include "freestanding/sequence.h"

static struct t_sequence here, there;
static struct caplog_space space_here, space_there;

static const char *directory(void)
{
	static char dir[512];
	const char *build = getenv("CAPLOG_BUILD");

	snprintf(dir, sizeof dir, "%s/wordsize", build ? build : "build");
	return dir;
}

static int setup(void **state)
{
	char command[1024];

	(void)state;
	t_sequence_run(&here, t_flavour());
	snprintf(command, sizeof command, "tests/freestanding.sh '%s' programs", directory());
	return system(command) != 0;
}

/* Run a program, under an emulator if `with` is one. \return 0 if it wrote all */
static int run(const char *with, const char *name)
{
	size_t const want = sizeof there.log + sizeof there.digest;
	char command[1200];
	size_t got;
	FILE *f;

	snprintf(command, sizeof command, "%s '%s/core-%s' 2>/dev/null", with, directory(), name);
	memset(&there, 0, sizeof there);
	f = popen(command, "r");
	assert_non_null(f);
	got = fread(there.log, 1, sizeof there.log, f);
	got += fread(there.digest, 1, sizeof there.digest, f);
	return pclose(f) || got != want;
}

static int installed(const char *program)
{
	char command[100];

	snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", program);
	return system(command) == 0;
}

static void fold(const struct t_sequence *s, struct caplog_space *space, unsigned word_bytes)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;

	if (caplog_reader_open(&r, s->log, sizeof s->log, &diag) ||
	    caplog_reader_update(&r, space, NULL, &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(r.header.word_bytes, word_bytes);
	assert_int_equal(space->word_bytes, word_bytes);
	assert_int_equal(r.header.generation, 7);
}

static void compare(unsigned word_bytes)
{
	struct caplog_header *h = (struct caplog_header *)(void *)there.log;

	fold(&here, &space_here, sizeof(void *));
	fold(&there, &space_there, word_bytes);
	for (uint32_t i = 0; i < CAPLOG_SLOTS_MAX; i++) {
		struct t_slot const a = t_slot_of(&space_here, i), b = t_slot_of(&space_there, i);
		if (memcmp(&a, &b, sizeof a))
			fail_msg("slot 0x%x differs", i);
	}
	assert_memory_equal(here.digest, there.digest, sizeof here.digest);
	h->word_bytes = sizeof(void *);
	assert_memory_equal(here.log, there.log, sizeof here.log);
}

static void compare_with(const char *name, unsigned word_bytes, const char *emulator)
{
	char path[600];

	snprintf(path, sizeof path, "%s/core-%s", directory(), name);
	if (access(path, X_OK)) {
		printf("  %s: skipped, no compiler for it on this machine\n", name);
		skip();
	}
	if (run("", name) == 0) {
		compare(word_bytes);
		return;
	}
	if (*emulator && installed(emulator)) {
		assert_int_equal(run(emulator, name), 0);
		compare(word_bytes);
		return;
	}
	printf("  %s: skipped, this machine runs no such programs%s%s\n", name,
	       *emulator ? " and has no " : "", emulator);
	skip();
}

/* What the sequence does is worth comparing */
static void test_here(void **state)
{
	struct caplog_census n;

	(void)state;
	fold(&here, &space_here, sizeof(void *));
	caplog_space_census(&space_here, &n);
	t_compare(n.live, >, 500);
	t_compare(n.stale, >, 0);
	t_compare(n.kind[CAPLOG_THREAD] + n.kind[CAPLOG_IRQ], >, 0);
}

static void test_x86_64(void **state)
{
	(void)state;
	compare_with("x86_64", 8, "");
}

static void test_i386(void **state)
{
	(void)state;
	compare_with("i386", 4, "qemu-i386");
}

static void test_arm(void **state)
{
	(void)state;
	compare_with("arm", 4, installed("qemu-arm-static") ? "qemu-arm-static" : "qemu-arm");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_here),
		cmocka_unit_test(test_x86_64),
		cmocka_unit_test(test_i386),
		cmocka_unit_test(test_arm),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
