/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Written pages: the bit that a processor sets at a write, found by comparing
 * memory with what it was when the bits were taken last
 */
#include "platform.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint64_t words_of(uint64_t pages) { return (pages + 31) / 32; }

void hm_forget_written(struct hm_object *h)
{
	if (h->written)
		free(h->written->before);
	free(h->written);
	h->written = NULL;
}

static void begin(struct hm_object *h, const uint8_t *bytes, uint64_t size)
{
	uint64_t const pages = size / HK_PAGE;
	struct hm_written *w = calloc(1, sizeof *w + words_of(pages) * sizeof w->page[0]);

	assert(w);
	w->pages = pages;
	w->before = malloc(size);
	assert(w->before);
	memcpy(w->before, bytes, size);
	h->written = w;
}

/* Each bit is taken once: from then on it is kept here */
static void take(struct hm_written *w, const uint8_t *bytes)
{
	for (uint64_t page = 0; page < w->pages; page++) {
		uint8_t *const before = w->before + page * HK_PAGE;

		if (memcmp(before, bytes + page * HK_PAGE, HK_PAGE)) {
			memcpy(before, bytes + page * HK_PAGE, HK_PAGE);
			w->page[page / 32] |= 1u << page % 32;
		}
	}
}

static const uint32_t *p_written(void *ctx, void *target, const struct caplog_object *dataspace,
                                 uint64_t image)
{
	struct hm_object *h = hm_object_by_id(target, dataspace->id);
	const struct hm_node *n = ctx;

	if (!h)
		return NULL;
	if (h->written)
		take(h->written, hk_memory(n->k, h->memory));
	else
		begin(h, hk_memory(n->k, h->memory), caplog_object_bytes(dataspace));
	h->written->taken = 1;
	return image && h->written->image == image ? h->written->page : NULL;
}

static void p_saved(void *ctx, void *target, uint64_t image)
{
	const struct hm_target *t = target;

	(void)ctx;
	for (uint32_t i = 0; i < t->objects; i++) {
		struct hm_written *w = t->object[i] ? t->object[i]->written : NULL;

		if (!w)
			continue;
		memset(w->page, 0, words_of(w->pages) * sizeof w->page[0]);
		w->image = w->taken ? image : 0;
		w->taken = 0;
	}
}

void hm_written_operations(struct caplog_platform *p)
{
	p->written = p_written;
	p->saved   = p_saved;
}
