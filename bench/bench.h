/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the benchmark share
 *
 * Every figure is the median of many short batches, so that a batch in which
 * the machine did something else does not count. Sides that are compared take
 * turns batch by batch, so that noise hits all of them; a ratio is formed in
 * each round, and its spread over the rounds is reported beside it.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

#include <caplog/flavour.h>

enum { BENCH_SIDES = 6, BENCH_SLOTS = CAPLOG_SLOTS_MAX, BENCH_KEYS = 1 << 16 };

/* Live capabilities at which rows are measured */
extern const uint32_t bench_live[];
enum { BENCH_SIZES = 5, BENCH_LARGEST = 3500 };

/* Rounds per row and batches per side and round, set from the command line */
extern unsigned bench_rounds, bench_batches;


/*
 * Measuring (measure.c)
 */

uint64_t bench_now(void);           /* ns */
int      bench_cpus(void);          /* processors this process may use      */
void     bench_pin(unsigned cpu);   /* this thread, to the n-th of them     */
double   bench_median(double *v, unsigned n); /* sorts v */

struct bench_spread { double min, median, max; };

/* Spread of one figure per round; sorts v */
struct bench_spread bench_spread_of(double *v, unsigned n);

/* One side of a comparison; a batch is one call of `work` */
struct bench_side {
	void (*work)(void *ctx);
	void (*before)(void *ctx);      /* each batch, not timed; NULL: nothing */
	void  *ctx;
	double operations;              /* of one batch */
};

struct bench_result {
	struct bench_spread ns[BENCH_SIDES];    /* per operation */
	struct bench_spread ratio[BENCH_SIDES]; /* time of side 0 by that of side i */
};

struct bench_result bench_compare(const struct bench_side *side, unsigned sides);

/* Keep a value that is not used otherwise */
static inline void bench_use(uint64_t v) { __asm__ volatile("" : : "r"(v)); }

/* Deterministic numbers */
uint32_t bench_random(uint32_t below);

/*
 * `n` badges as core hands them out: of the multiples of 8 that 16 bits hold,
 * a random choice; the other ones, which no map holds, go to `absent`
 */
void bench_badges(caplog_badge *live, uint32_t n, caplog_badge *absent);
/* BENCH_KEYS random picks of the first `n` of `from` */
void bench_keys(uint16_t *key, const uint16_t *from, uint32_t n);


/*
 * Report (report.c)
 */

enum bench_sense { BENCH_AT_LEAST, BENCH_AT_MOST };

/* A row with a target. `about`: what was measured, in words, slots packed or not */
void bench_row(enum bench_sense sense, double target, struct bench_spread value,
               const char *unit, const char *name, const char *about);
/* A figure without a target */
void bench_figure(struct bench_spread value, const char *unit, const char *name,
                  const char *about);
/* A single number */
struct bench_spread bench_exact(double value);
/* snprintf into one of a few buffers that live as long as the program */
const char *bench_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void bench_heading(const char *title);
void bench_machine(void);
int  bench_write_json(const char *path);
int  bench_failures(void);


/*
 * Groups of rows
 */

void bench_lookup(void);
void bench_insert(void);
void bench_alloc(void);
void bench_append(void);
double bench_append_ns(void);       /* one record, measured now */
/* Prints ns per tracepoint when run; NULL: not built */
extern const char *bench_lttng_command;
void bench_lttng(void);
void bench_fold(void);
double bench_fold_time(uint64_t events); /* ns, from a log's bytes */
void bench_restore(void);
void bench_checkpoint(void);
void bench_pages(void);
void bench_memory(void);
void bench_traces(const char *directory);

/* Data for the plots, into a directory. 0 or -1 */
int bench_growth(const char *directory);

/* Run a hot path `n` times, for callgrind. 0; -1 if there is none of that name */
int bench_count(const char *name, uint32_t live, uint32_t n);

#endif
