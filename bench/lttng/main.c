/* SPDX-License-Identifier: BSD-2-Clause */
/* Cost of an enabled tracepoint: prints ns per event, a line a round; see run.sh */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"

enum { EVENTS = 4096, WAIT = 100 };

static void trace(void *ctx)
{
	uint32_t *n = ctx;

	for (uint32_t i = 0; i < EVENTS; i++, ++*n)
		lttng_ust_tracepoint(caplog_bench, append, *n, *n << 16, *n, *n);
}

int main(int argc, char **argv)
{
	unsigned const rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : bench_rounds;
	uint32_t n = 0;
	struct bench_side const side = { trace, NULL, &n, EVENTS };

	bench_pin(0);
	for (unsigned i = 0; !lttng_ust_tracepoint_enabled(caplog_bench, append); i++) {
		if (i == WAIT)
			return 1;
		usleep(50000);
	}
	bench_rounds = 1;
	for (unsigned r = 0; r < rounds; r++)
		printf("%.2f\n", bench_compare(&side, 1).ns[0].median);
	return 0;
}
