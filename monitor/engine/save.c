/* SPDX-License-Identifier: BSD-2-Clause */
/* Targets to image: all but their memory */
#include "engine.h"

#include <string.h>

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

int caplog_save_state(const struct caplog_platform *p, struct caplog_target *const *targets,
                      uint32_t count, struct caplog_image *image, struct caplog_diag *diag)
{
	int err = 0;

	for (uint32_t i = 0; i < count && !err; i++) {
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
	}
	return err;
}

int caplog_save(const struct caplog_platform *p, struct caplog_target *const *targets,
                uint32_t count, struct caplog_image *image, struct caplog_diag *diag)
{
	int const err = caplog_save_state(p, targets, count, image, diag);

	return err ? err : caplog_save_memory(p, targets, count, image, diag);
}
