/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Append of one record
 *
 * Events alternate between reception and removal, as those of short-lived
 * capabilities do, or between the two of an own RPC object. Two threads are
 * those of two components with a log each; only batches during which the other
 * thread appended as well count.
 */
#include "bench.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <caplog/writer.h>

enum { EVENTS = 4096, SPAN = 1024, BASE = CAPLOG_FOC_16_08_USER_BASE, LOG = 128 * 1024, STRIDE = 97 };

/* One component's part */
struct part {
	uint8_t *log;
	_Alignas(128) struct caplog_writer writer;
	uint32_t first, slots;          /* that its events are about */
	uint32_t event;                 /* next */
	unsigned kind[2];               /* that take turns */
	unsigned cpu;
	_Alignas(128) atomic_uint progress;
	_Alignas(128) double *batch;    /* its batches, ns */
	unsigned batches;
	struct part *other;
};

static uint8_t *new_log(void)
{
	struct caplog_format const format = { .flavour = caplog_flavours(NULL) };
	void *log;

	if (posix_memalign(&log, 4096, LOG) || caplog_format(log, LOG, &format))
		abort();
	return log;
}

static struct part *new_part(unsigned cpu, uint32_t first, uint32_t slots)
{
	void *p;

	if (posix_memalign(&p, 128, sizeof(struct part)))
		abort();
	struct part *part = p;
	*part = (struct part){ .log = new_log(), .first = first, .slots = slots, .cpu = cpu,
	                       .kind = { CAPLOG_INSERT_MAP, CAPLOG_REMOVE } };
	if (caplog_writer_attach(&part->writer, part->log))
		abort();
	return part;
}

static void free_part(struct part *p)
{
	free(p->log);
	free(p);
}

static void append_one(struct part *p)
{
	uint32_t const i = p->event++;
	uint32_t const slot = p->first + (i / 2 * STRIDE) % p->slots;

	caplog_append(&p->writer, p->kind[i % 2], slot, (slot & 0xfffu) * 8, 0,
	              p->kind[0] == CAPLOG_INSERT_MAP ? BASE : 0);
}

static void append_batch(void *ctx)
{
	for (unsigned i = 0; i < EVENTS; i++)
		append_one(ctx);
}

/* What the loop costs without an append */
static void append_nothing(void *ctx)
{
	struct part *p = ctx;

	for (unsigned i = 0; i < EVENTS; i++) {
		uint32_t const n = p->event++;
		uint32_t const slot = p->first + (n / 2 * STRIDE) % p->slots;
		bench_use(slot);
	}
}

static void measure_alone(uint32_t slots, unsigned kind, const char *what)
{
	struct part *p = new_part(0, BASE, slots);
	p->kind[0] = kind;
	p->kind[1] = kind == CAPLOG_RPC_ALLOC ? CAPLOG_RPC_FREE : CAPLOG_REMOVE;

	struct bench_side const side[] = {
		{ append_batch, NULL, p, EVENTS }, { append_nothing, NULL, p, EVENTS }
	};
	struct bench_result const r = bench_compare(side, 2);

	bench_row(BENCH_AT_MOST, 10, r.ns[0], "ns", bench_text("append one record, %s", what),
	          bench_text("of which the loop around it %.1f ns", r.ns[1].median));
	free_part(p);
}

double bench_append_ns(void)
{
	struct part *p = new_part(0, BASE, SPAN);
	struct bench_side const side = { append_batch, NULL, p, EVENTS };
	unsigned const rounds = bench_rounds;

	bench_rounds = 1;
	double const ns = bench_compare(&side, 1).ns[0].median;
	bench_rounds = rounds;
	free_part(p);
	return ns;
}


/*
 * Two threads
 */

struct pair {
	struct part *part[2];
	pthread_barrier_t barrier;
	atomic_int stop;
};

static struct pair pair;

static void progress_batch(struct part *p)
{
	for (unsigned i = 0; i < EVENTS; i++) {
		append_one(p);
		if (i % 256 == 255)
			atomic_fetch_add_explicit(&p->progress, 256, memory_order_relaxed);
	}
}

/* A batch of this thread counts if the other did half as much at least meanwhile */
static int timed(struct part *p, double *ns)
{
	unsigned const before = atomic_load_explicit(&p->other->progress, memory_order_relaxed);
	uint64_t const begin = bench_now();

	progress_batch(p);
	*ns = (double)(bench_now() - begin) / EVENTS;
	return atomic_load_explicit(&p->other->progress, memory_order_relaxed) - before >= EVENTS / 2;
}

static void *other_thread(void *arg)
{
	struct part *p = arg;

	bench_pin(p->cpu);
	pthread_barrier_wait(&pair.barrier);
	while (!atomic_load_explicit(&pair.stop, memory_order_relaxed))
		progress_batch(p);
	return NULL;
}

/* This thread's ns per append, while another appends to a log of its own */
static double together(struct part *a, struct part *b)
{
	double *batch = a->batch;
	pthread_t thread;
	unsigned n = 0;

	pthread_barrier_init(&pair.barrier, NULL, 2);
	atomic_store(&pair.stop, 0);
	if (pthread_create(&thread, NULL, other_thread, b))
		abort();
	pthread_barrier_wait(&pair.barrier);
	for (unsigned tries = 0; n < a->batches && tries < 50 * a->batches; tries++)
		n += (unsigned)timed(a, &batch[n]);
	atomic_store(&pair.stop, 1);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&pair.barrier);
	return n ? bench_median(batch, n) : 0;
}

static double alone(struct part *a)
{
	for (unsigned n = 0; n < a->batches; n++)
		timed(a, &a->batch[n]);
	return bench_median(a->batch, a->batches);
}

static void measure_together(void)
{
	struct part *a = new_part(0, BASE, SPAN), *b = new_part(1, BASE, SPAN);
	double ratio[64], one[64], two[64];
	unsigned const rounds = bench_rounds < 64 ? bench_rounds : 64;

	a->other = b;
	b->other = a;
	a->batches = 2 * bench_batches;
	a->batch = malloc(a->batches * sizeof *a->batch);
	if (!a->batch)
		abort();
	for (unsigned r = 0; r < rounds; r++) {
		one[r] = alone(a);
		two[r] = together(a, b);
		ratio[r] = two[r] / one[r];
	}
	double const ns_one = bench_median(one, rounds), ns_two = bench_median(two, rounds);
	bench_row(BENCH_AT_MOST, 1.05, bench_spread_of(ratio, rounds), "x",
	          "append, two threads / one thread",
	          bench_text("%.1f ns / %.1f ns, a log each; 5 %% are the clock's", ns_two, ns_one));
	free(a->batch);
	free_part(a);
	free_part(b);
}

void bench_append(void)
{
	bench_heading("append");
	measure_alone(16, CAPLOG_INSERT_MAP, "16 slots");
	measure_alone(3500, CAPLOG_INSERT_MAP, "3500 slots");
	measure_alone(3500, CAPLOG_RPC_ALLOC, "rpc_alloc and rpc_free");
	if (bench_cpus() > 1)
		measure_together();
	else
		printf("  two threads: only one processor to use\n");
}
