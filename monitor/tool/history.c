/* SPDX-License-Identifier: BSD-2-Clause */
/* One slot's life, by its events */
#include <inttypes.h>
#include <stdlib.h>

#include <jansson.h>

#include "component.h"

struct history {
	const struct tool_component *component;
	uint32_t slot;
	uint64_t seen;             /* events of all slots so far        */
	uint64_t events, lives;    /* of this slot                      */
	uint64_t life;             /* serial of the last event that was printed */
	struct caplog_cap state;   /* of the slot, after the event      */
	json_t  *list;             /* NULL: print text                  */
};

static json_t *event_json(const struct history *h, const struct caplog_event *e,
                          const char *text)
{
	json_t *j = json_object();

	json_object_set_new(j, "number", json_integer((json_int_t)h->seen));
	json_object_set_new(j, "event", json_string(caplog_event_name(e->kind)));
	json_object_set_new(j, "serial", json_integer((json_int_t)(e->version >> 8)));
	json_object_set_new(j, "text", tool_json_text(text));
	return j;
}

static void print_event(struct history *h, const struct caplog_event *e, const char *text)
{
	uint64_t const serial = e->version >> 8;

	if (serial != h->life)
		printf("%slife %" PRIu64 "%s\n", tool_bold(), serial, tool_plain());
	h->life = serial;
	printf("  %8" PRIu64 "  %s\n", h->seen, text);
}

static int visit(void *ctx, const struct caplog_event *e)
{
	struct history *h = ctx;
	char text[128];

	h->seen++;
	if (e->slot != h->slot)
		return 0;
	h->events++;
	h->lives += caplog_begins_life(e->kind) ? 1 : 0;
	caplog_step(&h->state, e->kind, e->badge, e->other);
	caplog_format_event(text, sizeof text, h->component->space->flavour, e);
	if (h->list)
		json_array_append_new(h->list, event_json(h, e, text));
	else
		print_event(h, e, text);
	return 0;
}

static void print_end(const struct history *h, uint64_t overwritten)
{
	const struct tool_component *c = h->component;

	if (c->space->cap[h->slot].kind == CAPLOG_EMPTY) {
		printf("slot 0x%x is empty now", h->slot);
	} else {
		printf("now: ");
		print_slot(c, h->slot);
	}
	printf("\n%" PRIu64 " event%s, %" PRIu64 " %s begun", h->events, plural(h->events), h->lives,
	       h->lives == 1 ? "life" : "lives");
	if (overwritten)
		printf("; %" PRIu64 " earlier record%s of all slots overwritten", overwritten,
		       plural(overwritten));
	putchar('\n');
}

static json_t *history_json(const struct history *h, int complete)
{
	json_t *j = json_object();

	if (*h->component->name)
		json_object_set_new(j, "component", tool_json_text(h->component->name));
	json_object_set_new(j, "slot", tool_json_hex(h->slot));
	json_object_set_new(j, "complete", json_boolean(complete));
	json_object_set_new(j, "lives", json_integer((json_int_t)h->lives));
	json_object_set(j, "event_list", h->list);
	if (h->component->space->cap[h->slot].kind != CAPLOG_EMPTY)
		json_object_set_new(j, "now", slot_json(h->component, h->slot));
	return j;
}

/* \return 0 or TOOL_UNUSABLE, error printed */
static int history(const struct tool_component *c, uint32_t slot, json_t *documents)
{
	struct history h = { .component = c, .slot = slot };
	struct caplog_diag diag;
	int complete, err;

	if (!c->log)
		return tool_error("%s: an image holds no events; `caplog show` prints its slots",
		                  c->file);
	if (slot >= c->space->flavour->slot_count)
		return tool_error("%s: slot 0x%x: a space of %s has 0x%x slots", c->file, slot,
		                  c->space->flavour->name, c->space->flavour->slot_count);
	if (documents && !(h.list = json_array()))
		return tool_error("out of memory");
	if (!documents && *c->name) {
		tool_put_safe(stdout, c->name);
		putchar('\n');
	}
	err = caplog_reader_history(&c->log->reader, &complete, visit, &h, &diag);
	if (err) {
		json_decref(h.list);
		return tool_error("%s: %s", c->file, diag.text);
	}
	if (documents)
		json_array_append_new(documents, history_json(&h, complete));
	else
		print_end(&h, c->log->stat.records - c->log->stat.kept);
	json_decref(h.list);
	return 0;
}

static int all(const struct components *set, uint32_t slot, int json)
{
	json_t *documents = json ? json_array() : NULL, *j;
	int status = TOOL_OK;

	for (size_t i = 0; i < set->count; i++) {
		if (history(set->list[i], slot, documents)) {
			json_decref(documents);
			return TOOL_UNUSABLE;
		}
		if (log_complete(set->list[i]->log))
			status = TOOL_DIFFERS;
	}
	if (!json)
		return tool_finish(status);
	j = tool_json_document("history");
	if (set->count == 1)
		json_object_update(j, json_array_get(documents, 0));
	else
		json_object_set(j, "components", documents);
	json_decref(documents);
	return tool_json_print(j, status);
}

enum { OPTION_SLOT = OPTION_OWN };

static int run(int argc, char **argv)
{
	uint32_t slot = CAPLOG_NO_SLOT;
	struct components set;
	struct args args;
	int option, json = 0;

	args_init(&args, &tool_history, argc, argv);
	while ((option = args_option(&args)) != OPTION_DONE) {
		if (option == OPTION_END)
			return args.status;
		if (option == 'j')
			json = 1;
		else if (parse_slot(&args, optarg, &slot))
			return TOOL_UNUSABLE;
	}

	const char *const file = args_file(&args);
	if (!file)
		return args.status;
	if (slot == CAPLOG_NO_SLOT)
		return args_error(&args, "--slot N is missing");
	if (components_load_file(&set, file, &args.load))
		return TOOL_UNUSABLE;

	int const status = all(&set, slot, json);
	components_free(&set);
	return status;
}

static const struct tool_option options[] = {
	{ OPTION_SLOT, "slot", "N", "the slot", NULL },
	{ 'j', "json", NULL, "print JSON", NULL },
	{ 0, NULL, NULL, NULL, NULL }
};

const struct tool_command tool_history = {
	"history", "print the events of one slot",
	"--slot N [OPTIONS] FILE",
	"Print each event of one slot, life by life, with its number among the events\n"
	"of all slots, and what the slot holds now. A log that has overwritten events\n"
	"has the newest only, and says how many records are missing.\n",
	options,
	run
};
