/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader while the log's memory changes between any two of its loads
 *
 * An input is a list of changes: loads until then, offset (2 bytes), value (4
 * bytes). Each of the reader's loads counts; the reader is total, whatever it
 * finds: the sanitizers see each access outside of the log.
 */
#include <stdlib.h>
#include <string.h>

#include <caplog/plan.h>
#include <caplog/writer.h>

/* The reader itself, with a call before each load */
#define shared_get     raw_get
#define shared_observe raw_observe
#include "shared.h"
#undef shared_get
#undef shared_observe

static void before_load(void);

static inline uint32_t shared_get(const uint32_t *p)
{
	before_load();
	return raw_get(p);
}

static inline uint32_t shared_observe(const uint32_t *p)
{
	before_load();
	return raw_observe(p);
}

#include "header.c"
#include "records.c"
#include "table.c"
#include "reader.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BYTES = 16384, CHANGE = 7 };

static uint8_t        log_bytes[BYTES];
static const uint8_t *next;
static size_t         left;
static uint32_t       loads;
static struct caplog_space space;
static struct caplog_plan  plan;

static void before_load(void)
{
	for (; left >= CHANGE && loads >= next[0]; left -= CHANGE, next += CHANGE) {
		size_t const at = (size_t)(next[1] | next[2] << 8) % BYTES & ~(size_t)3;

		loads = 0;
		memcpy(log_bytes + at, next + 3, 4);
	}
	loads++;
}

static int judge(void *ctx, uint32_t slot, const struct caplog_cap *cap, struct caplog_diag *diag)
{
	(void)ctx, (void)slot, (void)cap, (void)diag;
	return CAPLOG_CAN;
}

static int visit(void *ctx, const struct caplog_event *event)
{
	(void)ctx, (void)event;
	return 0;
}

static void good_log(uint8_t *log)
{
	struct caplog_writer w;
	struct caplog_format f;

	memset(&w, 0, sizeof w);
	memset(&f, 0, sizeof f);
	memset(log, 0, BYTES);
	f.flavour = caplog_flavours(NULL);
	if (caplog_format(log, BYTES, &f) || caplog_writer_attach(&w, log))
		abort();
	for (uint32_t i = 0; i < 100; i++)
		caplog_append(&w, CAPLOG_INSERT_MAP, 0x200 + i, 8 * (i + 1), 0, 0x200);
	caplog_append_thread(&w, 9, 1, 0xb3000000, 0x1000);
	caplog_append_irq(&w, 0x210, 9, 7);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct caplog_ops ops = { .judge = judge };
	static uint8_t good[BYTES];
	struct caplog_log_stat stat;
	struct caplog_map_place map;
	struct caplog_diag diag;
	struct caplog_reader r;
	int complete;

	left = 0;
	if (!good[0])
		good_log(good);
	/* bytes of its own, so that the sanitizer sees each access outside */
	memcpy(log_bytes, good, BYTES);
	next = data;
	left = size;
	loads = 0;
	if (caplog_reader_open(&r, log_bytes, BYTES, &diag) == 0) {
		caplog_reader_update(&r, &space, NULL, &diag);
		if (caplog_reader_update(&r, &space, NULL, &diag) == 0)
			caplog_plan(&plan, &space, &ops, &diag);
		caplog_reader_history(&r, &complete, visit, NULL, &diag);
		caplog_reader_stat(&r, &stat);
		caplog_reader_map(&r, &map);
	}
	return 0;
}
