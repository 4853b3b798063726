/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static void print_event(const struct caplog_flavour *flavour, const struct caplog_event *e)
{
	char line[128];

	caplog_format_event(line, sizeof line, flavour, e);
	puts(line);
}


/*
 * History
 */

/* Does the history alone lead to the state? Then it can be exported. */
struct rehearsal {
	struct caplog_space space;
	int failed;
};

static int rehearse(void *ctx, const struct caplog_event *event)
{
	struct rehearsal *r = ctx;

	r->failed |= caplog_fold(&r->space, event) != 0;
	return 0;
}

static int same_state(const struct caplog_space *x, const struct caplog_space *y)
{
	for (uint32_t slot = 0; slot < x->flavour->slot_count; slot++) {
		const struct caplog_cap *a = &x->cap[slot], *b = &y->cap[slot];

		if (a->badge != b->badge || a->kind != b->kind || a->other != b->other ||
		    a->stale != b->stale)
			return 0;
	}
	return 1;
}

/*
 * \return 1 if the rings hold every event, in an order that leads to the state;
 *         0 if not; -1 (error printed)
 */
static int history_is_whole(const struct tool_log *log)
{
	struct rehearsal *r = malloc(sizeof *r);
	struct caplog_diag diag;
	int complete, whole;

	if (!r) {
		tool_error("%s: out of memory", log->name);
		return -1;
	}
	r->failed = 0;
	caplog_space_init(&r->space, log->space->flavour, log->space->word_bytes);
	if (caplog_reader_history(&log->reader, &complete, rehearse, r, &diag)) {
		tool_error("%s: %s", log->name, diag.text);
		whole = -1;
	} else {
		whole = complete && !r->failed && !log->stat.early_lost &&
		        same_state(&r->space, log->space);
	}
	free(r);
	return whole;
}

static int print_visited(void *ctx, const struct caplog_event *event)
{
	const struct tool_log *log = ctx;

	print_event(log->space->flavour, event);
	return 0;
}


/*
 * State
 */

static void print_slot(const struct caplog_space *space, uint32_t slot)
{
	const struct caplog_cap *c = &space->cap[slot];
	struct caplog_event e;

	memset(&e, 0, sizeof e);
	e.slot  = (uint16_t)slot;
	e.badge = c->badge;
	e.other = c->other;
	e.a     = space->a[slot];
	e.b     = space->b[slot];

	e.kind = c->kind == CAPLOG_PLACED || c->kind == CAPLOG_THREAD ? CAPLOG_INSERT_AT
	                                                               : CAPLOG_INSERT_MAP;
	print_event(space->flavour, &e);
	if (c->kind == CAPLOG_RPC || c->kind == CAPLOG_TOMBSTONE) {
		e.kind = CAPLOG_RPC_ALLOC;
		print_event(space->flavour, &e);
	}
	switch (c->kind) {
	case CAPLOG_TOMBSTONE: e.kind = CAPLOG_RPC_FREE; break;
	case CAPLOG_THREAD:    e.kind = CAPLOG_THREAD_START; break;
	case CAPLOG_IRQ:       e.kind = CAPLOG_IRQ_ATTACH; break;
	default:               e.kind = CAPLOG_NO_EVENT; break;
	}
	if (e.kind)
		print_event(space->flavour, &e);
	if (c->stale) {
		e.kind = CAPLOG_STALE;
		print_event(space->flavour, &e);
	}
}

/* Stale entries first: their badges may live on in other slots */
static void print_state(const struct caplog_space *space)
{
	for (int stale = 1; stale >= 0; stale--)
		for (uint32_t slot = 0; slot < space->flavour->slot_count; slot++)
			if (space->cap[slot].kind != CAPLOG_EMPTY && space->cap[slot].stale == stale)
				print_slot(space, slot);
}


static int export(struct tool_log *log)
{
	struct caplog_diag diag;
	int complete;

	if (log_complete(log))
		return TOOL_UNUSABLE;

	int const whole = history_is_whole(log);
	if (whole < 0)
		return TOOL_UNUSABLE;
	if (whole) {
		caplog_reader_history(&log->reader, &complete, print_visited, log, &diag);
	} else {
		tool_note("%s: the log does not hold all its history any more: what follows is the "
		          "state, as the fewest events that lead to it", log->name);
		print_state(log->space);
	}
	return tool_finish(TOOL_OK);
}

static int run(int argc, char **argv)
{
	struct tool_log log;
	struct args args;

	args_init(&args, &tool_export, argc, argv);
	while (args_option(&args) != OPTION_DONE)
		return args.status;

	const char *const file = args_file(&args);
	if (!file)
		return args.status;
	if (log_load(&log, file, &args.load))
		return TOOL_UNUSABLE;

	int const status = export(&log);
	log_free(&log);
	return status;
}

const struct tool_command tool_export = {
	"export", "print a log as a text trace",
	"[OPTIONS] LOG",
	"Print the events of a log in the text form, one per line. A log that has\n"
	"overwritten events gives its state instead: the fewest events that lead to\n"
	"the same capability space, and a note about it on standard error.\n",
	NULL,
	run
};
