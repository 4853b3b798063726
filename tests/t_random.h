/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random tests: a seed that is printed and can be given back
 *
 *   CAPLOG_SEED=N   repeat a run
 *   CAPLOG_SCALE=N  N per cent of the usual number of turns
 */
#ifndef T_RANDOM_H
#define T_RANDOM_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct t_random {
	uint64_t state;
};

/* splitmix64: any seed is as good as any other */
static inline uint64_t t_next(struct t_random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* 0 <= result < n */
static inline uint32_t t_below(struct t_random *r, uint32_t n)
{
	return (uint32_t)((t_next(r) >> 32) * n >> 32);
}

static inline int t_chance(struct t_random *r, uint32_t percent)
{
	return t_below(r, 100) < percent;
}

/* The seed of this run, printed with the name of the test that uses it */
static inline struct t_random t_seed(const char *test)
{
	const char *given = getenv("CAPLOG_SEED");
	struct timespec now;
	struct t_random r;

	clock_gettime(CLOCK_REALTIME, &now);
	r.state = given ? strtoull(given, NULL, 0)
	                : ((uint64_t)now.tv_sec << 20 ^ (uint64_t)now.tv_nsec) & 0xffffffffu;
	printf("%s: CAPLOG_SEED=%llu\n", test, (unsigned long long)r.state);
	fflush(stdout);
	return r;
}

/* Turns of a loop: fewer where sanitizers make each of them slow */
static inline uint64_t t_turns(uint64_t n)
{
	const char *scale = getenv("CAPLOG_SCALE");
	uint64_t const percent = scale ? strtoull(scale, NULL, 0) : 100;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	n /= 5;
#endif
	n = n * percent / 100;
	return n ? n : 1;
}

#endif
