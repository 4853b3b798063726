/* SPDX-License-Identifier: BSD-2-Clause */
/* Targets to image */
#include "engine.h"

#include <string.h>

#include "pages.h"
#include "source.h"
#include "stop.h"

static void put_chunk(struct caplog_image *image, uint32_t kind, uint32_t target,
                      const void *bytes, uint64_t size)
{
	caplog_image_open(image, kind, target);
	caplog_image_put(image, bytes, size);
	caplog_image_close(image);
}

static void save_target(const struct caplog_target *t, uint32_t index,
                        struct caplog_image *image)
{
	struct caplog_image_target head;
	uint64_t length = 0;

	memset(&head, 0, sizeof head);
	memcpy(head.flavour, t->space.flavour->name, sizeof head.flavour);
	memcpy(head.name, t->name, sizeof head.name - 1);
	head.map_address     = t->map.address;
	head.epoch_address   = t->map.epoch_address;
	head.holders_address = t->map.holders_address;
	head.map_stride      = t->map.stride;
	head.map_offset      = t->map.offset;
	head.map_width       = t->map.width;
	head.map_count       = t->map.count;
	head.holders_count   = t->map.holders_count;
	head.word_bytes      = t->space.word_bytes;
	put_chunk(image, CAPLOG_CHUNK_TARGET, index, &head, sizeof head);
	while (t->name[length])
		length++;
	if (length >= sizeof head.name)
		put_chunk(image, CAPLOG_CHUNK_NAME, index, t->name, length);
}

static void save_slots(const struct caplog_target *t, uint32_t index, struct caplog_image *image)
{
	caplog_image_open(image, CAPLOG_CHUNK_SLOTS, index);
	for (uint32_t slot = 0; slot < t->space.flavour->slot_count; slot++)
		if (t->slot[slot].kind != CAPLOG_EMPTY)
			caplog_image_put(image, &t->slot[slot], sizeof t->slot[slot]);
	caplog_image_close(image);
}


/*
 * Objects and what they carry
 */

/* An RPC object that the component is freeing need not be recreated */
static void save_objects(const struct caplog_target *t, uint32_t index,
                         struct caplog_image *image)
{
	caplog_image_open(image, CAPLOG_CHUNK_OBJECTS, index);
	for (uint32_t i = 0; i < t->ledger.count; i++)
		if (!t->ledger.line[i].gone && !caplog_being_freed(t, &t->ledger.line[i]))
			caplog_image_put(image, &t->ledger.line[i], sizeof t->ledger.line[i]);
	caplog_image_close(image);
}

static void save_states(const struct caplog_platform *p, const struct caplog_target *t,
                        uint32_t index, enum caplog_carries what, struct caplog_image *image)
{
	int const session = what == CAPLOG_CARRIES_SESSION;

	caplog_image_open(image, session ? CAPLOG_CHUNK_STATES : CAPLOG_CHUNK_PENDING, index);
	for (uint32_t i = 0; i < t->ledger.count; i++) {
		const struct caplog_object *o = &t->ledger.line[i];
		struct caplog_image_pending pending = { o->id, 0 };
		struct caplog_image_state state;

		if (o->gone || caplog_kind_carries(o->kind) != what)
			continue;
		memset(&state, 0, sizeof state);
		state.object = o->id;
		if (!p->save(p->ctx, t->handle, o, &state.state, &pending.number))
			continue;
		if (session)
			caplog_image_put(image, &state, sizeof state);
		else
			caplog_image_put(image, &pending, sizeof pending);
	}
	caplog_image_close(image);
}

/* Is the component the one that has this index in the parent? Then lines have their ids there */
static int is_in_parent(const struct caplog_target *t, uint32_t index,
                        const struct caplog_image *image)
{
	struct caplog_image_walk walk = { image->parent, 0, 0, image->parent_size };
	struct caplog_image_target head;
	uint64_t size;
	const void *const found = caplog_image_next(&walk, CAPLOG_CHUNK_TARGET, index, sizeof head, &size);

	if (!found || size != sizeof head)
		return 0;
	caplog_image_take(&head, found, sizeof head);
	return !memcmp(head.name, t->name, sizeof head.name - 1);
}

