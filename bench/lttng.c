/* SPDX-License-Identifier: BSD-2-Clause */
/* LTTng-UST's tracepoint with the same payload, in a process with a session of its own */
#include "bench.h"

#include <stdio.h>

const char *bench_lttng_command;

void bench_lttng(void)
{
	double ns[64], ratio[64];
	unsigned const rounds = bench_rounds < 64 ? bench_rounds : 64;
	unsigned n = 0;
	FILE *f = NULL;

	bench_heading("LTTng-UST");
	if (bench_lttng_command)
		f = popen(bench_text("%s %u", bench_lttng_command, rounds), "r");
	while (f && n < rounds && fscanf(f, "%lf", &ns[n]) == 1)
		n++;
	if (f)
		pclose(f);
	if (!n) {
		printf("  left out: needs liblttng-ust-dev when built, lttng-tools when run\n");
		return;
	}
	for (unsigned i = 0; i < n; i++)
		ratio[i] = ns[i] / bench_append_ns();
	struct bench_spread const r = bench_spread_of(ratio, n), each = bench_spread_of(ns, n);
	bench_figure(r, "x", "tracepoint / append one record",
	             bench_text("tracepoint %.1f ns, which includes a time stamp; flight recorder",
	                        each.median));
}
