/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A log against the kernel's object space
 *
 * Every live entry has to be in the kernel, every freed one must not, and every
 * slot of the kernel without an entry has to be one that the log explains: what
 * was removed, or came into a receive window, stays mapped.
 */
#include <inttypes.h>
#include <string.h>

#include "kernel.h"

enum { TEXT_SIZE = 96 };

/* One comparison of a log with the kernel's space */
struct judge {
	const struct tool_log      *log;
	const struct caplog_space  *space;
	const struct kernel_space  *kernel;
	struct verify_counts       *counts;
	int                         allow_dead;
	uint32_t                    dead, dead_max;
	const struct caplog_residue *residue; /* next of the log's, by slots */
	const struct caplog_residue *residue_end;
	void (*report)(void *ctx, const struct finding *finding);
	void *ctx;
};

const char *verdict_name(unsigned verdict)
{
	static const char *const names[] = {
#define X(id, name) [VERDICT_##id] = name,
		VERDICTS(X)
#undef X
	};

	return verdict < VERDICT_COUNT ? names[verdict] : NULL;
}

static void find(const struct judge *j, enum verdict verdict, uint32_t slot, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static void find(const struct judge *j, enum verdict verdict, uint32_t slot, const char *fmt, ...)
{
	uint32_t *const count[VERDICT_COUNT] = {
		[VERDICT_MISMATCH] = &j->counts->mismatches, [VERDICT_LOST] = &j->counts->lost,
		[VERDICT_DEAD] = &j->counts->dead, [VERDICT_LEFTOVER] = &j->counts->leftovers,
		[VERDICT_UNSEEN] = &j->counts->unseen
	};
	char text[4 * TEXT_SIZE];
	struct finding const finding = { verdict, slot, text };
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	++*count[verdict];
	j->report(j->ctx, &finding);
}

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
	case CAPLOG_KERNEL_JDB:
		snprintf(text, TEXT_SIZE, "the kernel debugger");
		break;
	case CAPLOG_KERNEL_THREAD:
		snprintf(text, TEXT_SIZE, "a thread");
		break;
	case CAPLOG_KERNEL_OTHER:
		snprintf(text, TEXT_SIZE, "an object of another type");
		break;
	default:
		snprintf(text, TEXT_SIZE, "nothing");
	}
}

static void mismatch(const struct judge *j, uint32_t slot, const struct caplog_kernel_cap *k,
                     const char *expected)
{
	char found[TEXT_SIZE];

	describe_found(found, k);
	find(j, VERDICT_MISMATCH, slot, "%s, badge 0x%" PRIx32 ": expected %s, found %s",
	     entry_name(j->space, slot), j->space->cap[slot].badge, expected, found);
}

static void unseen(const struct judge *j, uint32_t slot, const char *what)
{
	find(j, VERDICT_UNSEEN, slot, "%s, badge 0x%" PRIx32 ": %s", entry_name(j->space, slot),
	     j->space->cap[slot].badge, what);
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
		unseen(j, slot, "a gate whose label the debugger did not show");
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
		unseen(j, slot, "an IRQ whose thread the debugger did not show");
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


/*
 * Received capabilities that the kernel no longer has
 */

/* Slot of the kernel's space that holds a gate with this label, or CAPLOG_NO_SLOT */
static uint32_t slot_with_label(const struct kernel_space *kernel, uint64_t label)
{
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++)
		if (kernel->cap[slot].type == CAPLOG_KERNEL_GATE && kernel->cap[slot].has_label &&
		    kernel->cap[slot].label == label)
			return slot;
	return CAPLOG_NO_SLOT;
}

static int is_live_received(const struct caplog_cap *c)
{
	return c->kind == CAPLOG_RECEIVED && !c->stale;
}

/* Its object may be gone: no gate with its label is known to exist */
static int may_be_dead(const struct judge *j, uint32_t slot)
{
	uint32_t const badge = j->space->cap[slot].badge;

	return is_live_received(&j->space->cap[slot]) &&
	       j->kernel->cap[slot].type == CAPLOG_KERNEL_NONE &&
	       kernel_has_label(j->kernel, badge) != 1 &&
	       slot_with_label(j->kernel, badge) == CAPLOG_NO_SLOT;
}

static void count_dead(struct judge *j, const struct verify_options *options)
{
	uint32_t received = 0;

	for (uint32_t slot = 0; slot < j->space->flavour->slot_count; slot++) {
		received += (uint32_t)is_live_received(&j->space->cap[slot]);
		j->dead  += (uint32_t)may_be_dead(j, slot);
	}
	j->dead_max = options->dead_max_given ? options->dead_max : (received + 3) / 4;
}

