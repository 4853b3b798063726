/* SPDX-License-Identifier: BSD-2-Clause */
/* What fuzzers of the tool share: an input as a file, and good inputs to hold it against */
#ifndef T_FUZZ_H
#define T_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Also what asks for it is checked no further: a fuzzer has no other way to fail */
static inline void t_must(int holds)
{
	if (!holds)
		abort();
}

/* The path of a file with these bytes; the same file each time */
static inline const char *t_fuzz_file(const uint8_t *data, size_t size)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0) {
		t_must((fd = memfd_create("input", 0)) >= 0);
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	}
	t_must(!ftruncate(fd, 0));
	t_must(pwrite(fd, data, size, 0) == (ssize_t)size);
	return path;
}

#endif
