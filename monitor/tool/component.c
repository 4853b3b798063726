/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "image_file.h"

/* \return NULL: error printed */
static struct tool_component *add(struct components *set, const char *file)
{
	struct tool_component *c;

	if (set->count == COMPONENTS_MAX) {
		tool_error("%s: more than %d components", file, COMPONENTS_MAX);
		return NULL;
	}
	if (!(c = calloc(1, sizeof *c))) {
		tool_error("%s: out of memory", file);
		return NULL;
	}
	c->file = file;
	set->list[set->count++] = c;
	return c;
}

/* A component of a capture is called by its label, or by its number */
static void take_name(struct tool_component *c, const struct tool_log *log)
{
	if (*log->label)
		snprintf(c->name, sizeof c->name, "%s", log->label);
	else if (log->has_pd)
		snprintf(c->name, sizeof c->name, "pd=0x%" PRIx64, log->pd);
}

/* Where an image says that a slot holds another target's line, find its slot there */
static void resolve_lines(struct components *set, size_t first)
{
	for (size_t i = first; i < set->count; i++)
		for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
			struct origin *o = &set->list[i]->origin[slot];

			if (o->kind != ORIGIN_OBJECT)
				continue;
			if (first + o->component >= set->count) { /* image_problems reports it */
				o->kind = ORIGIN_UNKNOWN;
				continue;
			}
			o->component = (uint8_t)(first + o->component);
			const struct tool_component *owner = set->list[o->component];
			for (uint32_t s = 0; s < CAPLOG_SLOTS_MAX && o->slot == CAPLOG_NO_SLOT; s++)
				if (owner->origin[s].kind == ORIGIN_LINE &&
				    owner->image->line[s] == set->list[i]->image->line[slot])
					o->slot = (uint16_t)s;
		}
}

static int add_image(struct components *set, const char *file, const void *image)
{
	const struct caplog_image_header *h = image;
	size_t const first = set->count;

	for (uint32_t i = 0; i < h->targets; i++) {
		struct tool_component *c = add(set, file);

		if (!c || image_component(file, image, i, c))
			return TOOL_UNUSABLE;
	}
	resolve_lines(set, first);
	return 0;
}

static int add_file(struct components *set, const char *path, const struct load_options *options)
{
	struct tool_logs *logs = &set->file[set->files];

	if (set->files == COMPONENTS_MAX)
		return tool_error("%s: more than %d files", tool_name(path), COMPONENTS_MAX);
	if (logs_load(logs, path, options))
		return TOOL_UNUSABLE;
	set->files++;
	if (logs->image)
		return add_image(set, tool_name(path), logs->image);
	for (size_t i = 0; i < logs->count; i++) {
		struct tool_component *c = add(set, tool_name(path));

		if (!c)
			return TOOL_UNUSABLE;
		c->log   = &logs->log[i];
		c->space = c->log->space;
		take_name(c, c->log);
		names_of(&c->names, c->space, &c->log->reader);
	}
	return 0;
}


/*
 * Which component holds which objects
 */

int is_live(const struct tool_component *c, uint32_t slot)
{
	const struct caplog_cap *cap = &c->space->cap[slot];

	return cap->kind != CAPLOG_EMPTY && !cap->stale && !is_tombstone(cap) &&
	       !(c->image && c->image->dead[slot]);
}

struct object {
	uint32_t badge;
	struct origin origin;
};

static int by_badge(const void *a, const void *b)
{
	uint32_t const x = ((const struct object *)a)->badge, y = ((const struct object *)b)->badge;

	return (x > y) - (x < y);
}

/* All live RPC objects of a set, sorted. \return how many */
static size_t list_objects(const struct components *set, struct object *list)
{
	size_t n = 0;

	for (size_t i = 0; i < set->count; i++)
		for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++)
			if (set->list[i]->space->cap[slot].kind == CAPLOG_RPC && is_live(set->list[i], slot))
				list[n++] = (struct object){ set->list[i]->space->cap[slot].badge,
				                             { ORIGIN_OBJECT, (uint8_t)i, (uint16_t)slot } };
	qsort(list, n, sizeof *list, by_badge);
	return n;
}

/* A badge is one object's, system-wide, as long as this lives */
static int resolve_badges(struct components *set)
{
	struct object *list = malloc(set->count * CAPLOG_SLOTS_MAX * sizeof *list);
	size_t n;

	if (!list)
		return tool_error("out of memory");
	n = list_objects(set, list);
	for (size_t i = 0; i < set->count; i++)
		for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
			const struct caplog_cap *cap = &set->list[i]->space->cap[slot];
			struct object const wanted = { cap->badge, { 0, 0, 0 } };
			const struct object *found;

			if (cap->kind != CAPLOG_RECEIVED || !is_live(set->list[i], slot) || set->list[i]->image)
				continue;
			found = bsearch(&wanted, list, n, sizeof *list, by_badge);
			if (found && found->origin.component != i)
				set->list[i]->origin[slot] = found->origin;
		}
	free(list);
	return 0;
}

const struct origin *held_object(const struct tool_component *c, uint32_t slot)
{
	const struct origin *const o = &c->origin[slot];

	return o->kind == ORIGIN_OBJECT && o->slot != CAPLOG_NO_SLOT ? o : NULL;
}


int components_load(struct components *set, char *const *paths, int count,
                    const struct load_options *options)
{
	memset(set, 0, sizeof *set);
	for (int i = 0; i < count; i++)
		if (add_file(set, paths[i], options)) {
			components_free(set);
			return TOOL_UNUSABLE;
		}
	if (set->count > 1 && resolve_badges(set)) {
		components_free(set);
		return TOOL_UNUSABLE;
	}
	return 0;
}

int components_load_file(struct components *set, const char *path,
                         const struct load_options *options)
{
	char *const paths[] = { (char *)(uintptr_t)path };

	return components_load(set, paths, 1, options);
}

void components_free(struct components *set)
{
	while (set->files)
		logs_free(&set->file[--set->files]);
	while (set->count) {
		free(set->list[--set->count]->image);
		free(set->list[set->count]);
	}
}

const void *components_image(const struct components *set)
{
	return set->files == 1 ? set->file[0].image : NULL;
}

int components_complete(const struct components *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->list[i]->log && log_complete(set->list[i]->log))
			return TOOL_UNUSABLE;
	return 0;
}

void component_label(const struct tool_component *c, char *label, size_t size)
{
	const char *const slash = strrchr(c->file, '/');

	if (*c->name) {
		snprintf(label, size, "%s", c->name);
		return;
	}
	snprintf(label, size, "%s", slash ? slash + 1 : c->file);
	char *const dot = strrchr(label, '.');
	if (dot && dot != label)
		*dot = 0;
}
