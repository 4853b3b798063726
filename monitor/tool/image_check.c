/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks of an image beyond its checksum
 *
 * What a restore would refuse, without a platform: numbers out of range,
 * references to lines that are not there, memory of another size than its
 * dataspace. All of them are listed, where a restore stops at the first.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <caplog/place.h>

#include <pages.h>

#include "image_file.h"

struct checker {
	const void *image;
	const struct caplog_image_header *header;
	struct image_target target;
	const struct caplog_flavour *flavour;
	int      platform;          /* -1: unknown                                  */
	uint32_t problems;
	uint8_t  thread[CAPLOG_SLOTS_MAX]; /* the slot is in the target's thread list */
	image_report *report;
	void    *ctx;
};

static void problem(struct checker *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void problem(struct checker *c, const char *fmt, ...)
{
	char where[64], text[256];
	va_list args;

	c->problems++;
	if (c->target.head)
		snprintf(where, sizeof where, "%.16s", c->target.head->name);
	else
		snprintf(where, sizeof where, "component %" PRIu32, c->target.number);
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	c->report(c->ctx, where, text);
}

static int platform_of(const struct caplog_image_header *h)
{
	for (int i = 0; i < CAPLOG_PLATFORM_COUNT; i++) {
		const char *const name = caplog_platform_name((uint32_t)i);

		if (strlen(name) < sizeof h->platform && !memcmp(h->platform, name, strlen(name) + 1))
			return i;
	}
	return -1;
}

static void check_threads(struct checker *c)
{
	for (size_t i = 0; i < c->target.threads; i++) {
		const struct caplog_image_thread *t = &c->target.thread[i];

		if (!caplog_is_thread_slot(c->flavour, t->slot))
			problem(c, "thread %zu: slot 0x%" PRIx32 " is not a thread's", i, t->slot);
		else if (c->thread[t->slot]++)
			problem(c, "slot 0x%" PRIx32 ": two threads", t->slot);
		if (t->state >= CAPLOG_THREAD_STATES)
			problem(c, "thread of slot 0x%" PRIx32 ": its state %" PRIu32 " is unknown", t->slot,
			        t->state);
		else if ((t->state != CAPLOG_THREAD_NEW) != (t->frame != 0))
			problem(c, "thread of slot 0x%" PRIx32 ": %s", t->slot, t->frame
			        ? "was not started, yet has registers" : "has no registers");
	}
}

static void check_source(struct checker *c, const struct caplog_image_slot *s)
{
	struct image_target other;
	const struct caplog_object *line;
	uint32_t const id = s->source, number = s->target;

	switch (s->from) {
	case CAPLOG_FROM_NOWHERE:
	case CAPLOG_FROM_DEAD:
		return;
	case CAPLOG_FROM_LEDGER:
		line = image_line(&c->target, s->source);
		if (!line)
			problem(c, "slot 0x%x: line %" PRIu32 " is not in the ledger", s->slot, s->source);
		else if (line->gone)
			problem(c, "slot 0x%x: line %" PRIu32 ", %s, was destroyed", s->slot, s->source,
			        image_kind(line->kind));
		return;
	case CAPLOG_FROM_TARGET:
		if (number >= c->header->targets) {
			problem(c, "slot 0x%x: is of component %" PRIu32 ", there are %" PRIu32, s->slot, number,
			        c->header->targets);
			return;
		}
		image_find(c->image, number, &other);
		if (!image_line(&other, id))
			problem(c, "slot 0x%x: line %" PRIu32 " is not in the ledger of component %" PRIu32,
			        s->slot, id, number);
		return;
	default:
		problem(c, "slot 0x%x: its source %u is unknown", s->slot, s->from);
	}
}

static void check_slots(struct checker *c)
{
	const struct caplog_flavour *f = c->flavour;

	for (size_t i = 0; i < c->target.slots; i++) {
		const struct caplog_image_slot *s = &c->target.slot[i];

		if (s->slot >= f->slot_count) {
			problem(c, "entry %zu of the slots: 0x%x is not a slot of %s", i, s->slot, f->name);
			continue;
		}
		if (i && s->slot <= c->target.slot[i - 1].slot)
			problem(c, "slot 0x%x: stands after slot 0x%x", s->slot, c->target.slot[i - 1].slot);
		if (!caplog_kind_name(s->kind) || s->kind == CAPLOG_EMPTY)
			problem(c, "slot 0x%x: its kind %u is unknown", s->slot, s->kind);
		if (s->badge >> f->badge_bits)
			problem(c, "slot 0x%x: badge 0x%" PRIx32 " has more than %u bits", s->slot, s->badge,
			        f->badge_bits);
		if ((s->kind == CAPLOG_RPC || s->kind == CAPLOG_IRQ) && !s->stale && s->from != CAPLOG_FROM_DEAD &&
		    (s->other >= CAPLOG_SLOTS_MAX || !c->thread[s->other]))
			problem(c, "slot 0x%x: %s is bound to slot 0x%x, where no thread is", s->slot,
			        caplog_kind_name(s->kind), s->other);
		check_source(c, s);
	}
}

/* A word that is the id of a line of one of these kinds */
static void check_id(struct checker *c, const struct caplog_object *o, const char *word,
                     uint64_t id, uint32_t kind)
{
	const struct caplog_object *line = id <= UINT32_MAX ? image_line(&c->target, (uint32_t)id) : NULL;

	if (!line)
		problem(c, "line %" PRIu32 ", %s: its %s, line %" PRIu64 ", is not in the ledger", o->id,
		        image_kind(o->kind), word, id);
	else if (kind && line->kind != kind)
		problem(c, "line %" PRIu32 ": its %s, line %" PRIu64 ", is of the wrong kind", o->id, word,
		        id);
}

/* Memory of another component */
static void check_shared(struct checker *c, const struct caplog_object *o)
{
	uint32_t const number = o->shared_region.owner;
	const struct caplog_object *line;
	struct image_target owner;

	if (number >= c->header->targets || number == c->target.number) {
		problem(c, "line %" PRIu32 ", %s: its owner cannot be component %" PRIu32, o->id,
		        image_kind(o->kind), number);
		return;
	}
	image_find(c->image, number, &owner);
	line = image_line(&owner, o->shared_region.dataspace);
	if (!line || line->gone || line->kind != CAPLOG_OBJECT_DATASPACE)
		problem(c, "line %" PRIu32 ", %s: line %" PRIu32 " of component %" PRIu32 " is no RAM "
		        "dataspace", o->id, image_kind(o->kind), o->shared_region.dataspace, number);
}

static void check_words(struct checker *c, const struct caplog_object *o)
{
	switch (o->kind) {
	case CAPLOG_OBJECT_GATE:
		if (o->gate.entrypoint >= CAPLOG_SLOTS_MAX || !c->thread[o->gate.entrypoint])
			problem(c, "line %" PRIu32 ", %s: no thread in slot 0x%" PRIx64, o->id,
			        image_kind(o->kind), o->gate.entrypoint);
		return;
	case CAPLOG_OBJECT_ROM_DS:
		check_id(c, o, "session", o->rom_ds.session, CAPLOG_OBJECT_ROM);
		return;
	case CAPLOG_OBJECT_SEMAPHORE:
		check_id(c, o, "source", o->semaphore.source, CAPLOG_OBJECT_SOURCE);
		return;
	case CAPLOG_OBJECT_CONTEXT:
		check_id(c, o, "source", o->context.source, CAPLOG_OBJECT_SOURCE);
		return;
	case CAPLOG_OBJECT_REGION:
		check_id(c, o, "dataspace", o->region.dataspace, 0);
		return;
	case CAPLOG_OBJECT_SHARED_REGION:
		check_shared(c, o);
		return;
	case CAPLOG_OBJECT_SERVICE:
		check_id(c, o, "gate", o->service.gate, CAPLOG_OBJECT_GATE);
		return;
	case CAPLOG_OBJECT_PEER:
		if (o->peer.server >= c->header->targets)
			problem(c, "line %" PRIu32 ", %s: component %" PRIu32 " of %" PRIu32, o->id,
			        image_kind(o->kind), o->peer.server, c->header->targets);
		return;
	default:
		return;
	}
}

static void check_ledger(struct checker *c)
{
	uint32_t last = 0;

	for (size_t i = 0; i < c->target.objects; i++) {
		const struct caplog_object *o = &c->target.object[i];

		if (o->id <= last)
			problem(c, "line %" PRIu32 " stands after line %" PRIu32, o->id, last);
		last = o->id;
		if (!caplog_object_kind(o->kind))
			problem(c, "line %" PRIu32 ": kind %" PRIu32 " is unknown", o->id, o->kind);
		else if (!o->gone && c->platform >= 0 &&
		         !caplog_kind_on(o->kind, (enum caplog_platform_number)c->platform))
			problem(c, "line %" PRIu32 ", %s: cannot be recreated on platform \"%s\"", o->id,
			        image_kind(o->kind), caplog_platform_name((uint32_t)c->platform));
		if (memchr(o->name, 0, sizeof o->name) == NULL)
			problem(c, "line %" PRIu32 ": its name has no end", o->id);
		if (!o->gone)
			check_words(c, o);
	}
}

/* Bytes that a line says that its memory has; 0: it does not */
static uint64_t memory_size(const struct caplog_object *o)
{
	return o->kind == CAPLOG_OBJECT_DATASPACE ? o->dataspace.size
	     : o->kind == CAPLOG_OBJECT_LOG_DS ? o->log_ds.size : 0;
}

static void check_memory(struct checker *c)
{
	struct caplog_pages_walk walk;
	const struct caplog_pages *m;

	caplog_pages_begin(&walk, c->image, c->header->size, c->target.number);
	for (unsigned n = 0; (m = caplog_pages_next(&walk)); n++) {
		const struct caplog_object *line = m->object <= UINT32_MAX
		                                 ? image_line(&c->target, (uint32_t)m->object) : NULL;

		if (!line || caplog_kind_carries(line->kind) != CAPLOG_CARRIES_MEMORY)
			problem(c, "memory %u: line %" PRIu64 " is not one of memory", n, m->object);
		else if (memory_size(line) != m->size)
			problem(c, "memory %u: has %" PRIu64 " bytes, the %s of line %" PRIu32 " has %" PRIu64,
			        n, m->size, image_kind(line->kind), line->id, memory_size(line));
	}
}

static void check_carried(struct checker *c)
{
	for (size_t i = 0; i < c->target.states; i++)
		if (c->target.state[i].object > UINT32_MAX ||
		    !image_line(&c->target, (uint32_t)c->target.state[i].object))
			problem(c, "state %zu: line %" PRIu64 " is not in the ledger", i,
			        c->target.state[i].object);
	for (size_t i = 0; i < c->target.pendings; i++)
		if (c->target.pending[i].object > UINT32_MAX ||
		    !image_line(&c->target, (uint32_t)c->target.pending[i].object))
			problem(c, "pending signals %zu: line %" PRIu64 " is not in the ledger", i,
			        c->target.pending[i].object);
}

/* Does a part have a size that is no multiple of its elements'? */
static void check_parts(struct checker *c)
{
	static const struct { uint32_t kind; uint64_t each; const char *name; } parts[] = {
		{ CAPLOG_CHUNK_TARGET, sizeof(struct caplog_image_target), "description" },
		{ CAPLOG_CHUNK_SLOTS, sizeof(struct caplog_image_slot), "slots" },
		{ CAPLOG_CHUNK_OBJECTS, sizeof(struct caplog_object), "ledger" },
		{ CAPLOG_CHUNK_STATES, sizeof(struct caplog_image_state), "states" },
		{ CAPLOG_CHUNK_THREADS, sizeof(struct caplog_image_thread), "threads" },
		{ CAPLOG_CHUNK_PENDING, sizeof(struct caplog_image_pending), "pending signals" },
	};

	for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		uint64_t size;

		if (caplog_image_find(c->image, parts[i].kind, c->target.number, 1, &size) &&
		    size % parts[i].each)
			problem(c, "%s: %" PRIu64 " bytes are no multiple of %" PRIu64, parts[i].name, size,
			        parts[i].each);
	}
}

