/* SPDX-License-Identifier: BSD-2-Clause */
/* A good log, and all that is done with one: for fuzzers that change it before or meanwhile */
#ifndef T_FUZZ_LOG_H
#define T_FUZZ_LOG_H

#include <string.h>

#include <caplog/plan.h>
#include <caplog/writer.h>

#include "t_fuzz.h"

/* Plans are made and never executed */
static int t_make_none(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                     struct caplog_diag *diag)
{
	(void)ctx; (void)s; (void)badge; (void)diag;
	abort();
}

static int t_act_none(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	return t_make_none(ctx, s, NULL, diag);
}

static void t_undo_none(void *ctx, const struct caplog_plan_step *s)
{
	(void)t_make_none(ctx, s, NULL, NULL);
}

static int t_judge(void *ctx, uint32_t slot, const struct caplog_cap *cap, struct caplog_diag *diag)
{
	(void)ctx, (void)slot, (void)cap, (void)diag;
	return slot % 16 ? CAPLOG_CAN : CAPLOG_DEAD;
}

static int t_visit(void *ctx, const struct caplog_event *event)
{
	(void)ctx, (void)event;
	return 0;
}

/* Of a component that a plan can be made for */
static inline void t_good_log(uint8_t *log, size_t size)
{
	struct caplog_writer w;
	struct caplog_format f;

	memset(&w, 0, sizeof w);
	memset(&f, 0, sizeof f);
	f.flavour = caplog_flavours(NULL);
	t_must(!caplog_format(log, size, &f) && !caplog_writer_attach(&w, log));
	caplog_append(&w, CAPLOG_INSERT_AT, 9, 1, 0, 0);
	for (uint32_t i = 0; i < 60; i++)
		caplog_append(&w, CAPLOG_INSERT_MAP, 0x200 + i, 8 * (i + 1), 0, 0x200);
	caplog_append(&w, CAPLOG_RPC_ALLOC, 0x201, 16, 9, 0);
	caplog_append_thread(&w, 0xf, 0x1ca8, 0xb3000000, 0x1000);
	caplog_append_irq(&w, 0x210, 0xf, 7);
}

/* \return 0: there is a plan */
static inline int t_read_log(const uint8_t *log, size_t size)
{
	static const struct caplog_ops ops = {
		.judge = t_judge, .thread = t_make_none, .object = t_make_none, .gate = t_make_none,
		.install = t_act_none, .attach = t_act_none, .badge = t_act_none, .registers = t_act_none,
		.start = t_act_none, .undo = t_undo_none
	};
	static struct caplog_space space;
	static struct caplog_plan plan;
	struct caplog_log_stat stat;
	struct caplog_map_place map;
	struct caplog_diag diag;
	struct caplog_reader r;
	int complete, err = -1;

	if (caplog_reader_open(&r, log, size, &diag))
		return err;
	caplog_reader_update(&r, &space, NULL, &diag);
	if (caplog_reader_update(&r, &space, NULL, &diag) == 0)
		err = caplog_plan(&plan, &space, &ops, &diag);
	caplog_reader_history(&r, &complete, t_visit, NULL, &diag);
	caplog_reader_stat(&r, &stat);
	caplog_reader_map(&r, &map);
	return err;
}

#endif
