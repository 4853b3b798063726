/* SPDX-License-Identifier: BSD-2-Clause */
/* Chains of images of a hosted group */
#ifndef T_CHAIN_H
#define T_CHAIN_H

#include <stdlib.h>
#include <string.h>

#include "group.h"
#include "t_compare.h"

static inline unsigned t_setting(const char *name, unsigned normal)
{
	const char *text = getenv(name);

	return text ? (unsigned)strtoul(text, NULL, 0) : normal;
}

/* Images of one run, newest last */
struct chain {
	struct stored_image image[CAPLOG_CHAIN_MAX];
	uint32_t count;
};

/* Newest first, as the engine wants them. \return how many */
static inline uint32_t t_links(const struct chain *c, struct caplog_image_link *link)
{
	for (uint32_t i = 0; i < c->count; i++)
		link[i] = (struct caplog_image_link){ c->image[c->count - 1 - i].data,
		                                      c->image[c->count - 1 - i].size };
	return c->count;
}

static inline void t_chain_free(struct chain *c)
{
	while (c->count)
		image_free(&c->image[--c->count]);
}

/* The bytes of the whole image that was taken at the same instant */
static inline void t_merges_to(const struct chain *c, const struct stored_image *whole, const char *what)
{
	struct caplog_image_link link[CAPLOG_CHAIN_MAX];
	uint32_t const links = t_links(c, link);
	struct caplog_diag diag = { 0, "" };
	struct caplog_image i;
	void *bytes;

	caplog_image_begin(&i, NULL, 0);
	assert_int_equal(caplog_merge(link, links, &i, &diag), CAPLOG_ENOSPC);
	t_compare(i.size, >=, whole->size);
	bytes = malloc(i.size);
	caplog_image_begin(&i, bytes, i.size);
	if (caplog_merge(link, links, &i, &diag))
		fail_msg("%s: %s", what, diag.text);
	assert_int_equal(i.size, whole->size);
	assert_memory_equal(bytes, whole->data, whole->size);
	free(bytes);
}

static inline int t_restore_chain(struct group *b, const struct chain *c, struct caplog_diag *diag)
{
	struct caplog_image_link link[CAPLOG_CHAIN_MAX];

	return group_restore_chain(b, link, t_links(c, link), &c->image[c->count - 1], diag);
}

#endif
