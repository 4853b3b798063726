/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "kernel.h"
#include "names.h"

enum { OPTION_ALLOW_DEAD = OPTION_OWN, OPTION_DEAD_MAX };

struct verify {
	struct verify_options options;
	const struct tool_log *log;
	struct slot_names names;
	int     verbose;
	json_t *findings; /* NULL: print text */
};

static int is_wrong(const struct verify_counts *n)
{
	return n->mismatches || n->lost;
}


/*
 * Text
 */

static void print_finding(void *ctx, const struct finding *f)
{
	const struct verify *v = ctx;
	const char *const name = name_suffix(&v->names, f->slot);

	/* the dead are always named, so that the reader can check them */
	if (f->verdict == VERDICT_MISMATCH)
		printf("slot 0x%x: %s%s\n", f->slot, f->text, name);
	else if (v->verbose || f->verdict == VERDICT_LOST || f->verdict == VERDICT_DEAD)
		printf("slot 0x%x: %s: %s%s\n", f->slot, verdict_name(f->verdict), f->text, name);
}

static void print_counts(const struct verify_counts *n)
{
	printf("live=%" PRIu32 " tombstones=%" PRIu32 " stale=%" PRIu32 " dead=%" PRIu32
	       " kernel=%" PRIu32 " leftovers=%" PRIu32 " unseen=%" PRIu32 " lost=%" PRIu32
	       " mismatches=%" PRIu32 "\n", n->live, n->tombstones, n->stale, n->dead, n->kernel,
	       n->leftovers, n->unseen, n->lost, n->mismatches);
}


/*
 * JSON
 */

static void add_finding(void *ctx, const struct finding *f)
{
	const struct verify *v = ctx;
	const struct caplog_space *space = v->log->space;
	json_t *j = json_object();

	json_object_set_new(j, "slot", tool_json_hex(f->slot));
	json_object_set_new(j, "verdict", json_string(verdict_name(f->verdict)));
	json_object_set_new(j, "kind", json_string(entry_name(space, f->slot)));
	json_object_set_new(j, "badge", tool_json_hex(space->cap[f->slot].badge));
	json_object_set_new(j, "text", json_string(f->text));
	json_array_append_new(v->findings, j);
}

static void add_count(json_t *j, const char *name, uint32_t count)
{
	json_object_set_new(j, name, json_integer((json_int_t)count));
}

static int print_json(struct verify *v, const struct verify_counts *n)
{
	json_t *j = tool_json_document("verify");

	add_count(j, "live", n->live);
	add_count(j, "tombstones", n->tombstones);
	add_count(j, "stale", n->stale);
	add_count(j, "dead", n->dead);
	add_count(j, "kernel", n->kernel);
	add_count(j, "leftovers", n->leftovers);
	add_count(j, "unseen", n->unseen);
	add_count(j, "lost", n->lost);
	add_count(j, "mismatches", n->mismatches);
	json_object_set_new(j, "leftovers_judged", json_boolean(!n->unexplained));
	json_object_set_new(j, "findings", v->findings);
	return tool_json_print(j, is_wrong(n) ? TOOL_DIFFERS : TOOL_OK);
}


static int compare(struct verify *v, const struct kernel_space *kernel)
{
	struct verify_counts n;

	names_of(&v->names, v->log->space, &v->log->reader);
	verify_space(v->log, kernel, &v->options, &n, v->findings ? add_finding : print_finding, v);
	if (n.unexplained)
		tool_note("%s: does not record receive windows: leftovers are counted, not judged",
		          v->log->name);
	if (v->findings)
		return print_json(v, &n);
	print_counts(&n);
	return tool_finish(is_wrong(&n) ? TOOL_DIFFERS : TOOL_OK);
}

static int verify(struct verify *v, const char *path, int json)
{
	struct kernel_space *kernel = malloc(sizeof *kernel);
	int status = TOOL_UNUSABLE;

	if (!kernel)
		return tool_error("out of memory");
	if (!log_complete(v->log) && !kernel_load(kernel, path, v->log->space)) {
		if (json && !(v->findings = json_array()))
			status = tool_error("out of memory");
		else
			status = compare(v, kernel);
		kernel_free(kernel);
	}
	free(kernel);
	return status;
}

static int set_dead_max(struct verify_options *o, const struct args *args, const char *text)
{
	uint64_t value;

	if (parse_number(text, 0, &value) || value > CAPLOG_SLOTS_MAX)
		return args_error(args, "--dead-max \"%s\": must be a number up to %u", text,
		                  CAPLOG_SLOTS_MAX);
	o->dead_max = (uint32_t)value;
	o->dead_max_given = 1;
	return 0;
}

static int take_option(struct verify *v, const struct args *args, int option, int *json,
                       const char **space)
{
	switch (option) {
	case 's':
		*space = optarg;
		return 0;
	case 'j':
		*json = 1;
		return 0;
	case 'v':
		v->verbose = 1;
		return 0;
	case OPTION_ALLOW_DEAD:
		v->options.allow_dead = 1;
		return 0;
	default:
		v->options.allow_dead = 1;
		return set_dead_max(&v->options, args, optarg);
	}
}

static int run(int argc, char **argv)
{
	const char *space = NULL;
	struct verify v;
	struct tool_log log;
	struct args args;
	int option, json = 0;

	memset(&v, 0, sizeof v);
	args_init(&args, &tool_verify, argc, argv);
	while ((option = args_option(&args)) != OPTION_DONE) {
		if (option == OPTION_END)
			return args.status;
		if (take_option(&v, &args, option, &json, &space))
			return TOOL_UNUSABLE;
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

	v.log = &log;
	int const status = verify(&v, space, json);
	log_free(&log);
	return status;
}

static const struct tool_option options[] = {
	{ 's', "space", "SPACE", "the kernel's object space: lines of text, or the kernel debugger's "
	  "screens as the serial line brought them", TOOL_FILE },
	{ 'j', "json", NULL, "as JSON, with every finding", NULL },
	{ 'v', "verbose", NULL, "list leftovers and what the debugger did not show as well", NULL },
	{ OPTION_ALLOW_DEAD, "allow-dead", NULL, "accept received capabilities that the kernel no "
	  "longer has, because their owner destroyed the object; each is named", NULL },
	{ OPTION_DEAD_MAX, "dead-max", "N", "accept at most N of these, instead of a quarter of the "
	  "received ones; implies --allow-dead", NULL },
	{ 0, NULL, NULL, NULL, NULL }
};

const struct tool_command tool_verify = {
	"verify", "hold a log against the kernel's object space",
	"--space SPACE [OPTIONS] FILE",
	"Each live entry must be in the kernel's space: gates with their badge as\n"
	"label, IRQs attached to their thread. What was freed must be absent. A slot\n"
	"of the kernel without an entry must be one that the log explains; if not, an\n"
	"event is lost. One line per mismatch and per lost event, a summary at the\n"
	"end, exit status 1 if there was one.\n",
	options,
	run
};