/* How many pages from this one on were not written */
static uint64_t unwritten(const uint32_t *written, uint64_t page, uint64_t count)
{
	uint64_t at = page;

	while (at < count && !(written[at / 32] >> at % 32 & 1))
		at += at % 32 || written[at / 32] ? 1 : 32;
	return (at < count ? at : count) - page;
}

/* \param written  a bit per page that is not known to be as in the parent; NULL: none is */
static void put_pages(const struct caplog_object *o, const uint8_t *bytes, const uint32_t *written,
                      uint32_t index, struct caplog_image *image, struct caplog_pages_walk *parent)
{
	const struct caplog_pages *const before = parent->walk.data ? caplog_pages_of(parent, o->id) : NULL;
	uint64_t const size = caplog_object_bytes(o), count = caplog_page_count(size);
	int const is_known = written && before && before->size == size;
	struct caplog_pages_writer w;

	caplog_pages_open_chunk(&w, image, index, o->id, size);
	for (uint64_t page = 0; page < count; ) {
		uint64_t const same = is_known ? unwritten(written, page, count) : 0;

		if (same)
			caplog_pages_keep(&w, before, same);
		else
			caplog_pages_put(&w, bytes + page * CAPLOG_IMAGE_PAGE, before);
		page += same ? same : 1;
	}
	caplog_pages_close_chunk(&w);
}

static int save_memory(const struct caplog_platform *p, const struct caplog_target *t,
                       uint32_t index, uint64_t since, struct caplog_image *image,
                       struct caplog_diag *diag)
{
	struct caplog_pages_walk parent = { .at_end = 1 };

	if (image->parent && is_in_parent(t, index, image))
		caplog_pages_begin(&parent, image->parent, image->parent_size, index);
	for (uint32_t i = 0; i < t->ledger.count; i++) {
		const struct caplog_object *o = &t->ledger.line[i];
		const uint32_t *written;
		const uint8_t *bytes;

		if (o->gone || caplog_kind_carries(o->kind) != CAPLOG_CARRIES_MEMORY)
			continue;
		if (!(bytes = p->bytes(p->ctx, t->handle, o)))
			return caplog_say(diag, CAPLOG_EINVAL, "%s: its %s (ledger line %u) cannot be read",
			                  t->name, caplog_object_kind(o->kind)->name, o->id);
		written = p->written ? p->written(p->ctx, t->handle, o, since) : NULL;
		put_pages(o, bytes, written, index, image, &parent);
	}
	return 0;
}

/* What is written from now on is not in the image */
static void note_saved(const struct caplog_platform *p, struct caplog_target *const *targets,
                       uint32_t count, const struct caplog_image *image)
{
	struct caplog_image_header header;

	caplog_image_take(&header, image->data, sizeof header);
	for (uint32_t i = 0; p->saved && i < count; i++)
		p->saved(p->ctx, targets[i]->handle, header.checksum);
}

int caplog_save(const struct caplog_platform *p, struct caplog_target *const *targets,
                uint32_t count, struct caplog_image *image, struct caplog_diag *diag)
{
	struct caplog_image_header parent = { .checksum = 0 };
	int err;

	if (image->parent) {
		caplog_image_take(&parent, image->parent, sizeof parent);
		if ((err = caplog_image_on(&parent, p->number, diag)))
			return err;
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct caplog_target *t = targets[i];

		if ((err = caplog_unchanged(t, diag)))
			return err;
		save_target(t, i, image);
		save_slots(t, i, image);
		save_objects(t, i, image);
		save_states(p, t, i, CAPLOG_CARRIES_SESSION, image);
		save_states(p, t, i, CAPLOG_CARRIES_PENDING, image);
		put_chunk(image, CAPLOG_CHUNK_THREADS, i, t->thread,
		          t->threads * sizeof t->thread[0]);
		if ((err = save_memory(p, t, i, parent.checksum, image, diag)))
			return err;
	}
	/* what was written first may have changed meanwhile */
	for (uint32_t i = 0; i < count; i++)
		if ((err = caplog_unchanged(targets[i], diag)))
			return err;
	if (!(err = caplog_image_commit(image, p->number, count, diag)))
		note_saved(p, targets, count, image);
	return err;
}
