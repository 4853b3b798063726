/* SPDX-License-Identifier: BSD-2-Clause */
#include "pages.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <string.h>

enum { HEADER = sizeof(struct caplog_image_header), CHUNK = sizeof(struct caplog_chunk) };

static uint64_t padded(uint64_t size) { return (size + 7) & ~(uint64_t)7; }

void caplog_image_begin(struct caplog_image *i, void *data, uint64_t capacity)
{
	i->data = data;
	i->capacity = capacity;
	i->size = HEADER;
	i->chunks = 0;
	i->open = 0;
	i->parent = NULL;
	i->parent_size = 0;
	i->held = 0;
	if (capacity >= HEADER)
		memset(data, 0, HEADER); /* no image until it is committed */
}

int caplog_image_child(struct caplog_image *i, const void *parent, uint64_t size,
                       struct caplog_diag *diag)
{
	int const err = caplog_image_check(parent, size, diag);

	if (!err)
		caplog_image_child_known(i, parent, size);
	return err;
}

void caplog_image_child_known(struct caplog_image *i, const void *parent, uint64_t size)
{
	i->parent = parent;
	i->parent_size = size;
}

void caplog_image_put(struct caplog_image *i, const void *bytes, uint64_t size)
{
	if (i->size <= i->capacity && size <= i->capacity - i->size)
		memcpy(i->data + i->size, bytes, size);
	i->size += size;
}

void caplog_image_open(struct caplog_image *i, uint32_t kind, uint32_t target)
{
	struct caplog_chunk const c = { kind, target, 0 };

	i->open = i->size;
	i->chunks++;
	caplog_image_put(i, &c, sizeof c);
}

void caplog_image_close(struct caplog_image *i)
{
	static const uint8_t zero[8];
	uint64_t const size = i->size - i->open - CHUNK;

	if (i->size <= i->capacity)
		memcpy(i->data + i->open + offsetof(struct caplog_chunk, size), &size, sizeof size);
	caplog_image_put(i, zero, padded(size) - size);
}

/*
 * Checksum
 */

static void add(XXH64_state_t *state, const uint8_t *from, uint64_t size)
{
	uint8_t bytes[4096];

	for (uint64_t at = 0, n; at < size; at += n) {
		n = size - at < sizeof bytes ? size - at : sizeof bytes;
		caplog_image_take(bytes, from + at, n);
		XXH64_update(state, bytes, n);
	}
}

/*
 * Hash a chunk, and check it: of stored pages their own hashes only
 *
 * \param at  its offset, after it the next one's
 * \return    0; -EINVAL: from there to the end of the image all is hashed
 */
static int add_chunk(XXH64_state_t *state, const struct caplog_image_header *h, const uint8_t *data,
                     uint64_t size, uint64_t *at, int with_pages)
{
	struct caplog_chunk c;
	struct caplog_pages pages;
	uint64_t whole, sum;

	if (size - *at < CHUNK)
		return CAPLOG_EINVAL;
	caplog_image_take(&c, data + *at, CHUNK);
	if (c.target >= h->targets || c.size > size || padded(c.size) > size - *at - CHUNK)
		return CAPLOG_EINVAL;
	sum = whole = CHUNK + padded(c.size);
	if (c.kind == CAPLOG_CHUNK_PAGES) {
		if (caplog_pages_open(&pages, data, data + *at + CHUNK, c.size))
			return CAPLOG_EINVAL;
		if (pages.stored)
			sum = (uint64_t)(pages.data - (data + *at));
		if (with_pages && caplog_pages_check(&pages))
			return CAPLOG_EINVAL;
	}
	add(state, data + *at, sum);
	*at += whole;
	return 0;
}

/*
 * What the header has to say; never 0
 *
 * \param chunk       receives the number of the first chunk that is out of range or whose pages
 *                    do not have their hashes; h->chunks if none is
 * \param end         receives the offset after the last chunk that was in range
 */
static uint64_t checksum(const struct caplog_image_header *header, const uint8_t *data,
                         uint64_t size, int with_pages, uint32_t *chunk, uint64_t *end)
{
	struct caplog_image_header h = *header;
	XXH64_state_t state;

	h.checksum = 0;
	XXH64_reset(&state, 0);
	XXH64_update(&state, &h, HEADER);
	*end = HEADER;
	for (*chunk = 0; *chunk < h.chunks; (*chunk)++)
		if (add_chunk(&state, &h, data, size, end, with_pages))
			break;
	add(&state, data + *end, size - *end);

	uint64_t const sum = XXH64_digest(&state);
	return sum ? sum : 1; /* 0 is no parent's */
}

int caplog_image_commit(struct caplog_image *i, uint32_t platform, uint32_t targets,
                        struct caplog_diag *diag)
{
	struct caplog_image_header h = { CAPLOG_IMAGE_MAGIC, CAPLOG_IMAGE_MAJOR, CAPLOG_IMAGE_MINOR,
	                                 CAPLOG_BYTE_ORDER, i->size, targets, i->chunks, 0, "", 0 };
	const char *name = caplog_platform_name(platform);
	struct caplog_image_header parent;
	uint32_t chunk;
	uint64_t end;

