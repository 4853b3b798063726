/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages: how the memory of a line lies in an image, see struct caplog_image_pages */
#ifndef CAPLOG_PAGES_H
#define CAPLOG_PAGES_H

#include "image.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of a page in full; 0 if all of its bytes are 0 */
uint64_t caplog_page_hash(const void *page);

/* Pages that memory of this size has */
uint64_t caplog_page_count(uint64_t size);


/*
 * Reading
 */

/* A chunk of pages: numbers that were checked, and where the rest lies */
struct caplog_pages {
	uint64_t       object, size, count; /* count: of pages */
	uint32_t       stored;
	const uint8_t *hash, *place, *data;
};

/*
 * Look at a chunk
 *
 * \param image    where it begins: pages lie at multiples of their size from there
 * \param payload  of the chunk, which lies within the image
 * \return         0; -EINVAL: its sizes do not fit each other
 */
int caplog_pages_open(struct caplog_pages *pages, const void *image, const void *payload,
                      uint64_t size);

uint64_t caplog_pages_hash(const struct caplog_pages *pages, uint64_t page);

/* The bytes of a page that is stored there; NULL: it is not */
const void *caplog_pages_bytes(const struct caplog_pages *pages, uint64_t page);

/* Has each stored page its hash? \return 0; -EINVAL */
int caplog_pages_check(const struct caplog_pages *pages);

/* Goes through the pages of a target, line by line */
struct caplog_pages_walk {
	struct caplog_image_walk walk;
	uint32_t            target;
	int                 at_end;
	struct caplog_pages now;
};

/* \param size  of the image, as checked */
void caplog_pages_begin(struct caplog_pages_walk *w, const void *image, uint64_t size,
                        uint32_t target);

/* The next line's. \return NULL at the end */
const struct caplog_pages *caplog_pages_next(struct caplog_pages_walk *w);

/* Those of a line, which are asked for by ascending ids. \return NULL: none */
const struct caplog_pages *caplog_pages_of(struct caplog_pages_walk *w, uint64_t object);


/*
 * Writing
 */

struct caplog_pages_writer {
	struct caplog_image *image;
	struct caplog_image_pages head;
	uint64_t at, count, page;   /* of the payload in the image; pages; the next one */
	uint64_t data;              /* where stored pages begin */
	int      full;              /* the buffer is: all pages count as stored */
	/*
	 * Asked after a page was read: the page as it is to be saved, if somebody may
	 * have written to it meanwhile; NULL: nobody did. NULL as a whole: nobody can.
	 */
	const void *(*kept)(void *ctx, uint64_t page);
	void        *ctx;
};

void caplog_pages_open_chunk(struct caplog_pages_writer *w, struct caplog_image *image,
                             uint32_t target, uint64_t object, uint64_t size);

/*
 * The next page
 *
 * \param bytes   CAPLOG_IMAGE_PAGE of them, or what is left of the size
 * \param parent  a page with the same hash there is not stored again; may be NULL
 */
void caplog_pages_put(struct caplog_pages_writer *w, const void *bytes,
                      const struct caplog_pages *parent);

/*
 * The next pages, which are as in the parent
 *
 * \param count  of pages, that it has
 */
void caplog_pages_keep(struct caplog_pages_writer *w, const struct caplog_pages *parent,
                       uint64_t count);

void caplog_pages_close_chunk(struct caplog_pages_writer *w);

#ifdef __cplusplus
}
#endif

#endif