static void check_target(struct checker *c)
{
	const struct caplog_image_target *h = c->target.head;
	struct caplog_map_place place;

	check_parts(c);
	if (!h) {
		problem(c, "its description is missing");
		return;
	}
	if (!(c->flavour = caplog_flavour_by_name(h->flavour))) {
		problem(c, "its flavour \"%.16s\" is unknown", h->flavour);
		return;
	}
	place = (struct caplog_map_place){ .address = h->map_address,
		.epoch_address = h->epoch_address, .holders_address = h->holders_address,
		.stride = h->map_stride, .offset = h->map_offset, .width = h->map_width,
		.count = h->map_count, .holders_count = h->holders_count };
	if (caplog_map_place_check(&place, c->flavour, h->word_bytes))
		problem(c, "its cap map cannot be where the image says");
	memset(c->thread, 0, sizeof c->thread);
	check_threads(c);
	check_slots(c);
	check_ledger(c);
	check_memory(c);
	check_carried(c);
}

uint32_t image_problems(const void *image, image_report *report, void *ctx)
{
	struct checker *c = calloc(1, sizeof *c);
	uint32_t problems;

	if (!c) {
		report(ctx, "image", "not checked: out of memory");
		return 1;
	}
	c->image = image;
	c->header = image;
	c->report = report;
	c->ctx = ctx;
	c->platform = platform_of(c->header);
	if (c->platform < 0) {
		report(ctx, "image", "its platform is unknown");
		c->problems++;
	}
	for (uint32_t i = 0; i < c->header->targets; i++) {
		image_find(image, i, &c->target);
		check_target(c);
	}
	problems = c->problems;
	free(c);
	return problems;
}
