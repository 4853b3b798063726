/* SPDX-License-Identifier: BSD-2-Clause */
/* A target of an image as JSON, beside its slots */
#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include <pages.h>

#include "image_file.h"

static json_t *field_json(const char *field, size_t size)
{
	char text[64];

	snprintf(text, sizeof text, "%.*s", (int)size, field);
	return tool_json_text(text);
}

static json_t *thread_json(const struct caplog_image_thread *t)
{
	static const char *const states[] = { "new", "blocked", "running" };
	json_t *j = json_object();

	json_object_set_new(j, "slot", tool_json_hex(t->slot));
	json_object_set_new(j, "state", json_string(t->state < CAPLOG_THREAD_STATES
	                                            ? states[t->state] : "unknown"));
	json_object_set_new(j, "registers", tool_json_hex(t->frame));
	return j;
}

static json_t *word_json(const char *name, uint64_t value)
{
	json_t *j = json_object();

	json_object_set_new(j, "word", json_string(name));
	json_object_set_new(j, "value", tool_json_hex(value));
	return j;
}

static json_t *line_json(const struct caplog_object *o)
{
	const struct caplog_object_kind *kind = caplog_object_kind(o->kind);
	json_t *j = json_object(), *words = json_array();

	json_object_set_new(j, "line", json_integer(o->id));
	json_object_set_new(j, "object_kind", json_string(image_kind(o->kind)));
	json_object_set_new(j, "badge", tool_json_hex(o->badge));
	json_object_set_new(j, "object_name", field_json(o->name, sizeof o->name));
	json_object_set_new(j, "is_destroyed", json_boolean(o->gone != 0));
	for (uint32_t i = 0; kind && i < kind->words; i++) {
		const struct caplog_word *w = &kind->word[i];
		uint64_t value = 0;

		if (!strcmp(w->name, "reserved") || w->bytes > sizeof value)
			continue;
		memcpy(&value, (const uint8_t *)&o->words + w->offset, w->bytes);
		json_array_append_new(words, word_json(w->name, value));
	}
	json_object_set_new(j, "words", words);
	return j;
}

/* Numbers of the components that have attached memory of a line, ascending, each once */
static json_t *sharers_json(const void *image, const struct image_target *t, uint64_t id)
{
	const struct caplog_image_header *const h = image;
	json_t *list = json_array();

	for (uint32_t i = 0; i < h->targets; i++) {
		struct image_target user;
		int shares = 0;

		image_find(image, i, &user);
		for (size_t n = 0; n < user.objects; n++)
			shares |= !user.object[n].gone && user.object[n].kind == CAPLOG_OBJECT_SHARED_REGION &&
			          user.object[n].shared_region.owner == t->number &&
			          user.object[n].shared_region.dataspace == id;
		if (shares)
			json_array_append_new(list, json_integer(i));
	}
	return list;
}

static json_t *memory_json(const void *image, const struct image_target *t)
{
	const struct caplog_image_header *const h = image;
	struct caplog_pages_walk walk;
	const struct caplog_pages *m;
	json_t *list = json_array();

	caplog_pages_begin(&walk, image, h->size, t->number);
	while ((m = caplog_pages_next(&walk))) {
		struct image_pages n = { 0 };
		json_t *j = json_object();

		image_pages(m, &n);
		json_object_set_new(j, "line", json_integer((json_int_t)m->object));
		json_object_set_new(j, "size", json_integer((json_int_t)m->size));
		json_object_set_new(j, "pages_stored", json_integer((json_int_t)n.stored));
		json_object_set_new(j, "pages_inherited", json_integer((json_int_t)n.inherited));
		json_object_set_new(j, "pages_zero", json_integer((json_int_t)n.zero));
		json_object_set_new(j, "shared_with", sharers_json(image, t, m->object));
		json_array_append_new(list, j);
	}
	return list;
}

json_t *image_json(json_t *j, const void *image, const struct image_target *t)
{
	const struct caplog_image_header *h = image;
	json_t *threads = json_array(), *ledger = json_array();

	for (size_t i = 0; i < t->threads; i++)
		json_array_append_new(threads, thread_json(&t->thread[i]));
	for (size_t i = 0; i < t->objects; i++)
		json_array_append_new(ledger, line_json(&t->object[i]));
	json_object_set_new(j, "platform", field_json(h->platform, sizeof h->platform));
	json_object_set_new(j, "thread_list", threads);
	json_object_set_new(j, "ledger", ledger);
	json_object_set_new(j, "memory", memory_json(image, t));
	return j;
}
