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

static void forget(struct hm_written *w)
{
	free(w->before);
	free(w);
}

void hm_forget_written(struct hm_object *h)
{
	struct hm_written *const w = h->written;

	h->written = NULL;
	/* what is held is read when the component has it no more */
	if (w && w->held)
		w->owner = NULL;
	else if (w)
		forget(w);
}

static void begin(struct hm_object *h, const uint8_t *bytes, uint64_t size)
{
	uint64_t const pages = size / HK_PAGE;
	struct hm_written *w = calloc(1, sizeof *w + 2 * words_of(pages) * sizeof w->page[0]);

	assert(w);
	w->kept  = w->page + words_of(pages);
	w->pages = pages;
	w->id    = h->id;
	w->owner = h;
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


/*
 * Holding: what is compared with is what the memory was
 */

static int p_hold(void *ctx, void *target)
{
	struct hm_target *t = target;

	(void)ctx;
	assert(!t->held);
	for (uint32_t i = 0; i < t->objects; i++) {
		struct hm_written *w = t->object[i] ? t->object[i]->written : NULL;

		if (!w || !w->taken)
			continue;
		memset(w->kept, 0, words_of(w->pages) * sizeof w->kept[0]);
		w->held = 1;
		w->next = t->held;
		t->held = w;
	}
	return 0;
}

static struct hm_written *held(const struct hm_target *t, uint32_t id)
{
	struct hm_written *w = t->held;

	while (w && w->id != id)
		w = w->next;
	return w;
}

static const uint8_t *bytes_of(const struct hm_target *t, const struct hm_written *w)
{
	return w->owner ? hk_memory(t->node->k, w->owner->memory) : NULL;
}

static const void *p_held(void *ctx, void *target, uint32_t id, uint64_t image,
                          const uint32_t **written)
{
	const struct hm_written *const w = held(target, id);

	(void)ctx;
	if (!w)
		return NULL;
	*written = image && w->image == image ? w->page : NULL;

	/* its pages were all copied when it was freed */
	return w->owner ? bytes_of(target, w) : w->before;
}

/* The first write to a page after it is held: what was there is kept from then on */
void hm_note_held(struct hm_target *t)
{
	for (struct hm_written *w = t->held; w; w = w->next) {
		const uint8_t *const bytes = bytes_of(t, w);

		for (uint64_t page = 0; bytes && page < w->pages; page++)
			if (memcmp(bytes + page * HK_PAGE, w->before + page * HK_PAGE, HK_PAGE))
				w->kept[page / 32] |= 1u << page % 32;
	}
}

static const void *p_kept(void *ctx, void *target, uint32_t id, uint64_t page)
{
	const struct hm_written *const w = held(target, id);

	(void)ctx;
	return !w->owner || w->kept[page / 32] >> page % 32 & 1 ? w->before + page * HK_PAGE : NULL;
}

static uint64_t copies(const struct hm_target *t)
{
	uint64_t copied = 0;

	for (const struct hm_written *w = t->held; w; w = w->next)
		for (uint64_t i = 0; i < words_of(w->pages); i++)
			copied += (unsigned)__builtin_popcount(w->kept[i]);
	return copied;
}

void hm_forget_held(struct hm_target *t)
{
	while (t->held) {
		struct hm_written *const w = t->held;

		t->held = w->next;
		w->held = 0;
		if (!w->owner)
			forget(w);
	}
}

static int p_release(void *ctx, void *target)
{
	const struct hm_node *const n = ctx;
	int const err = copies(target) > n->copies ? CAPLOG_EAGAIN : 0;

	hm_forget_held(target);
	return err;
}

void hm_written_operations(struct caplog_platform *p)
{
	p->written = p_written;
	p->saved   = p_saved;
	p->hold    = p_hold;
	p->held    = p_held;
	p->kept    = p_kept;
	p->release = p_release;
}
