/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checkpoint and restore on the hosted platform, by the engine that the
 * monitor uses; what is timed is found by stepping in between engine and
 * platform, so the engine knows nothing of it
 */
#include "restore.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "t_large.h"

enum { NODE_B = 0x4000 };

/* The platform underneath, and when the engine passed which point */
static struct caplog_platform under;
static uint64_t prepared, planned, filled;

/* Asked for each component before the plans are made */
static int accepts(void *ctx, const char *name, const struct caplog_ledger *ledger,
                   struct caplog_diag *diag)
{
	int const ret = under.accepts(ctx, name, ledger, diag);

	prepared = bench_now();
	return ret;
}

/* Called first when all plans are made */
static int create(void *ctx, const char *name, struct caplog_ledger *ledger, void **target,
                  struct caplog_diag *diag)
{
	if (!planned)
		planned = bench_now();
	return under.create(ctx, name, ledger, target, diag);
}

/* First called when the components' memory is there */
static void progress(void *ctx, unsigned phase)
{
	(void)ctx;
	if (!phase)
		filled = bench_now();
}

static struct restore_time restore_on(struct hm_node *node, const void *image, uint64_t size)
{
	struct caplog_platform platform = under = hm_platform(node);
	struct caplog_target *target[MODEL_TARGETS];
	struct caplog_diag diag = { 0, "" };
	struct restore_time t;
	uint32_t count;

	platform.accepts = accepts;
	platform.create = create;
	planned = 0;
	node->group++;
	for (unsigned i = 0; i < MODEL_TARGETS; i++)
		target[i] = calloc(1, sizeof *target[i]);

	uint64_t const begin = bench_now();
	int const err = caplog_restore(&platform, image, size, target, MODEL_TARGETS, &count,
	                               progress, &diag);
	uint64_t const end = bench_now();
	if (err) {
		fprintf(stderr, "bench: restore: %s\n", diag.text);
		exit(2);
	}
	t.plan = (double)(planned - prepared);
	t.execute = (double)(end - filled);
	t.all = (double)(end - begin);
	for (unsigned i = 0; i < MODEL_TARGETS; i++)
		free(target[i]);
	hm_node_destroy(node);
	return t;
}

struct restore_time restore_once(const void *image, uint64_t size)
{
	return restore_on(hm_node_create(2, NODE_B, MODEL_MEMORY), image, size);
}

/* As many lines and chunks as an image can have: work must not grow with their product */
static void measure_largest(void)
{
	enum { MEMORY = 128 << 20 };
	struct model *m = model_new(0);
	double ms[64];
	unsigned const rounds = bench_rounds < 64 ? bench_rounds : 64;
	uint64_t size;
	void *small = model_image(m, &size);
	void *image = t_large_image(small, CAPLOG_LEDGER_MAX, &size);

	model_free(m);
	free(small);
	for (unsigned r = 0; r < rounds; r++)
		ms[r] = restore_on(hm_node_create(2, 8, MEMORY), image, size).all / 1e6;
	free(image);
	bench_row(BENCH_AT_MOST, 1000, bench_spread_of(ms, rounds), "ms",
	          "whole restore, 8192 ledger lines and chunks", "one page each");
}

/* Of slots and ledger: memory and log are stored by pages, and have fewer if they hold zeros */
static uint64_t image_size(uint32_t live)
{
	struct model *m = model_new(live);
	uint64_t size, slots = 0, lines = 0;
	void *image = model_image(m, &size);

	(void)caplog_image_find(image, CAPLOG_CHUNK_SLOTS, 0, 1, &slots);
	(void)caplog_image_find(image, CAPLOG_CHUNK_OBJECTS, 0, 1, &lines);
	free(image);
	model_free(m);
	return slots + lines;
}

