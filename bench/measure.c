/* SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"

#include <sched.h>
#include <stdlib.h>
#include <time.h>

const uint32_t bench_live[BENCH_SIZES] = { 16, 64, 256, 1024, BENCH_LARGEST };

unsigned bench_rounds = 15, bench_batches = 21;

uint64_t bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* What this process may use, before any thread was pinned */
static const cpu_set_t *usable(void)
{
	static cpu_set_t all;
	static int known;

	if (!known && sched_getaffinity(0, sizeof all, &all)) {
		CPU_ZERO(&all);
		CPU_SET(0, &all);
	}
	known = 1;
	return &all;
}

int bench_cpus(void) { return CPU_COUNT(usable()); }

void bench_pin(unsigned cpu)
{
	cpu_set_t one;
	unsigned i = 0;

	while (i < CPU_SETSIZE && (!CPU_ISSET(i, usable()) || cpu--))
		i++;
	if (i == CPU_SETSIZE)
		return;
	CPU_ZERO(&one);
	CPU_SET(i, &one);
	sched_setaffinity(0, sizeof one, &one); /* this thread only */
}

static int by_value(const void *a, const void *b)
{
	double const x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double bench_median(double *v, unsigned n)
{
	qsort(v, n, sizeof *v, by_value);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

struct bench_spread bench_spread_of(double *v, unsigned n)
{
	struct bench_spread s;

	s.median = bench_median(v, n);
	s.min = v[0];
	s.max = v[n - 1];
	return s;
}

static void nothing(void *ctx) { (void)ctx; }

static double time_batch(const struct bench_side *s)
{
	if (s->before)
		s->before(s->ctx);
	uint64_t const begin = bench_now();
	s->work(s->ctx);
	return (double)(bench_now() - begin);
}

/* What reading the clock twice adds to a batch */
static double clock_cost(void)
{
	static double cost = -1;
	struct bench_side const idle = { nothing, NULL, NULL, 1 };
	double v[101];

	for (unsigned i = 0; cost < 0 && i < 101; i++)
		v[i] = time_batch(&idle);
	if (cost < 0)
		cost = bench_median(v, 101);
	return cost;
}

static double above_clock(double ns)
{
	return ns > clock_cost() ? ns - clock_cost() : 0;
}

struct bench_result bench_compare(const struct bench_side *side, unsigned sides)
{
	double *batch = malloc(sides * bench_batches * sizeof *batch);
	double *ns = malloc(2 * sides * bench_rounds * sizeof *ns), *ratio = ns + sides * bench_rounds;
	struct bench_result r;

	if (!batch || !ns)
		abort();
	for (unsigned s = 0; s < sides; s++) /* warm up */
		time_batch(&side[s]);
	for (unsigned round = 0; round < bench_rounds; round++) {
		double first = 0;
		for (unsigned b = 0; b < bench_batches; b++)
			for (unsigned s = 0; s < sides; s++)
				batch[s * bench_batches + b] = time_batch(&side[s]);
		for (unsigned s = 0; s < sides; s++) {
			double const t = above_clock(bench_median(batch + s * bench_batches, bench_batches))
			                 / side[s].operations;
			if (!s)
				first = t;
			ns[s * bench_rounds + round] = t;
			ratio[s * bench_rounds + round] = t > 0 ? first / t : 0;
		}
	}
	for (unsigned s = 0; s < sides; s++) {
		r.ns[s] = bench_spread_of(ns + s * bench_rounds, bench_rounds);
		r.ratio[s] = bench_spread_of(ratio + s * bench_rounds, bench_rounds);
	}
	free(batch);
	free(ns);
	return r;
}


/*
 * Loads
 */

uint32_t bench_random(uint32_t below)
{
	static uint64_t state = 88172645463325252ull;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)((state >> 16) % below);
}

void bench_badges(caplog_badge *live, uint32_t n, caplog_badge *absent)
{
	enum { STEP = 8, ALL = 65536 / STEP - 1 };
	caplog_badge badge[ALL];

	for (uint32_t i = 0; i < ALL; i++)
		badge[i] = (caplog_badge)((i + 1) * STEP);
	for (uint32_t i = ALL - 1; i > 0; i--) {
		uint32_t const j = bench_random(i + 1);
		caplog_badge const other = badge[j];
		badge[j] = badge[i];
		badge[i] = other;
	}
	for (uint32_t i = 0; i < n; i++) {
		live[i] = badge[i];
		absent[i] = badge[ALL - 1 - i];
	}
}

void bench_keys(uint16_t *key, const uint16_t *from, uint32_t n)
{
	for (uint32_t i = 0; i < BENCH_KEYS; i++)
		key[i] = from[bench_random(n)];
}
