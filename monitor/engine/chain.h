/* SPDX-License-Identifier: BSD-2-Clause */
/* Chains of images: a child, its parent, and so on to an image that is whole */
#ifndef CAPLOG_CHAIN_H
#define CAPLOG_CHAIN_H

#include "pages.h"

/* An image that others may write to: its size and header are those that were checked */
struct caplog_image_source {
	const void                *data;
	uint64_t                   size;
	struct caplog_image_header header;
	const struct caplog_image_source *parent; /* NULL: it is whole */
};

struct caplog_image_link;

/*
 * Check a chain as a whole: each image, that each is the parent of the one before
 * it, and that each page is stored, zero, or in the parent with the same hash
 *
 * \param link     newest first
 * \param sources  of `count` elements: filled; the first is the newest
 * \return         0; with diag naming the image: -EINVAL (damaged, missing, of
 *                 another chain, or not needed), -EPROTONOSUPPORT
 */
int caplog_chain_open(const struct caplog_image_link *link, uint32_t count,
                      struct caplog_image_source *sources, struct caplog_diag *diag);

/* Goes through the memory of a component in all images of a chain, line by line */
struct caplog_chain_walk {
	uint32_t links;
	struct caplog_pages_walk link[CAPLOG_CHAIN_MAX];
	const struct caplog_pages *pages[CAPLOG_CHAIN_MAX]; /* of the line; NULL: none */
};

void caplog_chain_begin(struct caplog_chain_walk *w, const struct caplog_image_source *newest,
                        uint32_t target);

/* The next line's pages, in the newest image. \return NULL at the end */
const struct caplog_pages *caplog_chain_next(struct caplog_chain_walk *w);

/*
 * A page of that line
 *
 * \param bytes  receives where it lies; NULL: all of it is 0
 * \return       0; -EINVAL: no image of the chain stores it any more
 */
int caplog_chain_page(const struct caplog_chain_walk *w, uint64_t page, const void **bytes);

#endif
