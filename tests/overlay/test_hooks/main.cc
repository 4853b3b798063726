/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every hook of the overlay, on the hosted kernel
 *
 * One component, whose base library is the overlay, talks to core, to its
 * parent and to a peer. After each step its log is read and compared with the
 * object space that the kernel has, and with the cap map. All that for each
 * dataspace that a parent may give for the log, and for several schedules: each
 * system call and each record is a point at which another thread may run.
 *
 * Not here: kernel_entry.S (test_stub), core's sources (test_core).
 *
 *	test_hooks [first seed [seeds]]
 */
#include "hooks.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct { char const *name; void (*run)(); } const tests[] = {
#define X(name) { #name, test_##name },
	HOOK_TESTS(X)
#undef X
};

static char const *running = "nothing";
static bool        finished;

static void component()
{
	for (auto const &t : tests) {
		running = t.name;
		t.run();
		compare();
	}
	finished = true;
}

/* In a process of its own, since the library's variables are the process's */
static bool run(unsigned long seed, Log log)
{
	pid_t const child = fork();

	if (!child) {
		core_create(seed, log);
		core_run(component);
		if (!finished)
			fprintf(stderr, "'%s' waits for ever\n", running);
		_exit(!finished);
	}
	int status = 0;
	waitpid(child, &status, 0);
	if (status)
		fprintf(stderr, "FAILED: seed %lu, dataspace %d (status %x)\n", seed, log, status);
	return !status;
}

int main(int argc, char **argv)
{
	unsigned long const first = argc > 1 ? strtoul(argv[1], nullptr, 0) : 1;
	unsigned long const seeds = argc > 2 ? strtoul(argv[2], nullptr, 0) : argc > 1 ? 1 : 8;

	for (unsigned long seed = first; seed < first + seeds; seed++)
		for (unsigned log = 0; log < LOGS; log++)
			if (!run(seed, (Log)log))
				return 1;
	printf("%zu tests, %lu schedules, %d dataspaces\n", sizeof(tests)/sizeof(tests[0]), seeds, LOGS);
	return 0;
}
