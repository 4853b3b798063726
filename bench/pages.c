/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory in images, per MiB, beside memcpy as the limit: whole, children, a chain */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "engine.h"
#include "pages.h"

enum { MIB = 16, PAGES = MIB * 256, CHANGED = 64, LINKS = 10, LINE = 1 };

#define BYTES    ((uint64_t)PAGES * CAPLOG_IMAGE_PAGE)
#define CAPACITY (BYTES + BYTES / 64 + 65536)

/* Memory without a page of zeros, and where it goes */
struct memory {
	uint8_t *bytes, *to;
	const void *parent;     /* NULL: whole */
	uint64_t parent_size, size;
	const uint32_t *written; /* a bit per page; NULL: not known */
};

static void *allocate(uint64_t size)
{
	void *const memory = malloc(size);

	if (!memory)
		abort();
	memset(memory, 0, size); /* its pages are there before anything is measured */
	return memory;
}

static uint32_t written[PAGES / 32];

static void change(uint8_t *bytes)
{
	memset(written, 0, sizeof written);
	for (unsigned i = 0; i < CHANGED; i++) {
		uint32_t const page = bench_random(PAGES);

		bytes[(uint64_t)page * CAPLOG_IMAGE_PAGE + bench_random(CAPLOG_IMAGE_PAGE)]++;
		written[page / 32] |= 1u << page % 32;
	}
}

static void copy(void *ctx)
{
	const struct memory *const m = ctx;

	memcpy(m->to, m->bytes, BYTES);
}

static uint64_t sum;

static void hash(void *ctx)
{
	const struct memory *const m = ctx;

	for (uint64_t at = 0; at < BYTES; at += CAPLOG_IMAGE_PAGE)
		sum += caplog_page_hash(m->bytes + at);
}

/* Memory of zeros, which is looked at and not hashed */
static void scan(void *ctx)
{
	const struct memory *const m = ctx;

	for (uint64_t at = 0; at < BYTES; at += CAPLOG_IMAGE_PAGE)
		sum += caplog_page_hash(m->to + at);
}

static int is_written(const struct memory *m, uint64_t page)
{
	return !m->written || m->written[page / 32] >> page % 32 & 1;
}

static void save(void *ctx)
{
	struct memory *const m = ctx;
	struct caplog_pages_walk walk;
	struct caplog_pages_writer w;
	struct caplog_image image;
	const struct caplog_pages *before = NULL;

	caplog_image_begin(&image, m->to, CAPACITY);
	if (m->parent) {
		image.parent = m->parent;
		image.parent_size = m->parent_size;
		caplog_pages_begin(&walk, m->parent, m->parent_size, 0);
		before = caplog_pages_of(&walk, LINE);
	}
	caplog_pages_open_chunk(&w, &image, 0, LINE, BYTES);
	for (uint64_t page = 0, same; page < PAGES; page += same ? same : 1) {
		for (same = 0; page + same < PAGES && !is_written(m, page + same); )
			same++;
		if (same)
			caplog_pages_keep(&w, before, same);
		else
			caplog_pages_put(&w, m->bytes + page * CAPLOG_IMAGE_PAGE, before);
	}
	caplog_pages_close_chunk(&w);
	if (caplog_image_commit(&image, CAPLOG_PLATFORM_HOSTED, 1, NULL))
		abort();
	m->size = image.size;
}

struct chain {
	struct caplog_image_link link[LINKS];
	uint8_t *to;
};

static void merge(void *ctx)
{
	struct chain *const c = ctx;
	struct caplog_image image;

	caplog_image_begin(&image, c->to, CAPACITY);
	if (caplog_merge(c->link, LINKS, &image, NULL))
		abort();
}

static void measure(struct memory *whole, struct memory *child, struct memory *zeros)
{
	struct memory known = *child;
	struct bench_side const side[] = {
		{ copy, NULL, whole, MIB }, { save, NULL, whole, MIB }, { save, NULL, child, MIB },
		{ scan, NULL, zeros, MIB }, { hash, NULL, whole, MIB }, { save, NULL, &known, CHANGED }
	};

	known.written = written;
	struct bench_result const r = bench_compare(side, 6);
	struct bench_spread us[6];

	for (unsigned i = 0; i < 6; i++)
		us[i] = (struct bench_spread){ r.ns[i].min / 1e3, r.ns[i].median / 1e3, r.ns[i].max / 1e3 };
	bench_figure(us[0], "us", "memcpy, a MiB", "16 MiB; the limit of what follows");
	bench_figure(us[1], "us", "memory into a whole image, a MiB", "copied and hashed once");
	bench_figure(us[2], "us", "memory into a child image, a MiB",
	             bench_text("hashed, and compared with the parent; %u of %u pages changed", CHANGED,
	                        PAGES));
	bench_figure(us[3], "us", "scan of pages of zeros, a MiB", "");
	bench_figure(us[4], "us", "hash of pages, a MiB", "");
	bench_figure(us[5], "us", "child image, a changed page",
	             bench_text("%u MiB, of which it is known what was written", MIB));
}

static void measure_chain(struct memory *m, struct chain *c)
{
	struct bench_side side = { merge, NULL, c, MIB };
	struct bench_result r;

	/* the newest is the first of the chain */
	for (unsigned i = LINKS - 1; i--; ) {
		m->parent = c->link[i + 1].data;
		m->parent_size = c->link[i + 1].size;
		m->to = allocate(CAPACITY);
		change(m->bytes);
		save(m);
		c->link[i] = (struct caplog_image_link){ m->to, m->size };
	}
	r = bench_compare(&side, 1);
	r.ns[0].min /= 1e3;
	r.ns[0].median /= 1e3;
	r.ns[0].max /= 1e3;
	bench_figure(r.ns[0], "us", "chain of ten checked and merged, a MiB",
	             bench_text("%u pages changed in each child", CHANGED));
	for (unsigned i = 0; i < LINKS - 1; i++)
		free((void *)(uintptr_t)c->link[i].data);
}

void bench_pages(void)
{
	struct memory whole = { .bytes = allocate(BYTES), .to = allocate(CAPACITY) };
	struct chain chain = { .to = allocate(CAPACITY) };

	bench_heading("memory of images");
	for (uint64_t at = 0; at < BYTES; at += sizeof(uint32_t))
		memcpy(whole.bytes + at, &(uint32_t){ bench_random(UINT32_MAX) }, sizeof(uint32_t));
	save(&whole);

	struct memory first = whole, child = whole;
	first.to = allocate(CAPACITY);
	memcpy(first.to, whole.to, whole.size);
	child.parent = first.to;
	child.parent_size = first.size;
	child.bytes = allocate(BYTES);
	memcpy(child.bytes, whole.bytes, BYTES);
	change(child.bytes);
	child.to = allocate(CAPACITY);
	struct memory zeros = { .to = allocate(CAPACITY) };
	measure(&whole, &child, &zeros);
	free(zeros.to);

	chain.link[LINKS - 1] = (struct caplog_image_link){ first.to, first.size };
	free(child.to);
	measure_chain(&child, &chain);
	free(child.bytes);
	free(first.to);
	free(chain.to);
	free(whole.bytes);
	free(whole.to);
}
