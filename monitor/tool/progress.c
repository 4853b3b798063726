/* SPDX-License-Identifier: BSD-2-Clause */
/* Progress of what takes longer than two seconds, on terminals only */
#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#include "input.h"

enum { FIRST_MS = 2000, EACH_MS = 500 };

static uint64_t started, printed; /* milliseconds; 0: not yet */

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000 + 1;
}

void progress(uint64_t bytes, uint64_t total)
{
	uint64_t const now = now_ms();

	if (!started)
		started = now;
	if (now - started < FIRST_MS || (printed && now - printed < EACH_MS) ||
	    !isatty(STDERR_FILENO))
		return;
	printed = now;
	if (total)
		fprintf(stderr, "\r%3" PRIu64 " %% of %" PRIu64 " MiB read, %" PRIu64 " s\033[K",
		        bytes * 100 / total, total >> 20, (now - started) / 1000);
	else
		fprintf(stderr, "\r%" PRIu64 " MiB read, %" PRIu64 " s\033[K", bytes >> 20,
		        (now - started) / 1000);
}

void progress_clear(void)
{
	if (printed)
		fputs("\r\033[K", stderr);
	printed = 0;
	started = 0;
}
