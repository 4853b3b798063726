/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images with right checksums and wrong chunks
 *
 * The first byte of an input chooses a good image; a list of edits follows. Each
 * begins with a byte that says what (see t_edit()), then a chunk (1 byte), an
 * offset in it (2 bytes) and a value (8 bytes). After that stored pages are
 * moved to where they belong, and their hashes, header and checksum are made
 * right. With the top bit of the first byte set the rest of the input is the
 * chunks as they are.
 */
#ifndef T_FUZZ_IMAGE_H
#define T_FUZZ_IMAGE_H

#include <stdio.h>
#include <string.h>

#include "group.h"
#include "t_fuzz.h"
#include "t_image.h"

enum { EDIT = 12, MOST = 256 << 10, HEADER = sizeof(struct caplog_image_header),
       CHUNK = sizeof(struct caplog_chunk) };

static const char *const scenarios[] = { "server", "mailbox", "signals", "holes" };
enum { SCENARIOS = sizeof scenarios / sizeof scenarios[0] };

static struct t_good {
	uint64_t size;
	_Alignas(8) uint8_t bytes[MOST];
} good[SCENARIOS];

static _Alignas(64) uint8_t bytes[2 * MOST];

/* Memory that no restore looks at is of zeros, so that an image is small: all but logs and frames */
static void t_clear_memory(struct group *g, const struct caplog_target *t)
{
	const uint8_t *const stacks = hm_memory(t->handle, HK_STACKS, HK_THREADS * HK_STACK_SIZE);

	for (uint32_t i = 0; i < t->ledger.count; i++) {
		const struct caplog_object *const line = &t->ledger.line[i];
		uint8_t *const memory = line->kind == CAPLOG_OBJECT_DATASPACE && !line->gone
		                      ? g->platform.bytes(g->node, t->handle, line) : NULL;

		for (uint64_t at = 0; memory && at < caplog_object_bytes(line); at += HK_PAGE) {
			int holds_frame = 0;

			for (uint32_t n = 0; n < t->threads && memory == stacks; n++)
				holds_frame |= HK_STACKS + at < t->thread[n].frame + g->platform.frame_bytes &&
				               HK_STACKS + at + HK_PAGE > t->thread[n].frame;
			if (!holds_frame)
				memset(memory + at, 0, HK_PAGE);
		}
	}
}

static void t_make_image(struct t_good *to, const char *name)
{
	const struct scenario *const s = hosted_scenario_by_name(name);
	struct group g = group_empty(1, 0x1000);
	struct caplog_diag diag = { 0, "" };
	struct caplog_image image;

	group_start(&g, s);
	for (unsigned n = 0; n < 500 && hm_step(g.node) > 0; n++)
		;
	t_must(!caplog_capture(&g.platform, g.target, g.count, &diag));
	for (uint32_t i = 0; i < g.count; i++)
		t_clear_memory(&g, g.target[i]);
	caplog_image_begin(&image, to->bytes, sizeof to->bytes);
	t_must(!caplog_save(&g.platform, g.target, g.count, &image, &diag));
	to->size = image.size;
	group_free(&g);
}

/* Some way into each scenario */
static void t_make_images(void)
{
	for (unsigned i = 0; i < SCENARIOS; i++)
		t_make_image(&good[i], scenarios[i]);
}

/* Where the n-th chunk lies, and how long it is with its head. \return 0: there is none */
static uint64_t find_chunk(uint64_t size, unsigned n, uint64_t *at)
{
	struct caplog_chunk c;

	for (*at = HEADER; *at + CHUNK <= size; n--) {
		memcpy(&c, bytes + *at, CHUNK);
		uint64_t const length = CHUNK + ((c.size + 7) & ~7ull);

		if (c.size > size || length > size - *at)
			return 0;
		if (!n)
			return length;
		*at += length;
	}
	return 0;
}

static unsigned count_chunks(uint64_t size)
{
	uint64_t at;
	unsigned n = 0;

	while (find_chunk(size, n, &at))
		n++;
	return n;
}

static void put(uint64_t at, uint64_t end, uint64_t value, unsigned width)
{
	for (unsigned i = 0; i < width && at + i < end; i++)
		bytes[at + i] = (uint8_t)(value >> 8 * i);
}

