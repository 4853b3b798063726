/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>

#include <jansson.h>

#include "tool.h"

/* What beside its badge makes up the slot */
static void print_detail(const struct caplog_space *space, uint32_t slot)
{
	const struct caplog_cap *c = &space->cap[slot];

	if (c->stale && is_tombstone(c))
		printf("  stale");
	else if (c->stale)
		printf("  was %s", caplog_slot_name(space, slot));
	switch (c->kind) {
	case CAPLOG_RPC:
	case CAPLOG_TOMBSTONE:
		printf("  entrypoint=0x%x", c->other);
		break;
	case CAPLOG_THREAD:
		printf("  utcb=0x%" PRIx64 " object=0x%" PRIx64, space->a[slot], space->b[slot]);
		break;
	case CAPLOG_IRQ:
		printf("  thread=0x%x label=0x%" PRIx64, c->other, space->a[slot]);
		break;
	default:
		break;
	}
}

static void print_table(const struct tool_log *log)
{
	const struct caplog_space *space = log->space;
	struct caplog_census n;

	printf("%-6s  %-9s  %-9s  %6s  %s\n", "slot", "badge", "kind", "serial", "detail");
	for (uint32_t slot = 0; slot < space->flavour->slot_count; slot++) {
		const struct caplog_cap *c = &space->cap[slot];

		if (c->kind == CAPLOG_EMPTY)
			continue;
		printf("0x%-4x  0x%-7" PRIx32 "  %-9s  %6" PRIu64, slot, c->badge,
		       entry_name(space, slot), caplog_serial(c));
		print_detail(space, slot);
		putchar('\n');
	}

	caplog_space_census(space, &n);
	printf("live=%" PRIu32 " tombstones=%" PRIu32 " stale=%" PRIu32 "\n", n.live, n.tombstones,
	       n.stale);
}

static json_t *slot_json(const struct caplog_space *space, uint32_t slot)
{
	const struct caplog_cap *c = &space->cap[slot];
	json_t *j = json_object();

	json_object_set_new(j, "slot", tool_json_hex(slot));
	json_object_set_new(j, "badge", tool_json_hex(c->badge));
	json_object_set_new(j, "kind", json_string(caplog_slot_name(space, slot)));
	json_object_set_new(j, "serial", json_integer((json_int_t)caplog_serial(c)));
	json_object_set_new(j, "stale", json_boolean(c->stale));
	switch (c->kind) {
	case CAPLOG_RPC:
	case CAPLOG_TOMBSTONE:
		json_object_set_new(j, "entrypoint", tool_json_hex(c->other));
		break;
	case CAPLOG_THREAD:
		json_object_set_new(j, "utcb", tool_json_hex(space->a[slot]));
		json_object_set_new(j, "object", tool_json_hex(space->b[slot]));
		break;
	case CAPLOG_IRQ:
		json_object_set_new(j, "thread", tool_json_hex(c->other));
		json_object_set_new(j, "label", tool_json_hex(space->a[slot]));
		break;
	default:
		break;
	}
	return j;
}

static int print_json(const struct tool_log *log, int status)
{
	const struct caplog_space *space = log->space;
	struct caplog_census n;
	json_t *j = json_object(), *slots = json_array();

	caplog_space_census(space, &n);
	json_object_set_new(j, "flavour", json_string(space->flavour->name));
	json_object_set_new(j, "word_bytes", json_integer(space->word_bytes));
	json_object_set_new(j, "complete", json_boolean(!log->incomplete.error));
	json_object_set_new(j, "live", json_integer(n.live));
	json_object_set_new(j, "tombstones", json_integer(n.tombstones));
	json_object_set_new(j, "stale", json_integer(n.stale));
	for (uint32_t slot = 0; slot < space->flavour->slot_count; slot++)
		if (space->cap[slot].kind != CAPLOG_EMPTY)
			json_array_append_new(slots, slot_json(space, slot));
	json_object_set_new(j, "slots", slots);
	return tool_json_print(j, status);
}

static int show(const struct tool_log *log, int json)
{
	/* what is known is shown, but nobody shall take it for all */
	int const status = log_complete(log) ? TOOL_DIFFERS : TOOL_OK;

	if (json)
		return print_json(log, status);
	print_table(log);
	return tool_finish(status);
}

static int run(int argc, char **argv)
{
	struct tool_log log;
	struct args args;
	int option, json = 0;

	args_init(&args, &tool_show, argc, argv);
	while ((option = args_option(&args)) != OPTION_DONE) {
		if (option == OPTION_END)
			return args.status;
		json = 1;
	}

	const char *const file = args_file(&args);
	if (!file)
		return args.status;
	if (log_load(&log, file, &args.load))
		return TOOL_UNUSABLE;

	int const status = show(&log, json);
	log_free(&log);
	return status;
}

static const struct tool_option options[] = {
	{ 'j', "json", NULL, "print JSON", NULL },
	{ 0, NULL, NULL, NULL, NULL }
};

const struct tool_command tool_show = {
	"show", "print the live capability space",
	"[OPTIONS] FILE",
	"Print each allocated slot: badge, kind, serial (which life of the slot it\n"
	"is) and what the slot is bound to. Exit status 1 if the log was too small\n"
	"to know every slot.\n",
	options,
	run
};
