/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine.h"

#include <string.h>

#include <caplog/diag.h>
#include "source.h"

enum { EBUSY_ = -16 };

/* Prefix a message with the component's name */
static int named(const struct caplog_target *t, int err, const struct caplog_diag *why,
                 struct caplog_diag *diag)
{
	return caplog_say(diag, err, "%s: %s", t->info.name, why->text);
}


/*
 * Capture
 */

static int follow(const struct caplog_platform *p, struct caplog_target *t,
                  struct caplog_diag *diag)
{
	struct caplog_diag why = { 0, "" };
	int err = 0;

	if (!t->open) {
		if ((err = p->info(p->ctx, t->handle, &t->info)))
			return caplog_say(diag, err, "the platform does not know a component");
		void *log = p->memory(p->ctx, t->handle, t->info.log_address, t->info.log_size);
		if (!log)
			return caplog_say(diag, CAPLOG_EAGAIN, "%s: it has no log: it is just starting, or "
			                  "not linked with the patched base library", t->info.name);
		if ((err = caplog_reader_open(&t->reader, log, t->info.log_size, &why)))
			return named(t, err, &why, diag);
	}
	uint32_t const generation = t->reader.header.generation;
	if ((err = caplog_reader_update(&t->reader, &t->space, NULL, &why)))
		return named(t, err, &why, diag);
	if (!t->open || t->reader.header.generation != generation) {
		caplog_sources_forget(t);
		t->open = 1;
	}
	if (caplog_reader_map(&t->reader, &t->map))
		return caplog_say(diag, CAPLOG_EINVAL, "%s: its log does not say where the cap map is, "
		                  "or says what cannot be", t->info.name);
	return 0;
}

static int check_quiet(const struct caplog_platform *p, struct caplog_target *t,
                       struct caplog_diag *diag)
{
	const uint32_t *holders = p->memory(p->ctx, t->handle, t->map.holders_address,
	                                    4 * (uint64_t)t->map.holders_count);
	uint32_t holding;

	if (!holders || !p->memory(p->ctx, t->handle, t->map.epoch_address, 4) ||
	    !p->memory(p->ctx, t->handle, t->map.address,
	                         (uint64_t)t->map.stride * t->map.count))
		return caplog_say(diag, CAPLOG_EINVAL, "%s: the cap map lies outside its memory",
		                  t->info.name);
	if ((holding = caplog_holders(holders, t->map.holders_count)))
		return caplog_say(diag, EBUSY_, "%s: %u threads hold badges outside the cap map",
		                  t->info.name, holding);
	return 0;
}

/* Everything that the component was given must be possible to make again */
static int check_objects(const struct caplog_target *t, struct caplog_diag *diag)
{
	for (uint32_t i = 0; t->ledger.unknown && i < t->ledger.count; i++)
		if (!t->ledger.line[i].gone && t->ledger.line[i].kind == CAPLOG_OBJECT_UNKNOWN)
			return caplog_say(diag, CAPLOG_ENOTSUP, "%s: it was given \"%s\", which there is no "
			                  "way to make again", t->info.name, t->ledger.line[i].name);
	return 0;
}

static int capture_threads(const struct caplog_platform *p, struct caplog_target *t,
                           struct caplog_diag *diag)
{
	struct caplog_diag why = { 0, "" };
	int err;

	for (t->threads = 0; ; t->threads++) {
		struct caplog_image_thread *thread = &t->thread[t->threads];

		err = p->thread(p->ctx, t->handle, t->threads, thread, &why);
		if (err)
			return err == CAPLOG_ENOENT ? 0 : named(t, err, &why, diag);
		if (!caplog_is_thread_slot(t->space.flavour, thread->slot))
			return caplog_say(diag, CAPLOG_EINVAL, "%s: slot %x: the platform names a thread "
			                  "there", t->info.name, thread->slot);
		/* out of the map already: about to be killed, so it need not run again */
		const struct caplog_cap *c = &t->space.cap[thread->slot];
		if (c->kind == CAPLOG_EMPTY || c->stale)
			thread->state = CAPLOG_THREAD_NEW;
	}
}

int caplog_capture(const struct caplog_platform *p, struct caplog_target *const *targets,
                   uint32_t count, struct caplog_diag *diag)
{
	void *handles[CAPLOG_TARGETS_MAX];
	int err;

	if (!count || count > CAPLOG_TARGETS_MAX)
		return caplog_say(diag, CAPLOG_EINVAL, "a group has 1 to %u components",
		                  CAPLOG_TARGETS_MAX);
	for (uint32_t i = 0; i < count; i++)
		handles[i] = targets[i]->handle;
	if ((err = p->stop(p->ctx, handles, count, diag)))
		return err;
	/* all spaces first: sources may lie in any of them */
	for (uint32_t i = 0; i < count && !err; i++)
		err = follow(p, targets[i], diag);
	for (uint32_t i = 0; i < count && !err; i++)
		err = check_quiet(p, targets[i], diag);
	for (uint32_t i = 0; i < count && !err; i++) {
		struct caplog_diag why = { 0, "" };
		if ((err = caplog_sources_update(p, targets, count, targets[i], &why)))
			named(targets[i], err, &why, diag);
	}
	for (uint32_t i = 0; i < count && !err; i++)
		if (!(err = check_objects(targets[i], diag)))
			err = capture_threads(p, targets[i], diag);
	for (uint32_t i = 0; i < count && err; i++)
		p->resume(p->ctx, handles[i]);
	return err;
}