static void check_absent(const struct judge *j, uint32_t slot)
{
	uint32_t const badge = j->space->cap[slot].badge;
	uint32_t const elsewhere = slot_with_label(j->kernel, badge);
	int const known = kernel_has_label(j->kernel, badge);
	char expected[2 * TEXT_SIZE] = "a capability (--allow-dead if its owner is gone)";

	if (elsewhere != CAPLOG_NO_SLOT)
		snprintf(expected, sizeof expected, "a capability: its object exists, slot 0x%" PRIx32
		         " holds it", elsewhere);
	else if (known == 1)
		snprintf(expected, sizeof expected, "a capability: its object exists, the kernel lists a "
		         "gate with this label");
	else if (j->allow_dead && j->dead > j->dead_max)
		snprintf(expected, sizeof expected, "a capability: %" PRIu32 " absent ones are too many "
		         "to be all dead (--dead-max %" PRIu32 ")", j->dead, j->dead_max);
	else if (j->allow_dead) {
		find(j, VERDICT_DEAD, slot, "received, badge 0x%" PRIx32 ": %s", badge,
		     known ? "believed dead: the kernel's slot is empty and no other slot holds a gate with "
		             "this label" : "dead: the kernel lists no gate with this label");
		return;
	}
	mismatch(j, slot, &j->kernel->cap[slot], expected);
}

static void check_live(const struct judge *j, uint32_t slot, const struct caplog_kernel_cap *k)
{
	const struct caplog_cap *c = &j->space->cap[slot];

	if (c->kind == CAPLOG_IRQ)
		check_irq(j, slot, k);
	else if (c->kind != CAPLOG_RECEIVED)
		check_gate(j, slot, k);
	else if (k->type != CAPLOG_KERNEL_NONE)
		check_received(j, slot, k);
	else
		check_absent(j, slot);
}


/*
 * Slots without an entry
 */

static void lost(const struct judge *j, uint32_t slot, const char *why)
{
	char found[TEXT_SIZE];

	describe_found(found, &j->kernel->cap[slot]);
	find(j, VERDICT_LOST, slot, "no entry, found %s: %s", found, why);
}

/* Is this what the log says was left there? */
static void check_leftover(const struct judge *j, uint32_t slot, const struct caplog_residue *r)
{
	const struct caplog_flavour *f = j->space->flavour;
	const struct caplog_kernel_cap *k = &j->kernel->cap[slot];
	char why[2 * TEXT_SIZE];

	if (slot == f->parent_slot || slot == f->thread_base) {
		lost(j, slot, "every component has an entry there, so its insertion is lost");
	} else if (slot < f->user_base) {
		find(j, VERDICT_LEFTOVER, slot, "core's: below the slots that the component allocates");
	} else if (!j->log->residue_known && !(r && (!k->has_label || k->label == r->badge))) {
		j->counts->unexplained = 1;
		find(j, VERDICT_LEFTOVER, slot, "not judged: this log does not record receive windows");
	} else if (!r) {
		lost(j, slot, "no event is about this slot, so its insertion is lost");
	} else if (k->has_label && k->label != r->badge) {
		snprintf(why, sizeof why, "the last event left badge 0x%" PRIx32 ", so an insertion after "
		         "it is lost", r->badge);
		lost(j, slot, why);
	} else if (r->passed && j->log->residue_known) {
		lost(j, slot, "free by the log, but later allocations passed over it, so an insertion is "
		     "lost");
	} else {
		find(j, VERDICT_LEFTOVER, slot, r->how == CAPLOG_RESIDUE_REMOVED
		     ? "removed under badge 0x%" PRIx32 ", and not unmapped"
		     : "received under badge 0x%" PRIx32 " in a window that is released", r->badge);
	}
}

static void check_slot(struct judge *j, uint32_t slot)
{
	const struct caplog_cap *c = &j->space->cap[slot];
	const struct caplog_kernel_cap *k = &j->kernel->cap[slot];
	const struct caplog_residue *r = NULL;

	while (j->residue < j->residue_end && j->residue->slot < slot)
		j->residue++;
	if (j->residue < j->residue_end && j->residue->slot == slot)
		r = j->residue;

	if (r && r->how == CAPLOG_RESIDUE_UNMATCHED)
		find(j, VERDICT_LOST, slot, "an event under badge 0x%" PRIx32 " without its insertion, "
		     "which is lost", r->badge);
	else if (c->kind == CAPLOG_EMPTY && k->type != CAPLOG_KERNEL_NONE)
		check_leftover(j, slot, r);
	if (c->kind == CAPLOG_EMPTY)
		return;
	if (!c->stale && !is_tombstone(c))
		check_live(j, slot, k);
	else if (k->type != CAPLOG_KERNEL_NONE)
		mismatch(j, slot, k, "nothing");
}

void verify_space(const struct tool_log *log, const struct kernel_space *kernel,
                  const struct verify_options *options, struct verify_counts *counts,
                  void (*report)(void *ctx, const struct finding *finding), void *ctx)
{
	struct judge judge = {
		.log = log, .space = log->space, .kernel = kernel, .counts = counts,
		.allow_dead = options->allow_dead, .report = report, .ctx = ctx,
		.residue = log->residue, .residue_end = log->residue ? log->residue + log->residues : NULL
	};
	struct caplog_census census;

	memset(counts, 0, sizeof *counts);
	caplog_space_census(log->space, &census);
	counts->live       = census.live;
	counts->tombstones = census.tombstones;
	counts->stale      = census.stale;
	counts->kernel     = kernel->count;
	count_dead(&judge, options);
	for (uint32_t slot = 0; slot < log->space->flavour->slot_count; slot++)
		check_slot(&judge, slot);
}
