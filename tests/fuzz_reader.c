/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader on whatever a fuzzer thinks of: `make fuzz`
 *
 * The first byte chooses whether the rest is a log as it is or is laid over a
 * good one, so that the fuzzer need not find the header by itself.
 */
#include <stdlib.h>
#include <string.h>

#include <caplog/plan.h>
#include <caplog/writer.h>

/* Plans are made and never executed */
static int make_none(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                     struct caplog_diag *diag)
{
	(void)ctx; (void)s; (void)badge; (void)diag;
	abort();
}

static int act_none(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	return make_none(ctx, s, NULL, diag);
}

static void undo_none(void *ctx, const struct caplog_plan_step *s)
{
	(void)make_none(ctx, s, NULL, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 65536 };

static struct caplog_space space;
static struct caplog_plan plan;

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

static void good_log(uint8_t *log, size_t size)
{
	struct caplog_writer w;
	struct caplog_format f;

	memset(&w, 0, sizeof w);
	memset(&f, 0, sizeof f);
	f.flavour = caplog_flavours(NULL);
	if (caplog_format(log, size, &f) || caplog_writer_attach(&w, log))
		return;
	for (uint32_t i = 0; i < 100; i++)
		caplog_append(&w, CAPLOG_INSERT_MAP, 0x200 + i, 8 * (i + 1), 0, 0x200);
	caplog_append_thread(&w, 9, 1, 0xb3000000, 0x1000);
	caplog_append_irq(&w, 0x210, 9, 7);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct caplog_ops ops = {
		.judge = judge, .thread = make_none, .object = make_none, .gate = make_none,
		.install = act_none, .attach = act_none, .badge = act_none, .registers = act_none,
		.start = act_none, .undo = undo_none
	};
	struct caplog_log_stat stat;
	struct caplog_map_place map;
	struct caplog_diag diag;
	struct caplog_reader r;
	int complete;

	if (size < 3)
		return 0;

	/* bytes of its own, so that the sanitizer sees each access outside */
	size_t const at = data[0] & 1 ? (size_t)(data[1] | data[2] << 8) & ~(size_t)3 : 0;
	size_t const bytes = data[0] & 1 ? MOST : (size - 3) & ~(size_t)15;
	size_t const some = size - 3 < bytes - at ? size - 3 : bytes - at;
	uint8_t *log = aligned_alloc(16, bytes ? bytes : 16);

	if (!log)
		return 0;
	if (data[0] & 1)
		good_log(log, bytes);
	memcpy(log + at, data + 3, some);
	if (caplog_reader_open(&r, log, bytes, &diag) == 0) {
		caplog_reader_update(&r, &space, NULL, &diag);
		if (caplog_reader_update(&r, &space, NULL, &diag) == 0)
			caplog_plan(&plan, &space, &ops, &diag);
		caplog_reader_history(&r, &complete, visit, NULL, &diag);
		caplog_reader_stat(&r, &stat);
		caplog_reader_map(&r, &map);
	}
	free(log);
	return 0;
}