/*
 * Save
 */

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

	memset(&head, 0, sizeof head);
	memcpy(head.flavour, t->space.flavour->name, sizeof head.flavour);
	memcpy(head.name, t->info.name, sizeof head.name);
	head.log_address   = t->info.log_address;
	head.log_size      = t->info.log_size;
	head.map_address   = t->map.address;
	head.epoch_address = t->map.epoch_address;
	head.map_stride    = t->map.stride;
	head.map_offset    = t->map.offset;
	head.map_width     = t->map.width;
	head.map_count     = t->map.count;
	head.word_bytes    = t->space.word_bytes;
	put_chunk(image, CAPLOG_CHUNK_TARGET, index, &head, sizeof head);

	caplog_image_open(image, CAPLOG_CHUNK_SLOTS, index);
	for (uint32_t slot = 0; slot < t->space.flavour->slot_count; slot++)
		if (t->slot[slot].kind != CAPLOG_EMPTY)
			caplog_image_put(image, &t->slot[slot], sizeof t->slot[slot]);
	caplog_image_close(image);
}

/* Slots whose RPC objects the component said that it frees; only core was not told yet */
struct freed {
	uint32_t count;
	uint16_t slot[CAPLOG_SLOTS_MAX];
};

static void find_freed(const struct caplog_target *t, struct freed *f)
{
	f->count = 0;
	for (uint32_t slot = 0; slot < t->space.flavour->slot_count; slot++)
		if (t->space.cap[slot].kind == CAPLOG_TOMBSTONE && !t->space.cap[slot].stale)
			f->slot[f->count++] = (uint16_t)slot;
}

static int being_freed(const struct caplog_target *t, const struct freed *f,
                       const struct caplog_object *o)
{
	for (uint32_t i = 0; o->kind == CAPLOG_OBJECT_GATE && i < f->count; i++)
		if (t->space.cap[f->slot[i]].badge == o->badge)
			return 1;
	return 0;
}

static void save_objects(const struct caplog_platform *p, const struct caplog_target *t,
                         uint32_t index, struct caplog_image *image)
{
	union { uint64_t id; uint8_t bytes[8 + 4096]; } state;
	struct freed freed;

	find_freed(t, &freed);
	caplog_image_open(image, CAPLOG_CHUNK_OBJECTS, index);
	for (uint32_t i = 0; i < t->ledger.count; i++)
		if (!t->ledger.line[i].gone && !being_freed(t, &freed, &t->ledger.line[i]))
			caplog_image_put(image, &t->ledger.line[i], sizeof t->ledger.line[i]);
	caplog_image_close(image);
	for (uint32_t i = 0; i < t->ledger.count; i++) {
		const struct caplog_object *o = &t->ledger.line[i];
		uint32_t const size = o->gone ? 0 : p->save(p->ctx, t->handle, o, state.bytes + 8,
		                                            sizeof state.bytes - 8);
		if (size) {
			state.id = o->id;
			put_chunk(image, CAPLOG_CHUNK_STATE, index, &state, 8 + size);
		}
	}
}

static int save_memory(const struct caplog_platform *p, const struct caplog_target *t,
                       uint32_t index, struct caplog_image *image, struct caplog_diag *diag)
{
	struct caplog_image_memory region;

	for (uint32_t n = 0; !p->region(p->ctx, t->handle, n, &region); n++) {
		const void *bytes = p->bytes(p->ctx, t->handle, &region);

		if (!bytes)
			return caplog_say(diag, CAPLOG_EINVAL, "%s: memory %n cannot be read",
			                  t->info.name, region.name);
		caplog_image_open(image, CAPLOG_CHUNK_MEMORY, index);
		caplog_image_put(image, &region, sizeof region);
		caplog_image_put(image, bytes, region.size);
		caplog_image_close(image);
	}
	return 0;
}

int caplog_save(const struct caplog_platform *p, struct caplog_target *const *targets,
                uint32_t count, struct caplog_image *image, struct caplog_diag *diag)
{
	int err;

	for (uint32_t i = 0; i < count; i++) {
		save_target(targets[i], i, image);
		save_objects(p, targets[i], i, image);
		put_chunk(image, CAPLOG_CHUNK_THREADS, i, targets[i]->thread,
		          targets[i]->threads * sizeof targets[i]->thread[0]);
		if ((err = save_memory(p, targets[i], i, image, diag)))
			return err;
	}
	return caplog_image_commit(image, count, diag);
}
