/* SPDX-License-Identifier: BSD-2-Clause */
#include "chain.h"

#include <string.h>

#include "engine.h"

/*
 * Check
 */

/* Is each page of a line there? */
static int check_line(const struct caplog_pages *child, const struct caplog_pages *parent)
{
	for (uint64_t page = 0; page < child->count; page++) {
		uint64_t const hash = caplog_pages_hash(child, page);

		if (hash && !caplog_pages_bytes(child, page) &&
		    !(parent && page < parent->count && caplog_pages_hash(parent, page) == hash))
			return CAPLOG_EINVAL;
	}
	return 0;
}

static int check_pages(const struct caplog_image_source *s, struct caplog_diag *diag)
{
	for (uint32_t target = 0; target < s->header.targets; target++) {
		struct caplog_pages_walk child, parent = { .at_end = 1 };
		const struct caplog_pages *line;

		caplog_pages_begin(&child, s->data, s->size, target);
		if (s->parent)
			caplog_pages_begin(&parent, s->parent->data, s->parent->size, target);
		while ((line = caplog_pages_next(&child)))
			if (check_line(line, s->parent ? caplog_pages_of(&parent, line->object) : NULL))
				return caplog_say(diag, CAPLOG_EINVAL, "image %n: memory of ledger line %n of "
				                  "component %u is not complete, nor in its parent",
				                  s->header.checksum, line->object, target);
	}
	return 0;
}

static int is_other_platform(const struct caplog_image_source *a,
                             const struct caplog_image_source *b)
{
	return memcmp(a->header.platform, b->header.platform, sizeof a->header.platform) != 0;
}

/* \param number  of the parent in the chain, from 0 */
static int check_link(const struct caplog_image_source *child,
                      const struct caplog_image_source *parent, uint32_t number,
                      struct caplog_diag *diag)
{
	if (!child->header.parent)
		return caplog_say(diag, CAPLOG_EINVAL, "image %u of the chain is whole: leave out those "
		                  "that follow it", number - 1);
	if (child->header.parent != parent->header.checksum)
		return caplog_say(diag, CAPLOG_EINVAL, "image %u of the chain is %n, but the one before it "
		                  "is the child of %n: give them newest first", number,
		                  parent->header.checksum, child->header.parent);
	return is_other_platform(child, parent)
	       ? caplog_say(diag, CAPLOG_ENOTSUP, "image %u of the chain is of another platform", number)
	       : 0;
}

static int open_link(const struct caplog_image_link *link, uint32_t number,
                     struct caplog_image_source *s, struct caplog_diag *diag)
{
	struct caplog_diag why = { 0, "" };
	int err;

	memset(s, 0, sizeof *s);
	s->data = link->data;
	s->size = link->size;
	err = caplog_image_open_header(link->data, link->size, &s->header, &why);
	if (err && number)
		return caplog_say(diag, err, "image %u of the chain: %s", number, why.text);
	return err ? caplog_say(diag, err, "%s", why.text) : 0;
}

int caplog_chain_open(const struct caplog_image_link *link, uint32_t count,
                      struct caplog_image_source *sources, struct caplog_diag *diag)
{
	int err = 0;

	if (!count || count > CAPLOG_CHAIN_MAX)
		return caplog_say(diag, CAPLOG_EINVAL, "a chain has 1 to %u images: merge older ones",
		                  CAPLOG_CHAIN_MAX);
	for (uint32_t i = 0; i < count && !err; i++) {
		if (!(err = open_link(&link[i], i, &sources[i], diag)) && i)
			err = check_link(&sources[i - 1], &sources[i], i, diag);
		if (i)
			sources[i - 1].parent = &sources[i];
	}
	if (!err && sources[count - 1].header.parent)
		return caplog_say(diag, CAPLOG_EINVAL, "image %n is the child of image %n, which is missing: "
		                  "give its parents as well", sources[count - 1].header.checksum,
		                  sources[count - 1].header.parent);
	for (uint32_t i = 0; i < count && !err; i++)
		err = check_pages(&sources[i], diag);
	return err;
}


/*
 * Pages
 */

void caplog_chain_begin(struct caplog_chain_walk *w, const struct caplog_image_source *s,
                        uint32_t target)
{
	w->links = 0;
	for (; s && w->links < CAPLOG_CHAIN_MAX; s = s->parent)
		caplog_pages_begin(&w->link[w->links++], s->data, s->size, target);
}