/* \return the size now */
static uint64_t t_edit(uint64_t size, const uint8_t *e)
{
	unsigned const chunks = count_chunks(size);
	uint64_t at, value, length = chunks ? find_chunk(size, e[1] % chunks, &at) : 0;
	uint64_t const offset = (uint64_t)(e[2] | e[3] << 8);

	memcpy(&value, e + 4, sizeof value);
	if (!length)
		return size;
	switch (e[0] % 8) {
	case 0: case 1: case 2: case 3: /* a number of 1, 2, 4, 8 bytes */
		put(at + offset % length, at + length, value, 1u << e[0] % 8);
		return size;
	case 4: /* without the chunk */
		memmove(bytes + at, bytes + at + length, size - at - length);
		return size - length;
	case 5: /* twice */
		if (size + length > MOST)
			return size;
		memmove(bytes + at + length, bytes + at, size - at);
		return size + length;
	case 6: /* at the end */
		if (size + length > MOST)
			return size;
		memcpy(bytes + size, bytes + at, length);
		memmove(bytes + at, bytes + at + length, size - at);
		return size;
	default: { /* shorter, by whole words */
		uint64_t const less = 8 * (value % (length / 8));

		put(at + offsetof(struct caplog_chunk, size), at + length, length - CHUNK - less, 8);
		if (less > length - CHUNK)
			return size;
		memmove(bytes + at + length - less, bytes + at + length, size - at - length);
		return size - less;
	}
	}
}

/* May an edit put stored pages where they do not belong? */
static int t_may_move(const uint8_t *e)
{
	return e[0] % 8 > 3 || (e[2] | e[3] << 8) < CHUNK;
}

/* A chunk to another place: what precedes its stored pages is as long as it has to be there */
static void move_chunk(struct caplog_image *to, const uint8_t *from, const struct caplog_chunk *c)
{
	const uint8_t *const payload = from + CHUNK;
	static const uint8_t zero[CAPLOG_IMAGE_PAGE];
	struct caplog_image_pages head;
	uint64_t meta, pages;

	caplog_image_open(to, c->kind, c->target);
	if (c->size >= sizeof head)
		memcpy(&head, payload, sizeof head);
	meta = c->size >= sizeof head ? sizeof head + 12 * caplog_page_count(head.size) : 0;
	pages = c->size >= sizeof head ? (uint64_t)head.stored * CAPLOG_IMAGE_PAGE : 0;
	if (c->kind != CAPLOG_CHUNK_PAGES || !pages || meta > c->size || pages > c->size - meta) {
		caplog_image_put(to, payload, c->size);
	} else {
		caplog_image_put(to, payload, meta);
		caplog_image_put(to, zero, -to->size % CAPLOG_IMAGE_PAGE);
		caplog_image_put(to, payload + c->size - pages, pages);
	}
	caplog_image_close(to);
}

static uint64_t align_pages(uint64_t size)
{
	static _Alignas(8) uint8_t moved[sizeof bytes];
	struct caplog_image to;
	struct caplog_chunk c;
	uint64_t at;

	caplog_image_begin(&to, moved, sizeof moved);
	for (unsigned n = 0; find_chunk(size, n, &at); n++) {
		memcpy(&c, bytes + at, CHUNK);
		move_chunk(&to, bytes + at, &c);
	}
	if (to.size > sizeof moved)
		return size;
	memcpy(bytes, moved, to.size);
	return to.size;
}

/* The image of an input, in `bytes`. \return its size */
static uint64_t t_build(const uint8_t *data, size_t size)
{
	struct caplog_image i = { .data = bytes, .capacity = sizeof bytes };
	const struct t_good *from = &good[data[0] % SCENARIOS];
	const struct caplog_image_header *h = (const void *)from->bytes;
	struct caplog_image_header now = { .size = HEADER };
	uint32_t targets = h->targets;
	int moved = 0;

	memset(bytes, 0, HEADER);
	if (data[0] & 0x80) {
		i.size = HEADER + ((size - 1) & ~(size_t)7);
		memcpy(bytes + HEADER, data + 1, i.size - HEADER);
		targets = 1 + (data[0] >> 2) % 3;
	} else {
		memcpy(bytes, from->bytes, from->size);
		i.size = from->size;
		for (size_t at = 1; at + EDIT <= size && at < 1 + 16 * EDIT; at += EDIT) {
			i.size = t_edit(i.size, data + at);
			moved |= t_may_move(data + at);
		}
		if (moved)
			i.size = align_pages(i.size);
	}
	i.chunks = count_chunks(i.size);
	/* what t_hash_again needs; it writes a whole header */
	now.size = i.size;
	now.chunks = i.chunks;
	now.targets = targets;
	memcpy(bytes, &now, HEADER);
	t_hash_again(bytes, CAPLOG_PLATFORM_HOSTED);
	return i.size;
}

#endif
