/* SPDX-License-Identifier: BSD-2-Clause */
/* Fold: from records in a log to the space they lead to */
#include "bench.h"

#include <stdlib.h>

#include <caplog/reader.h>
#include <caplog/writer.h>

enum { BATCH = 30000, SPAN = 3500, BASE = CAPLOG_FOC_16_08_USER_BASE };

struct fold {
	uint8_t             *log;
	size_t               size;
	struct caplog_writer writer;
	struct caplog_reader reader;
	struct caplog_space  space;
	uint32_t             event, batch;
	struct caplog_event  events[BATCH];
};

static struct caplog_event next(struct fold *f)
{
	uint32_t const i = f->event++, slot = BASE + i / 2 * 97 % SPAN;
	struct caplog_event const e = {
		.kind = i % 2 ? CAPLOG_REMOVE : CAPLOG_INSERT_MAP, .slot = (uint16_t)slot,
		.badge = (caplog_badge)(slot * 8), .from = i % 2 ? 0 : BASE, .version = i / SPAN + 1
	};
	return e;
}

static void fill(void *ctx)
{
	struct fold *f = ctx;

	for (unsigned i = 0; i < f->batch; i++) {
		struct caplog_event const e = next(f);
		caplog_append(&f->writer, e.kind, e.slot, e.badge, 0, e.from);
	}
}

static void read_log(void *ctx)
{
	struct fold *f = ctx;
	uint64_t n;

	if (caplog_reader_update(&f->reader, &f->space, &n, NULL) || n != f->batch)
		abort();
}

static void make_events(void *ctx)
{
	struct fold *f = ctx;

	for (unsigned i = 0; i < BATCH; i++)
		f->events[i] = next(f);
}

static void fold_events(void *ctx)
{
	struct fold *f = ctx;

	for (unsigned i = 0; i < BATCH; i++)
		caplog_fold(&f->space, &f->events[i]);
}

static struct fold *fold_new(void)
{
	const struct caplog_flavour *flavour = caplog_flavours(NULL);
	struct caplog_format const format = { .flavour = flavour };
	struct fold *f = calloc(1, sizeof *f);
	void *log;

	if (!f)
		abort();
	f->size = caplog_log_size(flavour, 2 * BATCH);
	if (posix_memalign(&log, 4096, f->size) || caplog_format(log, f->size, &format) ||
	    caplog_writer_attach(&f->writer, log) ||
	    caplog_reader_open(&f->reader, log, f->size, NULL) ||
	    caplog_reader_update(&f->reader, &f->space, NULL, NULL))
		abort();
	f->log = log;
	return f;
}

static void fold_free(struct fold *f)
{
	free(f->log);
	free(f);
}

double bench_fold_time(uint64_t events)
{
	enum { TIMES = 512, FEW = 9 };
	struct fold *f = fold_new();
	double v[TIMES];
	unsigned n = 0;

	/* what exceeds the ring goes in batches: the median one stands for all */
	f->batch = events < BATCH ? (uint32_t)events : BATCH;
	for (uint64_t done = 0; n < TIMES && (n < FEW || done < events); done += f->batch) {
		fill(f);
		uint64_t const begin = bench_now();
		read_log(f);
		v[n++] = (double)(bench_now() - begin);
	}
	double const ns = bench_median(v, n) * (double)events / f->batch;
	fold_free(f);
	return ns;
}

/* Millions a second, from ns each */
static struct bench_spread rate(struct bench_spread ns)
{
	struct bench_spread const s = { 1e3 / ns.max, 1e3 / ns.median, 1e3 / ns.min };
	return s;
}

void bench_fold(void)
{
	struct fold *f = fold_new();
	struct bench_side const side[] = {
		{ read_log, fill, f, BATCH }, { fold_events, make_events, f, BATCH }
	};

	f->batch = BATCH;
	bench_heading("fold");
	struct bench_result const r = bench_compare(side, 1);
	bench_row(BENCH_AT_LEAST, 50, rate(r.ns[0]), "M/s", "fold, from the log's bytes",
	          bench_text("%.1f ns a record: copied, checked, decoded, applied",
	                     r.ns[0].median));
	struct bench_result const alone = bench_compare(side + 1, 1);
	bench_figure(rate(alone.ns[0]), "M/s", "fold, decoded events",
	             bench_text("%.1f ns an event", alone.ns[0].median));
	fold_free(f);
}
