/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest monitor: plan the restore of a log, and execute it through a table
 * of operations of one's own, here one that prints. Usage: monitor FILE
 */
#include <stdio.h>
#include <stdlib.h>

#include <caplog/file.h>
#include <caplog/plan.h>

static uint32_t next_badge = 0x4000; /* a kernel of one's own hands out others */

static int judge(void *ctx, uint32_t slot, const struct caplog_cap *cap, struct caplog_diag *diag)
{
	(void)ctx; (void)slot; (void)cap; (void)diag;
	return CAPLOG_CAN; /* a real monitor asks its ledger: was the component given this object? */
}

/* Threads, objects and gates are recreated alike: something that has a new badge */
static int create(void *what, const struct caplog_plan_step *s, uint32_t *badge,
                  struct caplog_diag *diag)
{
	(void)what; (void)diag;
	*badge = next_badge += 8;
	printf("%-9s slot 0x%03x  %-9s badge 0x%x -> 0x%x\n", caplog_phase_name(s->phase), s->slot,
	       caplog_kind_name(s->kind), s->old_badge, *badge);
	return 0;
}

static int act(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	(void)ctx; (void)diag;
	printf("%-9s slot 0x%03x\n", caplog_phase_name(s->phase), s->slot);
	return 0;
}

static int done(void *ctx, struct caplog_diag *diag) { (void)ctx; (void)diag; return 0; }

static void undo(void *ctx, const struct caplog_plan_step *s)
{
	(void)ctx;
	printf("undo      slot 0x%03x\n", s->slot);
}

int main(int argc, char **argv)
{
	static struct caplog_space space;
	static struct caplog_plan plan;
	struct caplog_ops const ops = {
		.judge = judge, .thread = create, .threads_done = done, .object = create,
		.gate = create, .install = act, .attach = act, .badge = act, .badges_done = done,
		.registers = act, .start = act, .undo = undo
	};
	struct caplog_reader reader;
	struct caplog_diag why = { 0, "cannot be read" };
	size_t size = 0;
	uint8_t *log = NULL;

	if (argc != 2)
		return fprintf(stderr, "usage: %s FILE\n", argv[0]), 2;
	if (caplog_read_file(argv[1], CAPLOG_LOG_MAX, &log, &size, &why) ||
	    caplog_reader_open(&reader, log, size, &why) ||
	    caplog_reader_update(&reader, &space, NULL, &why) ||
	    caplog_plan(&plan, &space, &ops, &why) ||
	    caplog_execute(&plan, &ops, NULL, &why))
		return fprintf(stderr, "%s: %s\n", argv[1], why.text), 1;
	printf("restored %u slots in %u steps\n", plan.used_count, plan.count);
	free(log);
	return 0;
}
