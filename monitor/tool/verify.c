/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

enum { TEXT_SIZE = 80 };

/* One comparison of a space with the kernel's */
struct judge {
	const struct caplog_space *space;
	struct verify_counts *counts;
	void (*report)(void *ctx, uint32_t slot, const char *text);
	void *ctx;
	int allow_dead;
};

static void describe_found(char *text, const struct caplog_kernel_cap *k)
{
	switch (k->type) {
	case CAPLOG_KERNEL_TASK:
		snprintf(text, TEXT_SIZE, "a task");
		break;
	case CAPLOG_KERNEL_GATE:
		if (k->has_label)
			snprintf(text, TEXT_SIZE, "a gate with label 0x%" PRIx64, k->label);
		else
			snprintf(text, TEXT_SIZE, "a gate");
		break;
	case CAPLOG_KERNEL_IRQ:
		if (k->attached == CAPLOG_NO_SLOT)
			snprintf(text, TEXT_SIZE, "an IRQ attached to no thread");
		else
			snprintf(text, TEXT_SIZE, "an IRQ attached to the thread of slot 0x%x",
			         k->attached);
		break;
	default:
		snprintf(text, TEXT_SIZE, "nothing");
	}
}

static void mismatch(const struct judge *j, uint32_t slot, const struct caplog_kernel_cap *k,
                     const char *expected)
{
	char found[TEXT_SIZE], text[3 * TEXT_SIZE];
	const struct caplog_cap *c = &j->space->cap[slot];

	describe_found(found, k);
	snprintf(text, sizeof text, "%s, badge 0x%" PRIx32 ": expected %s, found %s",
	         entry_name(j->space, slot), c->badge, expected, found);
	j->counts->mismatches++;
	j->report(j->ctx, slot, text);
}

/* The main thread's entry has a made-up badge */
static int label_is_free(const struct caplog_space *space, uint32_t slot)
{
	const struct caplog_flavour *f = space->flavour;

	return slot == f->thread_base && space->cap[slot].badge == f->main_badge;
}

static void check_gate(const struct judge *j, uint32_t slot, const struct caplog_kernel_cap *k)
{
	const struct caplog_cap *c = &j->space->cap[slot];
	char expected[TEXT_SIZE] = "a gate";

	if (!label_is_free(j->space, slot))
		snprintf(expected, sizeof expected, "a gate with label 0x%" PRIx32, c->badge);
	if (k->type != CAPLOG_KERNEL_GATE)
		mismatch(j, slot, k, expected);
	else if (!k->has_label)
		j->counts->unseen++;
	else if (k->label != c->badge && !label_is_free(j->space, slot))
		mismatch(j, slot, k, expected);
}

static void check_irq(const struct judge *j, uint32_t slot, const struct caplog_kernel_cap *k)
{
	const struct caplog_cap *c = &j->space->cap[slot];
	char expected[TEXT_SIZE];

	snprintf(expected, sizeof expected, "an IRQ attached to the thread of slot 0x%x", c->other);
	if (k->type != CAPLOG_KERNEL_IRQ)
		mismatch(j, slot, k, expected);
	else if (k->attached == CAPLOG_NO_SLOT)
		j->counts->unseen++;
	else if (k->attached != c->other)
		mismatch(j, slot, k, expected);
}

/* Anything may have been received, but an attached IRQ has an event of its own */
static void check_received(const struct judge *j, uint32_t slot,
                           const struct caplog_kernel_cap *k)
{
	if (k->type == CAPLOG_KERNEL_GATE)
		check_gate(j, slot, k);
	else if (k->type == CAPLOG_KERNEL_IRQ && k->attached != CAPLOG_NO_SLOT)
		mismatch(j, slot, k, "an IRQ attached to no thread");
}

static void check_live(const struct judge *j, uint32_t slot, const struct caplog_kernel_cap *k)
{
	const struct caplog_cap *c = &j->space->cap[slot];
	char expected[TEXT_SIZE];

	if (c->kind == CAPLOG_IRQ) {
		check_irq(j, slot, k);
	} else if (c->kind != CAPLOG_RECEIVED) {
		check_gate(j, slot, k);
	} else if (k->type != CAPLOG_KERNEL_NONE) {
		check_received(j, slot, k);
	} else if (j->allow_dead) {
		j->counts->dead++;
	} else {
		snprintf(expected, sizeof expected, "a capability (--allow-dead if its owner is gone)");
		mismatch(j, slot, k, expected);
	}
}

