/* SPDX-License-Identifier: BSD-2-Clause */
#include "pages.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <string.h>

enum { PAGE = CAPLOG_IMAGE_PAGE, HEAD = sizeof(struct caplog_image_pages) };

static uint64_t aligned(uint64_t offset) { return (offset + PAGE - 1) & ~(uint64_t)(PAGE - 1); }

uint64_t caplog_page_count(uint64_t size)
{
	return size / PAGE + (size % PAGE != 0);
}

static int is_zero(const uint8_t *page)
{
	for (unsigned i = 0; i < PAGE; i += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, page + i, sizeof word);
		if (word)
			return 0;
	}
	return 1;
}

uint64_t caplog_page_hash(const void *page)
{
	if (is_zero(page))
		return 0;

	uint64_t const hash = XXH64(page, PAGE, 0);
	return hash ? hash : 1;
}


/*
 * Reading
 */

int caplog_pages_open(struct caplog_pages *p, const void *image, const void *payload,
                      uint64_t size)
{
	const uint8_t *const at = payload;
	uint64_t const offset = (uint64_t)(at - (const uint8_t *)image);
	struct caplog_image_pages head;

	if (size < HEAD)
		return CAPLOG_EINVAL;
	caplog_image_take(&head, at, HEAD);
	p->object = head.object;
	p->size   = head.size;
	p->count  = caplog_page_count(head.size);
	p->stored = head.stored;
	/* a count has 52 bits: nothing overflows */
	if (12 * p->count > size - HEAD || p->stored > p->count)
		return CAPLOG_EINVAL;
	p->hash  = at + HEAD;
	p->place = p->hash + 8 * p->count;

	uint64_t const end = HEAD + 12 * p->count;
	uint64_t const data = p->stored ? aligned(offset + end) - offset : end;
	if (data > size || size - data != (uint64_t)p->stored * PAGE)
		return CAPLOG_EINVAL;
	p->data = at + data;
	return 0;
}

uint64_t caplog_pages_hash(const struct caplog_pages *p, uint64_t page)
{
	uint64_t hash;

	caplog_image_take(&hash, p->hash + 8 * page, sizeof hash);
	return hash;
}

static uint32_t place_of(const struct caplog_pages *p, uint64_t page)
{
	uint32_t place;

	caplog_image_take(&place, p->place + 4 * page, sizeof place);
	return place;
}

const void *caplog_pages_bytes(const struct caplog_pages *p, uint64_t page)
{
	uint32_t const place = place_of(p, page);

	return place && place <= p->stored ? p->data + (uint64_t)(place - 1) * PAGE : NULL;
}

int caplog_pages_check(const struct caplog_pages *p)
{
	uint8_t bytes[PAGE];
	uint32_t stored = 0;

	for (uint64_t page = 0; page < p->count; page++) {
		uint32_t const place = place_of(p, page);

		if (!place)
			continue;
		if (place != ++stored || stored > p->stored)
			return CAPLOG_EINVAL;
		caplog_image_take(bytes, p->data + (uint64_t)(place - 1) * PAGE, PAGE);
		uint64_t const hash = caplog_page_hash(bytes);
		if (!hash || hash != caplog_pages_hash(p, page))
			return CAPLOG_EINVAL;
	}
	return stored == p->stored ? 0 : CAPLOG_EINVAL;
}

void caplog_pages_begin(struct caplog_pages_walk *w, const void *image, uint64_t size,
                        uint32_t target)
{
	memset(w, 0, sizeof *w);
	w->walk.data = image;
	w->walk.size = size;
	w->target = target;
}

const struct caplog_pages *caplog_pages_next(struct caplog_pages_walk *w)
{
	uint64_t size;
	const void *const payload = w->at_end ? NULL
	                          : caplog_image_next(&w->walk, CAPLOG_CHUNK_PAGES, w->target, 1, &size);

	if (payload && !caplog_pages_open(&w->now, w->walk.data, payload, size))
		return &w->now;
	w->at_end = 1;
	return NULL;
}

