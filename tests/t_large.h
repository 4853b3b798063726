/* SPDX-License-Identifier: BSD-2-Clause */
/* An image made as large as one can be: for tests of how work grows, and for measuring */
#ifndef T_LARGE_H
#define T_LARGE_H

#include <stdlib.h>
#include <string.h>

#include "pages.h"

enum { T_LARGE_PAGE = 4096 };

/* Lines of dataspaces of one page each, until the ledger has `lines` of them */
static inline uint32_t t_put_lines(struct caplog_image *to, uint32_t first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct caplog_object o;

		memset(&o, 0, sizeof o);
		o.id = first + i;
		o.kind = CAPLOG_OBJECT_DATASPACE;
		o.dataspace.size = T_LARGE_PAGE;
		strcpy(o.name, "page");
		caplog_image_put(to, &o, sizeof o);
	}
	return count;
}

static inline void t_put_pages(struct caplog_image *to, uint32_t first, uint32_t count)
{
	static const uint8_t page[T_LARGE_PAGE] = { 1 };
	struct caplog_pages_writer w;

	for (uint32_t i = 0; i < count; i++) {
		caplog_pages_open_chunk(&w, to, 0, first + i, sizeof page);
		caplog_pages_put(&w, page, NULL);
		caplog_pages_close_chunk(&w);
	}
}

/* Pages are aligned: in another place their chunk is another */
static inline void t_copy_pages(struct caplog_image *to, const void *image,
                                const struct caplog_chunk *c)
{
	static const uint8_t zero[T_LARGE_PAGE];
	struct caplog_pages_writer w;
	struct caplog_pages p;

	if (caplog_pages_open(&p, image, c + 1, c->size))
		abort();
	caplog_pages_open_chunk(&w, to, c->target, p.object, p.size);
	for (uint64_t page = 0; page < p.count; page++)
		caplog_pages_put(&w, caplog_pages_bytes(&p, page) ? caplog_pages_bytes(&p, page) : zero,
		                 NULL);
	caplog_pages_close_chunk(&w);
}

/*
 * The image with more dataspaces in the ledger of its first component
 *
 * \param lines  that this ledger has then, each new one with a chunk of memory
 * \return       to be freed
 */
static inline void *t_large_image(const void *image, uint32_t lines, uint64_t *size)
{
	const struct caplog_image_header *h = image;
	uint64_t const capacity = h->size + (uint64_t)lines * 2 * (T_LARGE_PAGE + 128);
	const uint8_t *at = (const uint8_t *)image + sizeof *h;
	uint32_t first = 0, added = 0;
	struct caplog_image to;

	caplog_image_begin(&to, malloc(capacity), capacity);
	for (uint32_t i = 0; i < h->chunks; i++) {
		const struct caplog_chunk *c = (const void *)at;
		const struct caplog_object *o = (const void *)(c + 1);
		uint32_t const count = (uint32_t)(c->size / sizeof *o);

		at += sizeof *c + ((c->size + 7) & ~(uint64_t)7);
		if (c->kind == CAPLOG_CHUNK_PAGES) {
			t_copy_pages(&to, image, c);
			continue;
		}
		caplog_image_open(&to, c->kind, c->target);
		caplog_image_put(&to, c + 1, c->size);
		if (c->kind == CAPLOG_CHUNK_OBJECTS && !c->target) {
			first = o[count - 1].id + 1;
			added = t_put_lines(&to, first, lines - count);
		}
		caplog_image_close(&to);
	}
	t_put_pages(&to, first, added);
	if (caplog_image_commit(&to, CAPLOG_PLATFORM_HOSTED, h->targets, NULL))
		abort();
	*size = to.size;
	return to.data;
}

#endif