void bench_restore(void)
{
	enum { LIVE = 4000, PER_ROUND = 5 };
	struct model *m = model_new(LIVE);
	double both[64], plan[64], execute[64], all[64], one[4][PER_ROUND];
	unsigned const rounds = bench_rounds < 64 ? bench_rounds : 64;
	uint64_t size;
	void *image = model_image(m, &size);

	bench_heading("restore");
	model_free(m);
	for (unsigned r = 0; r < rounds; r++) {
		for (unsigned i = 0; i < PER_ROUND; i++) {
			struct restore_time const t = restore_once(image, size);
			one[0][i] = t.plan / 1e6;
			one[1][i] = t.execute / 1e6;
			one[2][i] = (t.plan + t.execute) / 1e6;
			one[3][i] = t.all / 1e6;
		}
		plan[r] = bench_median(one[0], PER_ROUND);
		execute[r] = bench_median(one[1], PER_ROUND);
		both[r] = bench_median(one[2], PER_ROUND);
		all[r] = bench_median(one[3], PER_ROUND);
	}
	free(image);

	double const ms_plan = bench_median(plan, rounds), ms_execute = bench_median(execute, rounds);
	bench_row(BENCH_AT_MOST, 2, bench_spread_of(both, rounds), "ms",
	          "plan + execute, 4000 capabilities",
	          bench_text("plan %.2f ms, execute %.2f ms; %u slots packed in one component, rest "
	                     "in a second", ms_plan, ms_execute, (unsigned)MODEL_SLOTS));
	bench_figure(bench_spread_of(all, rounds), "ms", "whole restore, 4000 capabilities",
	             "with checking the image, and memory");
	measure_largest();

	bench_figure(bench_exact((double)(image_size(BENCH_LARGEST) - image_size(0)) / BENCH_LARGEST),
	             "B", "image, bytes a capability", "slot and ledger line");
}


/*
 * Incremental checkpoint
 */

enum { COLD = 16 << 20 }; /* bytes that displace what the caches hold */

double checkpoint_once(struct model *m, uint32_t events, int destroy)
{
	if (events)
		model_churn(m, events, destroy);
	uint64_t const begin = bench_now();
	model_capture(m);
	uint64_t const end = bench_now();
	model_resume(m);
	return (double)(end - begin);
}

/* us; a fresh node each round, since the model keeps destroyed objects for ever */
static double checkpoint_round(uint32_t live, uint32_t events, int destroy)
{
	struct model *m = model_new(live);
	double batch[64];
	unsigned const batches = bench_batches < 64 ? bench_batches : 64;

	checkpoint_once(m, 0, 0);
	checkpoint_once(m, events, destroy);
	for (unsigned b = 0; b < batches; b++)
		batch[b] = checkpoint_once(m, events, destroy) / 1e3;
	model_free(m);
	return bench_median(batch, batches);
}

static void measure_checkpoint(uint32_t live, uint32_t events, int destroy)
{
	double us[64];
	unsigned const rounds = bench_rounds < 64 ? bench_rounds : 64;

	for (unsigned r = 0; r < rounds; r++)
		us[r] = checkpoint_round(live, events, destroy);
	bench_row(BENCH_AT_MOST, 20, bench_spread_of(us, rounds), "us",
	          bench_text("checkpoint, %u new events, %s", events,
	                     destroy ? "objects destroyed" : "objects kept"),
	          bench_text("caplog_capture, %u live, packed but for what is dropped", live));
}

/* The monitor's data out of the caches, as after the component ran for long */
static void measure_cold(uint32_t live, uint32_t events)
{
	struct model *m = model_new(live);
	uint8_t *other = calloc(1, COLD);
	double us[64];
	unsigned const rounds = bench_rounds < 64 ? bench_rounds : 64;

	checkpoint_once(m, 0, 0);
	for (unsigned r = 0; r < rounds; r++) {
		model_churn(m, events, 0);
		for (uint32_t i = 0; i < COLD; i += 64)
			other[i]++;
		us[r] = checkpoint_once(m, 0, 0) / 1e3;
	}
	free(other);
	bench_figure(bench_spread_of(us, rounds), "us",
	             bench_text("checkpoint, %u new events, cold caches", events),
	             bench_text("%u MiB of other data read and written before each", COLD >> 20));
	model_free(m);
}

void bench_checkpoint(void)
{
	bench_heading("incremental checkpoint of capabilities: the pause");
	measure_checkpoint(4000, 100, 0);
	measure_checkpoint(4000, 100, 1);
	measure_cold(4000, 100);
}
