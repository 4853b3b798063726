/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Demonstration: components run on node A, are checkpointed and killed, and
 * resume on node B, where all badges are different
 *
 * usage: demo [-v] [--seed N] [SCENARIO...]
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <caplog/file.h>
#include <caplog/text.h>

#include "base/base.h"
#include "group.h"

enum { NODE_A = 0x1000, NODE_B = 0x5000 };

static const char *const phase_of_kind[] = {
	[CAPLOG_PLACED] = "threads", [CAPLOG_RECEIVED] = "objects", [CAPLOG_RPC] = "gates",
	[CAPLOG_TOMBSTONE] = "badges", [CAPLOG_THREAD] = "threads", [CAPLOG_IRQ] = "irqs"
};

static void die(const char *what, const struct caplog_diag *diag)
{
	fprintf(stderr, "demo: %s: %s\n", what, diag->text);
	exit(1);
}

/* What the object in a slot is, in the words of its ledger line */
static void describe(const struct group *g, uint32_t i, uint32_t slot, char *text, size_t size)
{
	struct caplog_target *t = g->target[i];
	const struct caplog_cap *c = &t->space.cap[slot];
	const struct caplog_image_slot *s = &t->slot[slot];
	const struct caplog_object *line = s->from == CAPLOG_FROM_LEDGER
	                                   ? caplog_ledger_by_id(&t->ledger, s->source) : NULL;

	if (c->kind == CAPLOG_TOMBSTONE)
		snprintf(text, size, "tombstone of an own RPC object");
	else if (c->stale || s->from == CAPLOG_FROM_DEAD)
		snprintf(text, size, "dead (its owner destroyed it)");
	else if (c->kind == CAPLOG_THREAD || caplog_is_thread_slot(t->space.flavour, slot))
		snprintf(text, size, "gate of %s thread", c->kind == CAPLOG_THREAD ? "a" : "the main");
	else if (c->kind == CAPLOG_RPC)
		snprintf(text, size, "own RPC object, entrypoint 0x%x", c->other);
	else if (c->kind == CAPLOG_IRQ)
		snprintf(text, size, "semaphore, attached to 0x%x", c->other);
	else if (s->from == CAPLOG_FROM_TARGET)
		snprintf(text, size, "object of %s",
		         g->target[s->target]->name);
	else
		snprintf(text, size, "%s", line ? line->name : "?");
}

static const char *phase_name(const struct caplog_target *t, uint32_t slot)
{
	const struct caplog_cap *c = &t->space.cap[slot];

	if (c->stale || t->slot[slot].from == CAPLOG_FROM_DEAD)
		return "badges";
	if (c->kind == CAPLOG_PLACED && slot == t->space.flavour->parent_slot)
		return "objects";
	return phase_of_kind[c->kind];
}

/*
 * One row per capability, compared with the original's now. Long runs of like
 * rows are cut, unless they differ: a hundred objects say no more than three
 */
static void show_table(const struct group *a, const struct group *b, int verbose)
{
	for (uint32_t i = 0; i < a->count; i++) {
		const struct caplog_target *t = a->target[i];
		const struct hb_env *env = hm_memory(group_handle(b, i), HK_BSS, sizeof *env);
		unsigned rows[8] = { 0 }, left_out = 0;

		printf("  %s\n  %-6s %-34s %-9s %-9s %-8s compared\n", t->name, "slot", "object",
		       "old badge", "new badge", "phase");
		for (uint32_t slot = 0; slot < t->space.flavour->slot_count; slot++) {
			char text[CAPLOG_TARGET_NAME + 32];
			const struct caplog_cap *c = &t->space.cap[slot];
			struct caplog_diag diag = { 0, "" };

			if (c->kind == CAPLOG_EMPTY)
				continue;
			int const differs = group_slot_differs(a, b, i, slot, &diag);
			if (++rows[c->kind] > 4 && !verbose && !differs) {
				left_out++;
				continue;
			}
			describe(a, i, slot, text, sizeof text);
			printf("  0x%-4x %-34s 0x%-7x 0x%-7x %-8s %s\n", slot, text, c->badge,
			       env->storage.badge[slot], phase_name(t, slot), differs ? diag.text : "equal");
		}
		if (left_out)
			printf("  ... and %u more, all equal (-v shows them)\n", left_out);
	}
}

static const char *new_part(const char *all, const char *before)
{
	return all + strlen(before);
}

static void print_lines(const char *text, const char *indent)
{
	while (*text) {
		size_t const n = strcspn(text, "\n");
		printf("%s%.*s\n", indent, (int)n, text);
		text += n + (text[n] == '\n');
	}
}

static size_t shown_so_far(const struct group *g)
{
	size_t n = 0;

	for (uint32_t i = 0; i < g->count; i++)
		n += group_handle(g, i)->traced;
	return n;
}

static int print_event(void *ctx, const struct caplog_event *e)
{
	char text[160];

	(void)ctx;
	caplog_format_event(text, sizeof text, caplog_flavours(NULL), e);
	printf("    %s\n", text);
	return 0;
}

