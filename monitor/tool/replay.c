/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdlib.h>

#include <jansson.h>

#include "names.h"
#include "tool.h"

/* Far from the badges of most recordings, with room for every slot above it */
enum { BADGES_FROM = 0x4000 };

struct replay {
	const struct tool_log *log;
	struct slot_names   names;
	struct caplog_plan  plan;
	struct memspace     mem;
	struct check_counts counts;
	json_t *failures;  /* NULL: print text */
};

static const char *what(const struct replay *r, const struct caplog_plan_step *s)
{
	return s->kind == CAPLOG_EMPTY ? "hole" : entry_name(r->log->space, s->slot);
}

/* The badge by which the slot is known after the step */
static uint32_t new_badge(const struct replay *r, const struct caplog_plan_step *s)
{
	return s->phase == CAPLOG_PHASE_BADGES ? s->new_badge : r->plan.badge[s->slot];
}

static int is_bound(const struct caplog_plan_step *s)
{
	return s->phase == CAPLOG_PHASE_GATES || s->phase == CAPLOG_PHASE_IRQS;
}


/*
 * Text
 */

static void print_step(const struct replay *r, const struct caplog_plan_step *s)
{
	printf("  0x%-4x %-9s  badge 0x%-5" PRIx32 " -> 0x%-5" PRIx32 "  serial %" PRIu64, s->slot,
	       what(r, s), s->old_badge, new_badge(r, s), s->serial);
	if (is_bound(s))
		printf("  thread 0x%x", s->other);
	if (s->dead)
		printf("  never matches");
	puts(name_suffix(&r->names, s->slot));
}

static void print_plan(const struct replay *r)
{
	const struct caplog_plan *p = &r->plan;

	for (unsigned phase = 0; phase < CAPLOG_PHASE_COUNT; phase++) {
		printf("%s: %" PRIu32 "\n", caplog_phase_name(phase),
		       p->phase_begin[phase + 1] - p->phase_begin[phase]);
		for (uint32_t i = p->phase_begin[phase]; i < p->phase_begin[phase + 1]; i++)
			print_step(r, &p->step[i]);
	}
}

static void report(void *ctx, uint32_t slot, const char *text)
{
	struct replay *r = ctx;

	if (!r->failures) {
		printf("slot 0x%x: %s%s\n", slot, text, name_suffix(&r->names, slot));
		return;
	}
	json_t *j = json_object();
	json_object_set_new(j, "slot", tool_json_hex(slot));
	json_object_set_new(j, "text", json_string(text));
	json_array_append_new(r->failures, j);
}

static int finish_text(const struct replay *r)
{
	const struct check_counts *n = &r->counts;

	printf("slots=%" PRIu32 " gates=%" PRIu32 " irqs=%" PRIu32 " freed=%" PRIu32 " failures=%"
	       PRIu32 "\n", n->slots, n->gates, n->irqs, n->freed, n->failures);
	return tool_finish(n->failures ? TOOL_DIFFERS : TOOL_OK);
}


/*
 * JSON
 */

static json_t *step_json(const struct replay *r, const struct caplog_plan_step *s)
{
	json_t *j = json_object();

	json_object_set_new(j, "slot", tool_json_hex(s->slot));
	json_object_set_new(j, "kind", json_string(what(r, s)));
	json_object_set_new(j, "old_badge", tool_json_hex(s->old_badge));
	json_object_set_new(j, "new_badge", tool_json_hex(new_badge(r, s)));
	json_object_set_new(j, "serial", json_integer((json_int_t)s->serial));
	if (is_bound(s))
		json_object_set_new(j, "thread", tool_json_hex(s->other));
	json_object_set_new(j, "never_matches", json_boolean(s->dead));
	return j;
}

static json_t *plan_json(const struct replay *r)
{
	const struct caplog_plan *p = &r->plan;
	json_t *phases = json_array();

	for (unsigned phase = 0; phase < CAPLOG_PHASE_COUNT; phase++) {
		json_t *j = json_object(), *steps = json_array();

		for (uint32_t i = p->phase_begin[phase]; i < p->phase_begin[phase + 1]; i++)
			json_array_append_new(steps, step_json(r, &p->step[i]));
		json_object_set_new(j, "phase", json_string(caplog_phase_name(phase)));
		json_object_set_new(j, "steps", steps);
		json_array_append_new(phases, j);
	}
	return phases;
}