	if (!name)
		return caplog_say(diag, CAPLOG_EINVAL, "no platform has number %u: add it to "
		                  "CAPLOG_PLATFORMS", platform);
	if (i->size > i->capacity)
		return caplog_say(diag, CAPLOG_ENOSPC, "the image needs %n bytes, the buffer has %n",
		                  i->size, i->capacity);
	for (unsigned n = 0; n < CAPLOG_PLATFORM_NAME - 1 && name[n]; n++)
		h.platform[n] = name[n];
	if (i->parent) {
		caplog_image_take(&parent, i->parent, HEADER);
		h.parent = parent.checksum;
	}
	h.checksum = checksum(&h, i->data, i->size, 0, &chunk, &end);
	memcpy(i->data, &h, HEADER);
	return 0;
}

static int check_header(const struct caplog_image_header *header, uint64_t size,
                        struct caplog_diag *diag)
{
	struct caplog_image_header const h = *header;

	if (memcmp(h.magic, CAPLOG_IMAGE_MAGIC, sizeof h.magic))
		return caplog_say(diag, CAPLOG_EINVAL, "not an image: wrong magic, or never completed");
	if (h.major != CAPLOG_IMAGE_MAJOR)
		return caplog_say(diag, CAPLOG_EPROTONOSUPPORT, "image has format version %u.%u, this "
		                  "monitor reads %u.x: use the monitor that wrote it",
		                  (uint32_t)h.major, (uint32_t)h.minor, CAPLOG_IMAGE_MAJOR);
	if (h.size != size || h.byte_order != CAPLOG_BYTE_ORDER)
		return caplog_say(diag, CAPLOG_EINVAL, "image says %n bytes, there are %n: truncated "
		                  "or damaged", h.size, size);
	return 0;
}

/* Of bytes that have the size and the version that the header says */
static int check_bytes(const struct caplog_image_header *h, const uint8_t *data, uint64_t size,
                       struct caplog_diag *diag)
{
	uint32_t chunk;
	uint64_t end;

	if (checksum(h, data, size, 1, &chunk, &end) != h->checksum)
		return caplog_say(diag, CAPLOG_EINVAL, "image is damaged: its checksum is wrong");
	if (!h->targets || h->targets > CAPLOG_TARGETS_MAX)
		return caplog_say(diag, CAPLOG_EINVAL, "image holds %u components: 1 to %u are possible",
		                  h->targets, (uint32_t)CAPLOG_TARGETS_MAX);
	if (chunk < h->chunks && size - end < CHUNK)
		return caplog_say(diag, CAPLOG_EINVAL, "image ends within chunk %u", chunk);
	if (chunk < h->chunks)
		return caplog_say(diag, CAPLOG_EINVAL, "chunk %u of the image is out of range", chunk);
	return end == size ? 0 : caplog_say(diag, CAPLOG_EINVAL, "image has bytes after its last chunk");
}

int caplog_image_open_header(const void *data, uint64_t size, struct caplog_image_header *h,
                             struct caplog_diag *diag)
{
	int err;

	if (size < HEADER)
		return caplog_say(diag, CAPLOG_EINVAL, "%n bytes are too few for an image", size);
	caplog_image_take(h, data, HEADER);
	err = check_header(h, size, diag);
	return err ? err : check_bytes(h, data, size, diag);
}

int caplog_image_check(const void *data, uint64_t size, struct caplog_diag *diag)
{
	struct caplog_image_header h;

	return caplog_image_open_header(data, size, &h, diag);
}

int caplog_image_on(const struct caplog_image_header *h, uint32_t platform,
                    struct caplog_diag *diag)
{
	const char *here = caplog_platform_name(platform);
	char name[CAPLOG_PLATFORM_NAME + 1] = "";
	unsigned n = 0;

	memcpy(name, h->platform, sizeof h->platform);
	while (here && here[n] && name[n] == here[n])
		n++;
	if (here && here[n] == name[n])
		return 0;
	return caplog_say(diag, CAPLOG_ENOTSUP, "image was written on platform \"%s\", this is \"%s\": "
	                  "restore it there", name, here ? here : "unknown");
}

const void *caplog_image_next(struct caplog_image_walk *walk, uint32_t kind, uint32_t target,
                              uint64_t each, uint64_t *size)
{
	uint64_t at = walk->at ? walk->at : HEADER;
	struct caplog_image_header h;

	caplog_image_take(&h, walk->data, HEADER);
	uint64_t const end = walk->size ? walk->size : h.size;

	for (; walk->chunk < h.chunks && at <= end && end - at >= CHUNK; walk->chunk++) {
		const uint8_t *bytes = (const uint8_t *)walk->data + at;
		struct caplog_chunk c;

		caplog_image_take(&c, bytes, CHUNK);
		at += CHUNK;
		if (c.size > end || padded(c.size) > end - at)
			break;
		at += padded(c.size);
		if (c.kind != kind || c.target != target)
			continue;
		walk->at = at;
		walk->chunk++;
		*size = c.size;
		return c.size % each ? NULL : bytes + CHUNK;
	}
	walk->at = at;
	return NULL;
}

const void *caplog_image_find(const void *data, uint32_t kind, uint32_t target, uint64_t each,
                              uint64_t *size)
{
	struct caplog_image_walk walk = { data, 0, 0, 0 };

	return caplog_image_next(&walk, kind, target, each, size);
}