static void print_log(const struct group *g, uint32_t i)
{
	struct caplog_diag diag = { 0, "" };
	int complete;

	printf("  events of %s:\n", g->target[i]->name);
	if (caplog_reader_history(&g->target[i]->reader, &complete, print_event, NULL, &diag))
		die("log", &diag);
}

/* Until half of the requests were seen: much is done then, and much is left */
static void run_half(struct group *a, const struct group *reference)
{
	while (shown_so_far(a) < shown_so_far(reference) / 2 && hm_step(a->node) > 0)
		;
}

static unsigned used_slots(const struct group *g)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < g->count; i++)
		for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++)
			n += g->target[i]->space.cap[slot].kind != CAPLOG_EMPTY;
	return n;
}

static void report_a(const struct group *a, const struct stored_image *image, int verbose)
{
	printf("\n%s\n  node A, badges from 0x%x:\n", group_handle(a, 0)->name, NODE_A);
	for (uint32_t i = 0; i < a->count; i++)
		print_lines(image->trace[i], "    ");
	for (uint32_t i = 0; i < a->count && verbose; i++)
		print_log(a, i);
	printf("  checkpoint (%lu KiB), killed on A, restored on node B, badges from 0x%x:\n",
	       (unsigned long)image->size / 1024, NODE_B);
}

/* The way from A to B is a file: written whole or not at all, checked when read */
static void carry(struct stored_image *image)
{
	const char *const tmp = getenv("TMPDIR");
	struct caplog_diag diag = { 0, "" };
	char path[4096];
	uint8_t *data = NULL;
	size_t size = 0;

	snprintf(path, sizeof path, "%s/caplog-demo-XXXXXX", tmp && *tmp ? tmp : ".");
	int const fd = mkstemp(path);
	if (fd < 0) {
		fprintf(stderr, "demo: cannot create %s: %s; set TMPDIR\n", path, strerror(errno));
		exit(1);
	}
	close(fd);
	if (caplog_write_file(path, image->data, image->size, &diag) ||
	    caplog_read_file(path, image->size, &data, &size, &diag))
		die("image file", &diag);
	unlink(path);
	free(image->data);
	image->data = data;
	image->size = size;
}

static void move(const struct scenario *s, uint64_t seed, int tables, int verbose)
{
	struct group reference = group_empty(seed, NODE_A), a = group_empty(seed, NODE_A);
	struct group b = group_empty(seed + 1, NODE_B);
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };

	group_start(&reference, s);
	if (hm_run(reference.node, ~0ull) != 1)
		die(s->name, &(struct caplog_diag){ 0, "does not end" });
	group_start(&a, s);
	run_half(&a, &reference);
	if (group_checkpoint(&a, &image, &diag))
		die("checkpoint", &diag);
	carry(&image);
	if (group_restore(&b, &image, &diag))
		die("restore", &diag);
	if (tables) {
		report_a(&a, &image, verbose);
		show_table(&a, &b, verbose);
	}
	/* rows are of slots that are in use; others must be empty */
	if (group_differs(&a, &b, &diag))
		die("the restored components differ", &diag);
	unsigned const slots = used_slots(&a);
	group_free(&a);

	if (tables)
		printf("  resumed on B:\n");
	if (hm_run(b.node, ~0ull) != 1)
		die(s->name, &(struct caplog_diag){ 0, "stopped after the restore" });
	for (uint32_t i = 0; i < b.count; i++) {
		if (tables)
			print_lines(new_part(group_handle(&b, i)->trace, image.trace[i]), "    ");
		if (strcmp(group_handle(&b, i)->trace, group_handle(&reference, i)->trace))
			die(s->name, &(struct caplog_diag){ 0, "its trace differs from the uninterrupted run's" });
	}
	/* traces were compared above */
	if (tables)
		printf("  its trace equals that of the uninterrupted run\n");
	else
		printf("%-12s moved the same way: %3u slots equal, trace as uninterrupted\n", s->name,
		       slots);
	image_free(&image);
	group_free(&b);
	group_free(&reference);
}

static int usage(int status)
{
	printf("usage: demo [-v] [--seed N] [SCENARIO...]\n\n"
	       "  -v        every slot and every event\n"
	       "  --seed N  another schedule\n\nscenarios:");
	for (unsigned s = 0; hosted_scenario(s); s++)
		printf(" %s", hosted_scenario(s)->name);
	printf("\n");
	return status;
}

static int is_scenario(const char *name)
{
	return hosted_scenario_by_name(name) != NULL;
}

int main(int argc, char **argv)
{
	int verbose = 0, chosen = 0;
	uint64_t seed = 1;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-v"))
			verbose = 1;
		else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
			seed = strtoull(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--help"))
			return usage(0);
		else if (is_scenario(argv[i]))
			chosen++;
		else
			return usage(2);
	}
	printf("\nUnmodified components move between two nodes of the hosted platform\n");
	for (unsigned s = 0; hosted_scenario(s); s++) {
		int wanted = !chosen;
		for (int i = 1; i < argc; i++)
			wanted |= !strcmp(argv[i], hosted_scenario(s)->name);
		/* tables of some, unless asked for more */
		if (wanted)
			move(hosted_scenario(s), seed, verbose || chosen || hosted_scenario(s)->shown, verbose);
	}
	return 0;
}