static int finish_json(const struct replay *r)
{
	const struct check_counts *n = &r->counts;
	json_t *j = tool_json_document("replay");

	json_object_set_new(j, "phases", plan_json(r));
	json_object_set_new(j, "restored", json_integer(n->slots));
	json_object_set_new(j, "gates", json_integer(n->gates));
	json_object_set_new(j, "irqs", json_integer(n->irqs));
	json_object_set_new(j, "freed", json_integer(n->freed));
	json_object_set(j, "failures", r->failures);
	return tool_json_print(j, n->failures ? TOOL_DIFFERS : TOOL_OK);
}


static int replay(struct replay *r, uint32_t first_badge, int json)
{
	const struct tool_log *log = r->log;
	struct caplog_diag diag;
	struct caplog_ops ops;

	if (log_complete(log))
		return TOOL_UNUSABLE;
	if (log->stat.details_lost)
		tool_note("%s: details of %" PRIu64 " threads or IRQs found no place in the log; "
		          "theirs are taken as 0", log->name, log->stat.details_lost);

	names_of(&r->names, log->space, &log->reader);
	memspace_init(&r->mem, log->space, first_badge);
	memspace_ops(&r->mem, &ops);
	if (caplog_plan(&r->plan, log->space, &ops, &diag))
		return tool_error("%s: this space cannot be restored: %s", log->name, diag.text);
	if (caplog_execute(&r->plan, &ops, NULL, &diag))
		return tool_error("%s: restore failed: %s", log->name, diag.text);

	if (!json)
		print_plan(r);
	else if (!(r->failures = json_array()))
		return tool_error("out of memory");
	check_restored(log->space, &r->mem, &r->counts, report, r);

	int const status = json ? finish_json(r) : finish_text(r);
	json_decref(r->failures);
	return status;
}

static int load_and_replay(const struct args *args, const char *file, uint32_t first_badge,
                           int json)
{
	struct tool_log log;
	int status;

	if (log_load(&log, file, &args->load))
		return TOOL_UNUSABLE;

	struct replay *r = calloc(1, sizeof *r);
	if (r) {
		r->log = &log;
		status = replay(r, first_badge, json);
	} else {
		status = tool_error("out of memory");
	}
	free(r);
	log_free(&log);
	return status;
}

static int set_first_badge(const struct args *args, const char *text, uint32_t *badge)
{
	const struct caplog_flavour *f = args->load.flavour;
	uint64_t value;

	if (parse_number(text, 0, &value) || !value || value % f->badge_step ||
	    value >> f->badge_bits)
		return args_error(args, "--badges-from \"%s\": must be a multiple of %u of at most %u "
		                  "bits", text, f->badge_step, f->badge_bits);
	*badge = (uint32_t)value;
	return 0;
}

static int run(int argc, char **argv)
{
	uint32_t first_badge = BADGES_FROM;
	struct args args;
	int option, json = 0;

	args_init(&args, &tool_replay, argc, argv);
	while ((option = args_option(&args)) != OPTION_DONE) {
		if (option == OPTION_END)
			return args.status;
		if (option == 'j')
			json = 1;
		else if (set_first_badge(&args, optarg, &first_badge))
			return TOOL_UNUSABLE;
	}

	const char *const file = args_file(&args);
	return file ? load_and_replay(&args, file, first_badge, json) : args.status;
}

static const struct tool_option options[] = {
	{ 'j', "json", NULL, "print JSON", NULL },
	{ 'b', "badges-from", "N", "first badge that the node gives (0x4000)", NULL },
	{ 0, NULL, NULL, NULL, NULL }
};

const struct tool_command tool_replay = {
	"replay", "restore in memory with new badges, and check",
	"[OPTIONS] FILE",
	"Make the restore plan, execute it on a capability space in memory whose node\n"
	"gives other badges, print it phase by phase, and check that the outcome is\n"
	"the space that the log describes. Exit status 1 if it is not.\n",
	options,
	run
};
