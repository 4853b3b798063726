/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Targets to image: their memory, while they stand still or are held
 *
 * Of targets that are held nothing is used but what the platform kept, and the
 * lines as they are in the image: the targets run.
 */
#include "engine.h"

#include <string.h>

#include "pages.h"
#include "stop.h"

/* One component */
struct memory {
	const struct caplog_platform *p;
	const struct caplog_target   *t;
	uint32_t                      index;
	struct caplog_image          *image;
	uint64_t                      since;   /* checksum of the parent; 0: none */
	struct caplog_pages_walk      parent;
	struct caplog_diag           *diag;
};

/* A line that carries memory, and what of it is to be saved */
struct piece {
	const struct memory        *m;
	const struct caplog_object *line;
	const uint8_t              *bytes;
	const uint32_t             *written;   /* a bit per page that may not be as in the parent;
	                                          NULL: none is known to be */
};

/* Is the component the one that has this index in the parent? Then lines have their ids there */
static int is_in_parent(const struct memory *m)
{
	struct caplog_image_walk walk = { m->image->parent, 0, 0, m->image->parent_size };
	struct caplog_image_target head;
	uint64_t size;
	const void *const found = caplog_image_next(&walk, CAPLOG_CHUNK_TARGET, m->index, sizeof head,
	                                            &size);

	if (!found || size != sizeof head)
		return 0;
	caplog_image_take(&head, found, sizeof head);
	return !memcmp(head.name, m->t->name, sizeof head.name - 1);
}

/* How many pages from this one on were not written */
static uint64_t unwritten(const uint32_t *written, uint64_t page, uint64_t count)
{
	uint64_t at = page;

	while (at < count && !(written[at / 32] >> at % 32 & 1))
		at += at % 32 || written[at / 32] ? 1 : 32;
	return (at < count ? at : count) - page;
}

static const void *kept(void *ctx, uint64_t page)
{
	const struct piece *const piece = ctx;
	const struct memory *const m = piece->m;

	return m->p->kept(m->p->ctx, m->t->handle, piece->line->id, page);
}

static void put_pages(struct memory *m, struct piece *piece)
{
	const struct caplog_object *const o = piece->line;
	const struct caplog_pages *const before = m->parent.walk.data ? caplog_pages_of(&m->parent, o->id)
	                                                              : NULL;
	uint64_t const size = caplog_object_bytes(o), count = caplog_page_count(size);
	int const is_known = piece->written && before && before->size == size;
	struct caplog_pages_writer w;

	caplog_pages_open_chunk(&w, m->image, m->index, o->id, size);
	w.kept = m->image->held ? kept : NULL;
	w.ctx  = piece;
	for (uint64_t page = 0; page < count; ) {
		uint64_t const same = is_known ? unwritten(piece->written, page, count) : 0;

		if (same)
			caplog_pages_keep(&w, before, same);
		else
			caplog_pages_put(&w, piece->bytes + page * CAPLOG_IMAGE_PAGE, before);
		page += same ? same : 1;
	}
	caplog_pages_close_chunk(&w);
}

static int save_line(struct memory *m, const struct caplog_object *o)
{
	const struct caplog_platform *const p = m->p;
	struct piece piece = { .m = m, .line = o };

	if (caplog_kind_carries(o->kind) != CAPLOG_CARRIES_MEMORY)
		return 0;
	if (m->image->held) {
		piece.bytes = p->held(p->ctx, m->t->handle, o->id, m->since, &piece.written);
	} else {
		piece.bytes   = p->bytes(p->ctx, m->t->handle, o);
		piece.written = p->written ? p->written(p->ctx, m->t->handle, o, m->since) : NULL;
	}
	if (!piece.bytes)
		return caplog_say(m->diag, CAPLOG_EINVAL, "%s: its %s (ledger line %u) cannot be read",
		                  m->t->name, caplog_object_kind(o->kind)->name, o->id);
	put_pages(m, &piece);
	return 0;
}

/* The lines of a component as they were saved, in an image that has no header yet */
static const uint8_t *saved_lines(const struct memory *m, uint64_t *count)
{
	uint64_t at = sizeof(struct caplog_image_header);
	struct caplog_chunk c;

	do {
		memcpy(&c, m->image->data + at, sizeof c);
		at += sizeof c + ((c.size + 7) & ~(uint64_t)7);
	} while (c.kind != CAPLOG_CHUNK_OBJECTS || c.target != m->index);
	*count = c.size / sizeof(struct caplog_object);
	return m->image->data + at - ((c.size + 7) & ~(uint64_t)7);
}

