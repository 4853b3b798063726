/* SPDX-License-Identifier: BSD-2-Clause */
/* A slot as text and as JSON, and which slots are wanted */
#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "image_file.h"

/* Is the entry bound to a thread, whose slot is in `other`? */
static int is_bound(const struct caplog_cap *c)
{
	return c->kind == CAPLOG_RPC || c->kind == CAPLOG_TOMBSTONE || c->kind == CAPLOG_IRQ;
}

/* Where an image says that the object comes from */
static void print_origin(const struct tool_component *c, uint32_t slot)
{
	const struct image_space *const i = c->image;
	const struct caplog_object *line;

	if (!i)
		return;
	if (i->dead[slot])
		printf("  dead");
	if (c->origin[slot].kind == ORIGIN_OBJECT) {
		printf("  line %" PRIu32 " of component %u", i->line[slot], c->origin[slot].component);
	} else if (c->origin[slot].kind == ORIGIN_LINE) {
		printf("  line %" PRIu32, i->line[slot]);
		if ((line = image_line(&i->target, i->line[slot]))) {
			char name[CAPLOG_OBJECT_NAME + 1];

			snprintf(name, sizeof name, "%.*s", (int)sizeof line->name, line->name);
			printf(", %s%s", image_kind(line->kind), *name ? " " : "");
			tool_put_safe(stdout, name);
		}
	}
}

void print_slot_detail(const struct tool_component *component, uint32_t slot)
{
	const struct caplog_space *space = component->space;
	const struct caplog_cap *c = &space->cap[slot];
	const char *const name = name_suffix(&component->names, slot);

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
	print_origin(component, slot);
	if (*name)
		printf("%s%s%s", tool_bold(), name, tool_plain());
}

void print_slot(const struct tool_component *component, uint32_t slot)
{
	const struct caplog_cap *c = &component->space->cap[slot];

	printf("0x%-4x  0x%-7" PRIx32 "  %-9s", slot, c->badge, entry_name(component->space, slot));
	print_slot_detail(component, slot);
}

json_t *slot_json(const struct tool_component *component, uint32_t slot)
{
	const struct caplog_space *space = component->space;
	const struct caplog_cap *c = &space->cap[slot];
	const char *const name = name_text(component->names.name[slot]);
	json_t *j = json_object();

	json_object_set_new(j, "slot", tool_json_hex(slot));
	json_object_set_new(j, "badge", tool_json_hex(c->badge));
	json_object_set_new(j, "kind", json_string(caplog_slot_name(space, slot)));
	json_object_set_new(j, "serial", json_integer((json_int_t)caplog_serial(c)));
	json_object_set_new(j, "is_stale", json_boolean(c->stale));
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
	if (component->image)
		json_object_set_new(j, "is_dead", json_boolean(component->image->dead[slot]));
	if (component->origin[slot].kind == ORIGIN_LINE)
		json_object_set_new(j, "line", json_integer(component->image->line[slot]));
	if (name) {
		json_object_set_new(j, "name", json_string(name));
		json_object_set_new(j, "name_is_believed",
		                    json_boolean(component->names.believed[slot]));
	}
	return j;
}


/*
 * Filter
 */

void filter_init(struct filter *filter)
{
	*filter = (struct filter){ .first = 0, .last = CAPLOG_SLOTS_MAX - 1 };
}

int parse_slot(const struct args *args, const char *text, uint32_t *slot)
{
	uint64_t value;

	if (parse_number(text, 0, &value) || value >= CAPLOG_SLOTS_MAX)
		return args_error(args, "\"%s\" is not a slot: must be a number from 0 to 0x%x", text,
		                  CAPLOG_SLOTS_MAX - 1);
	*slot = (uint32_t)value;
	return 0;
}

static int parse_range(struct filter *f, const struct args *args, const char *text)
{
	char first[32];
	size_t const n = strcspn(text, "-");

	if (!text[n] || n >= sizeof first) {
		if (parse_slot(args, text, &f->first))
			return TOOL_UNUSABLE;
		f->last = f->first;
		return 0;
	}
	snprintf(first, sizeof first, "%.*s", (int)n, text);
	if (parse_slot(args, first, &f->first) || parse_slot(args, text + n + 1, &f->last))
		return TOOL_UNUSABLE;
	return f->first <= f->last ? 0
	     : args_error(args, "--slot \"%s\": the first slot is above the last", text);
}

static int is_kind(const char *text)
{
	if (!strcmp(text, "parent") || !strcmp(text, "stale"))
		return 1;
	for (unsigned kind = CAPLOG_EMPTY + 1; caplog_kind_name(kind); kind++)
		if (!strcmp(text, caplog_kind_name(kind)))
			return 1;
	return 0;
}

int filter_option(struct filter *f, const struct args *args, int option)
{
	switch (option) {
	case FILTER_SLOT:
		return parse_range(f, args, optarg);
	case FILTER_KIND:
		f->kind = optarg;
		return is_kind(optarg) ? 0
		     : args_error(args, "--kind \"%s\": must be parent, thread, rpc, received, irq, "
		                  "placed, tombstone or stale", optarg);
	case FILTER_BADGE:
		f->badge_given = 1;
		return !parse_number(optarg, 0, &f->badge) ? 0
		     : args_error(args, "--badge \"%s\" is not a number", optarg);
	default:
		f->entrypoint_given = 1;
		return parse_slot(args, optarg, &f->entrypoint);
	}
}

int filter_is_set(const struct filter *f)
{
	return f->first || f->last != CAPLOG_SLOTS_MAX - 1 || f->kind || f->badge_given ||
	       f->entrypoint_given;
}

int filter_takes(const struct filter *f, const struct caplog_space *space, uint32_t slot)
{
	const struct caplog_cap *c = &space->cap[slot];

	if (c->kind == CAPLOG_EMPTY || slot < f->first || slot > f->last)
		return 0;
	if (f->kind && strcmp(f->kind, entry_name(space, slot)))
		return 0;
	if (f->badge_given && c->badge != f->badge)
		return 0;
	return !f->entrypoint_given || (is_bound(c) && c->other == f->entrypoint);
}
