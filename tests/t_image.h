/* SPDX-License-Identifier: BSD-2-Clause */
/* Changed images, with hashes that are right again */
#ifndef T_IMAGE_H
#define T_IMAGE_H

#include <string.h>

#include "pages.h"

/* Pages of a line of an image that may be written to; they are in `walk` */
static inline const struct caplog_pages *t_pages_of(const void *image, uint32_t target,
                                                    uint64_t object, struct caplog_pages_walk *walk)
{
	const struct caplog_image_header *const h = image;

	caplog_pages_begin(walk, image, h->size, target);
	return caplog_pages_of(walk, object);
}

/* After stored pages were changed: their hashes, and the checksum of the image */
static inline void t_hash_again(void *image, uint32_t platform)
{
	const struct caplog_image_header *const h = image;
	struct caplog_image again = { .data = image, .capacity = h->size, .size = h->size,
	                              .chunks = h->chunks };
	struct caplog_pages_walk walk;
	const struct caplog_pages *p;

	for (uint32_t target = 0; target < h->targets; target++) {
		caplog_pages_begin(&walk, image, h->size, target);
		while ((p = caplog_pages_next(&walk)))
			for (uint64_t page = 0; page < p->count; page++) {
				const void *const bytes = caplog_pages_bytes(p, page);
				uint64_t const hash = bytes ? caplog_page_hash(bytes) : 0;

				if (bytes)
					memcpy((uint8_t *)image + (p->hash + 8 * page - (const uint8_t *)image), &hash,
					       sizeof hash);
			}
	}
	if (caplog_image_commit(&again, platform, h->targets, NULL))
		__builtin_trap();
}

#endif