const struct caplog_pages *caplog_chain_next(struct caplog_chain_walk *w)
{
	const struct caplog_pages *const newest = caplog_pages_next(&w->link[0]);

	w->pages[0] = newest;
	for (uint32_t i = 1; i < w->links; i++)
		w->pages[i] = newest ? caplog_pages_of(&w->link[i], newest->object) : NULL;
	return newest;
}

int caplog_chain_page(const struct caplog_chain_walk *w, uint64_t page, const void **bytes)
{
	uint64_t const hash = caplog_pages_hash(w->pages[0], page);

	*bytes = NULL;
	for (uint32_t i = 0; hash && i < w->links && !*bytes; i++) {
		const struct caplog_pages *const p = w->pages[i];

		if (!p || page >= p->count || caplog_pages_hash(p, page) != hash)
			return CAPLOG_EINVAL;
		*bytes = caplog_pages_bytes(p, page);
	}
	return hash && !*bytes ? CAPLOG_EINVAL : 0;
}


/*
 * Merge
 */

static void copy_chunk(struct caplog_image *to, const struct caplog_chunk *c, const uint8_t *payload)
{
	uint8_t bytes[512];

	caplog_image_open(to, c->kind, c->target);
	for (uint64_t at = 0, n; at < c->size; at += n) {
		n = c->size - at < sizeof bytes ? c->size - at : sizeof bytes;
		caplog_image_take(bytes, payload + at, n);
		caplog_image_put(to, bytes, n);
	}
	caplog_image_close(to);
}

static int merge_pages(struct caplog_image *to, uint32_t target, struct caplog_chain_walk *w)
{
	static const uint8_t zero[CAPLOG_IMAGE_PAGE];
	const struct caplog_pages *const line = caplog_chain_next(w);
	struct caplog_pages_writer writer;
	const void *bytes;

	if (!line)
		return CAPLOG_EINVAL;
	caplog_pages_open_chunk(&writer, to, target, line->object, line->size);
	for (uint64_t page = 0; page < line->count; page++) {
		if (caplog_chain_page(w, page, &bytes))
			return CAPLOG_EINVAL;
		caplog_pages_put(&writer, bytes ? bytes : zero, NULL);
	}
	caplog_pages_close_chunk(&writer);
	return 0;
}

/*
 * In the order in which they are saved: all but memory of one component after the
 * other, then the memory of each
 */
static int merge_target(struct caplog_image *to, const struct caplog_image_source *s,
                        uint32_t target, int memory)
{
	const uint8_t *const data = s->data;
	uint64_t at = sizeof s->header;
	struct caplog_chain_walk walk;
	int err = 0;

	caplog_chain_begin(&walk, s, target);
	for (uint32_t i = 0; i < s->header.chunks && !err; i++) {
		struct caplog_chunk c;

		if (at > s->size || s->size - at < sizeof c)
			return CAPLOG_EINVAL;
		caplog_image_take(&c, data + at, sizeof c);
		at += sizeof c;
		if (c.size > s->size - at)
			return CAPLOG_EINVAL;
		if (c.target == target && memory && c.kind == CAPLOG_CHUNK_PAGES)
			err = merge_pages(to, target, &walk);
		else if (c.target == target && !memory && c.kind != CAPLOG_CHUNK_PAGES)
			copy_chunk(to, &c, data + at);
		at += (c.size + 7) & ~(uint64_t)7;
	}
	return err;
}

static uint32_t platform_of(const struct caplog_image_header *h)
{
	uint32_t n = 0;

	while (n < CAPLOG_PLATFORM_COUNT && caplog_image_on(h, n, NULL))
		n++;
	return n;
}

int caplog_merge(const struct caplog_image_link *link, uint32_t count, struct caplog_image *to,
                 struct caplog_diag *diag)
{
	struct caplog_image_source sources[CAPLOG_CHAIN_MAX];
	int err = caplog_chain_open(link, count, sources, diag);

	uint32_t const targets = err ? 0 : sources[0].header.targets;

	for (uint32_t i = 0; !err && i < 2 * targets; i++)
		if ((err = merge_target(to, &sources[0], i % targets, i >= targets)))
			caplog_say(diag, err, "image %n changes while it is merged", sources[0].header.checksum);
	return err ? err : caplog_image_commit(to, platform_of(&sources[0].header),
	                                       sources[0].header.targets, diag);
}