static int save_held(struct memory *m)
{
	uint64_t count;
	const uint8_t *const lines = saved_lines(m, &count);
	int err = 0;

	for (uint64_t i = 0; i < count && !err; i++) {
		struct caplog_object o;

		memcpy(&o, lines + i * sizeof o, sizeof o);
		err = save_line(m, &o);
	}
	return err;
}

static int save_standing(struct memory *m)
{
	int err = 0;

	for (uint32_t i = 0; i < m->t->ledger.count && !err; i++)
		if (!m->t->ledger.line[i].gone)
			err = save_line(m, &m->t->ledger.line[i]);
	return err;
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

static int parent_of(const struct caplog_platform *p, const struct caplog_image *image,
                     uint64_t *checksum, struct caplog_diag *diag)
{
	struct caplog_image_header parent;
	int err = 0;

	*checksum = 0;
	if (image->parent) {
		caplog_image_take(&parent, image->parent, sizeof parent);
		err = caplog_image_on(&parent, p->number, diag);
		*checksum = parent.checksum;
	}
	return err;
}


/*
 * Holding
 */

int caplog_hold(const struct caplog_platform *p, struct caplog_target *const *targets,
                uint32_t count, struct caplog_image *image, struct caplog_diag *diag)
{
	uint64_t since;
	int err = parent_of(p, image, &since, diag);

	if (!err && image->size > image->capacity)
		err = CAPLOG_ENOSPC;
	if (!err && !p->hold)
		err = CAPLOG_ENOTSUP;
	for (uint32_t i = 0; i < count && !err; i++) {
		const struct caplog_ledger *const l = &targets[i]->ledger;

		for (uint32_t n = 0; n < l->count; n++)
			if (!l->line[n].gone && caplog_kind_carries(l->line[n].kind) == CAPLOG_CARRIES_MEMORY)
				(void)p->written(p->ctx, targets[i]->handle, &l->line[n], since);
		/* what was saved of it first may have changed meanwhile */
		err = caplog_unchanged(targets[i], diag);
	}
	for (uint32_t i = 0; i < count && !err; i++)
		if ((err = p->hold(p->ctx, targets[i]->handle)))
			(void)caplog_release(p, targets, i);
	image->held = !err;
	return err;
}

int caplog_release(const struct caplog_platform *p, struct caplog_target *const *targets,
                   uint32_t count)
{
	int err = 0;

	for (uint32_t i = 0; i < count; i++) {
		int const failed = p->release(p->ctx, targets[i]->handle);

		err = err ? err : failed;
	}
	return err;
}

/* \return  0; -EAGAIN: what was read is of no use */
static int release(const struct caplog_platform *p, struct caplog_target *const *targets,
                   uint32_t count, struct caplog_image *image, struct caplog_diag *diag)
{
	image->held = 0;
	return caplog_release(p, targets, count)
	       ? caplog_say(diag, CAPLOG_EAGAIN, "the components wrote to more pages, while their image was "
	                    "written, than there is room for copies") : 0;
}

int caplog_save_memory(const struct caplog_platform *p, struct caplog_target *const *targets,
                       uint32_t count, struct caplog_image *image, struct caplog_diag *diag)
{
	uint64_t since;
	int err = parent_of(p, image, &since, diag);

	for (uint32_t i = 0; i < count && !err; i++) {
		struct memory m = { p, targets[i], i, image, since, { .at_end = 1 }, diag };

		if (image->parent && is_in_parent(&m))
			caplog_pages_begin(&m.parent, image->parent, image->parent_size, i);
		err = image->held ? save_held(&m) : save_standing(&m);
	}
	if (!err && image->held && image->size > image->capacity)
		return caplog_image_commit(image, p->number, count, diag);
	if (image->held) {
		int const late = release(p, targets, count, image, diag);

		err = err ? err : late;
	} else {
		/* what was written first may have changed meanwhile */
		for (uint32_t i = 0; i < count && !err; i++)
			err = caplog_unchanged(targets[i], diag);
	}
	if (!err && !(err = caplog_image_commit(image, p->number, count, diag)))
		note_saved(p, targets, count, image);
	return err;
}