static void check_slot(const struct judge *j, uint32_t slot, const struct caplog_kernel_cap *k)
{
	const struct caplog_cap *c = &j->space->cap[slot];
	unsigned const present = k->type != CAPLOG_KERNEL_NONE;

	if (c->kind == CAPLOG_EMPTY)
		j->counts->leftovers += present;
	else if (!c->stale && !is_tombstone(c))
		check_live(j, slot, k);
	else if (present)
		mismatch(j, slot, k, "nothing");
}

void verify_space(const struct caplog_space *space, const struct kernel_space *kernel,
                  int allow_dead, struct verify_counts *counts,
                  void (*report)(void *ctx, uint32_t slot, const char *text), void *ctx)
{
	struct judge const judge = { space, counts, report, ctx, allow_dead };
	struct caplog_census census;

	memset(counts, 0, sizeof *counts);
	caplog_space_census(space, &census);
	counts->live       = census.live;
	counts->tombstones = census.tombstones;
	counts->stale      = census.stale;
	counts->kernel     = kernel->count;
	for (uint32_t slot = 0; slot < space->flavour->slot_count; slot++)
		check_slot(&judge, slot, &kernel->cap[slot]);
}


static void print_mismatch(void *ctx, uint32_t slot, const char *text)
{
	(void)ctx;
	printf("slot 0x%x: %s\n", slot, text);
}

static int verify(const struct tool_log *log, const char *path, int allow_dead)
{
	struct kernel_space *kernel = malloc(sizeof *kernel);
	struct verify_counts n;

	if (!kernel)
		return tool_error("out of memory");
	if (log_complete(log) || kernel_load(kernel, path, log->space->flavour)) {
		free(kernel);
		return TOOL_UNUSABLE;
	}
	verify_space(log->space, kernel, allow_dead, &n, print_mismatch, NULL);
	free(kernel);
	printf("live=%" PRIu32 " tombstones=%" PRIu32 " stale=%" PRIu32 " dead=%" PRIu32
	       " kernel=%" PRIu32 " leftovers=%" PRIu32 " unseen=%" PRIu32 " mismatches=%" PRIu32
	       "\n", n.live, n.tombstones, n.stale, n.dead, n.kernel, n.leftovers, n.unseen,
	       n.mismatches);
	return tool_finish(n.mismatches ? TOOL_DIFFERS : TOOL_OK);
}

static int run(int argc, char **argv)
{
	const char *space = NULL;
	struct tool_log log;
	struct args args;
	int option, allow_dead = 0;

	args_init(&args, &tool_verify, argc, argv);
	while ((option = args_option(&args)) != OPTION_DONE) {
		if (option == OPTION_END)
			return args.status;
		if (option == 's')
			space = optarg;
		else
			allow_dead = 1;
	}

	const char *const file = args_file(&args);
	if (!file)
		return args.status;
	if (!space)
		return args_error(&args, "--space SPACE is missing");
	if (!strcmp(file, "-") && !strcmp(space, "-"))
		return args_error(&args, "FILE and SPACE cannot both be standard input");
	if (log_load(&log, file, &args.load))
		return TOOL_UNUSABLE;

	int const status = verify(&log, space, allow_dead);
	log_free(&log);
	return status;
}

static const struct tool_option options[] = {
	{ 's', "space", "SPACE", "the kernel's object space, from the kernel debugger", TOOL_FILE },
	{ OPTION_OWN, "allow-dead", NULL, "accept received capabilities that the kernel no longer has, because "
	  "their owner destroyed the object; count them", NULL },
	{ 0, NULL, NULL, NULL, NULL }
};

const struct tool_command tool_verify = {
	"verify", "hold a log against the kernel's object space",
	"--space SPACE [OPTIONS] FILE",
	"Each live entry must be in the kernel's space: gates with their badge as\n"
	"label, IRQs attached to their thread. What was freed must be absent. Kernel\n"
	"slots without an entry are leftovers and allowed. One line per mismatch, a\n"
	"summary at the end, exit status 1 if something does not match.\n",
	options,
	run
};
