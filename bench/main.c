/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * caplog's benchmark: what the library costs, beside what it replaces
 *
 *   bench [--json FILE] [--rounds N] [--only GROUP] [--traces DIR] [--lttng COMMAND]
 *   bench --growth DIR         data for the plots
 *   bench --count NAME LIVE N  run a hot path N times, for callgrind
 */
#include "bench.h"

#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *traces = "tests/data/traces";

static void real_traces(void) { bench_traces(traces); }

static const struct {
	const char *name;
	void (*run)(void);
} groups[] = {
	{ "lookup", bench_lookup },
	{ "insert", bench_insert },
	{ "alloc", bench_alloc },
	{ "traces", real_traces },
	{ "append", bench_append },
	{ "lttng", bench_lttng },
	{ "fold", bench_fold },
	{ "restore", bench_restore },
	{ "checkpoint", bench_checkpoint },
	{ "pages", bench_pages },
	{ "memory", bench_memory }
};

static int usage(void)
{
	fprintf(stderr, "usage: bench [--json FILE] [--rounds N] [--only GROUP] [--traces DIR]\n"
	        "             [--lttng COMMAND]\n"
	        "       bench --growth DIR\n"
	        "       bench --count NAME LIVE N\n");
	return 2;
}

static int run(const char *only, const char *json)
{
	int ran = 0;

	bench_machine();
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
		if (!only || !strcmp(only, groups[i].name)) {
			groups[i].run();
			ran = 1;
		}
	if (!ran)
		return usage();
	printf("\n%d rows below their target\n", bench_failures());
	if (json && bench_write_json(json))
		return 2;
	return bench_failures() != 0;
}

int main(int argc, char **argv)
{
	enum { JSON = 256, ROUNDS, ONLY, TRACES, LTTNG, GROWTH, COUNT };
	static const struct option options[] = {
		{ "json", required_argument, NULL, JSON }, { "rounds", required_argument, NULL, ROUNDS },
		{ "only", required_argument, NULL, ONLY }, { "traces", required_argument, NULL, TRACES },
		{ "lttng", required_argument, NULL, LTTNG },
		{ "growth", required_argument, NULL, GROWTH },
		{ "count", required_argument, NULL, COUNT }, { NULL, 0, NULL, 0 }
	};
	const char *only = NULL, *json = NULL, *count = NULL;
	int option;

	/* freed memory stays here: else the host's page faults are measured */
	mallopt(M_MMAP_THRESHOLD, 64 << 20);
	mallopt(M_TRIM_THRESHOLD, 256 << 20);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case JSON:   json = optarg; break;
		case ROUNDS: bench_rounds = (unsigned)strtoul(optarg, NULL, 0); break;
		case ONLY:   only = optarg; break;
		case TRACES: traces = optarg; break;
		case LTTNG:  bench_lttng_command = optarg; break;
		case COUNT:  count = optarg; break;
		case GROWTH: bench_pin(0); return bench_growth(optarg) ? 2 : 0;
		default:     return usage();
		}
	if (count)
		return argc == optind + 2 &&
		       !bench_count(count, (uint32_t)strtoul(argv[optind], NULL, 0),
		                    (uint32_t)strtoul(argv[optind + 1], NULL, 0)) ? 0 : usage();
	if (argc != optind || !bench_rounds)
		return usage();
	bench_pin(0);
	return run(only, json);
}
