/* SPDX-License-Identifier: BSD-2-Clause */
/* Targets of an image as components */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "image_file.h"

static const void *part(const void *image, uint32_t kind, uint32_t number, size_t each,
                        size_t *count)
{
	uint64_t size = 0;
	const void *const list = caplog_image_find(image, kind, number, each, &size);

	*count = list ? (size_t)(size / each) : 0;
	return list;
}

void image_find(const void *image, uint32_t number, struct image_target *t)
{
	size_t heads;

	*t = (struct image_target){ .number = number };
	t->head    = part(image, CAPLOG_CHUNK_TARGET, number, sizeof *t->head, &heads);
	t->slot    = part(image, CAPLOG_CHUNK_SLOTS, number, sizeof *t->slot, &t->slots);
	t->object  = part(image, CAPLOG_CHUNK_OBJECTS, number, sizeof *t->object, &t->objects);
	t->thread  = part(image, CAPLOG_CHUNK_THREADS, number, sizeof *t->thread, &t->threads);
	t->state   = part(image, CAPLOG_CHUNK_STATES, number, sizeof *t->state, &t->states);
	t->pending = part(image, CAPLOG_CHUNK_PENDING, number, sizeof *t->pending, &t->pendings);
	if (!heads)
		t->head = NULL;
}

const struct caplog_object *image_line(const struct image_target *t, uint32_t id)
{
	for (size_t i = 0; i < t->objects; i++)
		if (t->object[i].id == id)
			return &t->object[i];
	return NULL;
}

const char *image_kind(uint32_t kind)
{
	static char text[24];
	const struct caplog_object_kind *const known = caplog_object_kind(kind);

	if (known)
		return known->name;
	snprintf(text, sizeof text, "kind %" PRIu32, kind);
	return text;
}

static void take_slot(struct image_space *s, struct tool_component *c,
                      const struct caplog_image_slot *from)
{
	uint32_t const slot = from->slot;

	s->space.cap[slot] = (struct caplog_cap){ .badge = from->badge, .other = from->other,
		.kind = from->kind, .stale = from->stale != 0, .version = from->version };
	s->space.a[slot] = from->a;
	s->space.b[slot] = from->b;
	s->dead[slot] = from->from == CAPLOG_FROM_DEAD;
	if (from->from == CAPLOG_FROM_LEDGER) {
		s->line[slot] = from->source;
		c->origin[slot].kind = ORIGIN_LINE;
	} else if (from->from == CAPLOG_FROM_TARGET) {
		s->line[slot] = from->source;
		c->origin[slot] = (struct origin){ ORIGIN_OBJECT,
			(uint8_t)(from->target < UINT8_MAX ? from->target : UINT8_MAX), CAPLOG_NO_SLOT };
	}
}

/*
 * Lines are written in the order in which the objects were made, and the first
 * two of an entrypoint live as long as it does: no belief is needed
 */
static void name_by_lines(struct tool_component *c, const struct image_space *s)
{
	uint32_t const initial = (uint32_t)s->space.flavour->thread_base +
	                         s->space.flavour->thread_stride;
	uint32_t const freed = names_freed_object(&s->space);

	if (freed) { /* nothing is being closed: the component was at rest */
		c->names.name[freed] = NAME_CONSTRUCTOR;
		c->names.believed[freed] = 1;
	}
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		const struct caplog_cap *cap = &s->space.cap[slot];
		unsigned before = 0;

		if (cap->kind != CAPLOG_RPC || cap->stale || !s->line[slot])
			continue;
		for (uint32_t other = 0; other < CAPLOG_SLOTS_MAX; other++)
			before += s->space.cap[other].kind == CAPLOG_RPC && s->line[other] &&
			          s->space.cap[other].other == cap->other && s->line[other] < s->line[slot];
		c->names.believed[slot] = 0;
		if (before == 0)
			c->names.name[slot] = NAME_EXIT;
		else if (before == 1 && cap->other == initial)
			c->names.name[slot] = NAME_PROXY;
		else if (before == 2 && c->names.name[slot] == NAME_CONSTRUCTOR)
			c->names.believed[slot] = 1; /* or another object that took its place */
		else
			c->names.name[slot] = NAME_NONE;
	}
}

int image_component(const char *file, const void *image, uint32_t number,
                    struct tool_component *c)
{
	const struct caplog_flavour *flavour;
	struct image_target t;
	struct image_space *s;

	image_find(image, number, &t);
	if (!t.head)
		return tool_error("%s: the image lacks the description of component %" PRIu32
		                  "; `caplog dump` prints what it has", file, number);
	if (!(flavour = caplog_flavour_by_name(t.head->flavour)))
		return tool_error("%s: component %" PRIu32 " has the unknown flavour \"%.16s\"; `caplog "
		                  "dump` prints what the image has", file, number, t.head->flavour);
	if (!(s = calloc(1, sizeof *s)))
		return tool_error("%s: out of memory", file);
	caplog_space_init(&s->space, flavour, t.head->word_bytes);
	s->target = t;
	c->image = s;
	c->space = &s->space;
	snprintf(c->name, sizeof c->name, "%.16s", t.head->name);
	for (size_t i = 0; i < t.slots; i++) {
		const struct caplog_image_slot *const from = &t.slot[i];

		if (from->slot >= flavour->slot_count || from->other >= flavour->slot_count ||
		    !caplog_kind_name(from->kind))
			return tool_error("%s: %s: entry %zu of its slots is of slot 0x%x, thread 0x%x and kind %u, "
			                  "which cannot be; `caplog dump` prints what the image has", file,
			                  c->name, i, from->slot, from->other, from->kind);
		take_slot(s, c, from);
	}
	names_by_slots(&c->names, &s->space);
	name_by_lines(c, s);
	return 0;
}