const struct caplog_pages *caplog_pages_of(struct caplog_pages_walk *w, uint64_t object)
{
	if (!w->walk.at)
		(void)caplog_pages_next(w);
	while (!w->at_end && w->now.object < object)
		(void)caplog_pages_next(w);
	return !w->at_end && w->now.object == object ? &w->now : NULL;
}


/*
 * Writing
 */

static void poke(struct caplog_image *image, uint64_t at, const void *bytes, uint64_t size)
{
	if (at <= image->capacity && size <= image->capacity - at)
		memcpy(image->data + at, bytes, size);
}

void caplog_pages_open_chunk(struct caplog_pages_writer *w, struct caplog_image *image,
                             uint32_t target, uint64_t object, uint64_t size)
{
	memset(w, 0, sizeof *w);
	w->image = image;
	w->head.object = object;
	w->head.size = size;
	w->count = caplog_page_count(size);
	caplog_image_open(image, CAPLOG_CHUNK_PAGES, target);
	w->at = image->size;

	uint64_t const end = w->at + HEAD + 12 * w->count;
	w->data = aligned(end);
	w->full = end > image->capacity;
	/* hashes and places; what precedes the first page, if one comes, is zeroed with it */
	if (!w->full)
		memset(image->data + w->at, 0, end - w->at);
	image->size = end;
}

/* Where the next stored page goes; NULL: there is no room for it */
static uint8_t *room(const struct caplog_pages_writer *w)
{
	const struct caplog_image *const image = w->image;
	uint64_t const at = w->data + (uint64_t)w->head.stored * PAGE;

	return at <= image->capacity && PAGE <= image->capacity - at ? image->data + at : NULL;
}

static void store(struct caplog_pages_writer *w, uint64_t page, int fits)
{
	struct caplog_image *const image = w->image;
	uint64_t const end = w->at + HEAD + 12 * w->count;
	uint32_t const place = ++w->head.stored;

	poke(image, w->at + HEAD + 8 * w->count + 4 * page, &place, sizeof place);
	if (place == 1 && fits)
		memset(image->data + end, 0, w->data - end);
	image->size = w->data + (uint64_t)place * PAGE;
	w->full |= !fits;
}

/* A page that is stored, unless it turns out to be zero or as in the parent. \return its hash */
static uint64_t put_copy(struct caplog_pages_writer *w, uint64_t page, const void *bytes,
                         uint64_t size, uint64_t parent)
{
	uint8_t spare[PAGE], *const fits = room(w), *const copy = fits ? fits : spare;
	const void *kept;
	uint64_t hash;

	/* the hash is that of the copy, whoever else writes to the page */
	memcpy(copy, bytes, size);
	if ((kept = w->kept ? w->kept(w->ctx, page) : NULL))
		memcpy(copy, kept, size);
	memset(copy + size, 0, PAGE - size);
	hash = caplog_page_hash(copy);
	if (hash && hash != parent)
		store(w, page, fits != NULL);
	return hash;
}

void caplog_pages_put(struct caplog_pages_writer *w, const void *bytes,
                      const struct caplog_pages *parent)
{
	uint64_t const page = w->page++, left = w->head.size - page * PAGE;
	int const is_whole = left >= PAGE;
	uint64_t before, hash;

	if (w->full)
		return;
	/* 0 is the hash of no page that could be left out for its parent */
	before = parent && page < parent->count ? caplog_pages_hash(parent, page) : 0;
	/* zeros need not be copied */
	if (is_whole && is_zero(bytes) && !(w->kept && w->kept(w->ctx, page)))
		hash = 0;
	else
		hash = put_copy(w, page, bytes, is_whole ? PAGE : left, before);
	poke(w->image, w->at + HEAD + 8 * page, &hash, sizeof hash);
}

void caplog_pages_keep(struct caplog_pages_writer *w, const struct caplog_pages *parent,
                       uint64_t count)
{
	uint64_t const page = w->page;

	w->page += count;
	if (!w->full)
		poke(w->image, w->at + HEAD + 8 * page, parent->hash + 8 * page, 8 * count);
}

void caplog_pages_close_chunk(struct caplog_pages_writer *w)
{
	if (w->full)
		w->image->size = w->data + w->count * PAGE;
	poke(w->image, w->at, &w->head, HEAD);
	caplog_image_close(w->image);
}
