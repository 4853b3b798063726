/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages in an image: written, found again, and each number of a chunk that may be wrong */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include <caplog/diag.h>

#include "chain.h"
#include "engine.h"
#include "pages.h"

#include "t_compare.h"

enum { PAGE = CAPLOG_IMAGE_PAGE, PAGES = 5, LAST = 100, STORED = 3, SIZE = 4 * PAGE + LAST };

static _Alignas(4096) uint8_t image[16 * PAGE];
static struct caplog_pages p;      /* as it was opened */
static uint64_t *hash;
static uint32_t *place;
static uint8_t  *data;
static struct caplog_image_pages *head;
static uint64_t payload;           /* its size */

/* What is written on a page; of 0 and 2 nothing */
static uint8_t content(unsigned page)
{
	return page == 0 || page == 2 ? 0 : (uint8_t)(0x10 + page);
}

/* An image with one chunk of five pages, of which the last is not whole */
static void t_begin(void)
{
	struct caplog_image i;
	struct caplog_pages_writer w;
	struct caplog_diag diag = { 0, "" };
	uint8_t bytes[PAGE];

	memset(image, 0xaa, sizeof image);
	caplog_image_begin(&i, image, sizeof image);
	caplog_pages_open_chunk(&w, &i, 0, 7, SIZE);
	for (unsigned n = 0; n < PAGES; n++) {
		memset(bytes, content(n), sizeof bytes);
		caplog_pages_put(&w, bytes, NULL);
	}
	caplog_pages_close_chunk(&w);
	if (caplog_image_commit(&i, CAPLOG_PLATFORM_HOSTED, 1, &diag))
		fail_msg("%s", diag.text);

	struct caplog_pages_walk walk;
	const struct caplog_pages *found;

	caplog_pages_begin(&walk, image, i.size, 0);
	found = caplog_pages_next(&walk);
	assert_non_null(found);
	p = *found;
	head  = (void *)(image + sizeof(struct caplog_image_header) + sizeof(struct caplog_chunk));
	hash  = (void *)(image + (p.hash - image));
	place = (void *)(image + (p.place - image));
	data  = image + (p.data - image);
	payload = i.size - sizeof(struct caplog_image_header) - sizeof(struct caplog_chunk);
	assert_null(caplog_pages_next(&walk));
	assert_null(caplog_pages_next(&walk));
}

static int t_open(uint64_t size)
{
	struct caplog_pages opened;

	return caplog_pages_open(&opened, image, head, size);
}

static void test_pages_come_back(void **state)
{
	(void)state;
	t_begin();
	assert_int_equal(p.object, 7);
	assert_int_equal(p.size, SIZE);
	assert_int_equal(p.count, PAGES);
	assert_int_equal(p.stored, STORED);
	assert_int_equal((uintptr_t)p.data % PAGE, 0);
	assert_int_equal(caplog_pages_check(&p), 0);
	for (const uint8_t *gap = (const uint8_t *)(place + PAGES); gap < data; gap++)
		assert_int_equal(*gap, 0);
	for (unsigned n = 0; n < PAGES; n++) {
		const uint8_t *bytes = caplog_pages_bytes(&p, n);

		assert_int_equal(bytes == NULL, content(n) == 0);
		assert_int_equal(caplog_pages_hash(&p, n) == 0, content(n) == 0);
		for (unsigned at = 0; bytes && at < PAGE; at++)
			assert_int_equal(bytes[at], n + 1 == PAGES && at >= LAST ? 0 : content(n));
	}
}

/* A child of the image with `size` bytes: zeros, but `bytes` on its last pages. \return pages stored */
static uint32_t t_child(uint64_t size, const uint8_t *bytes, unsigned pages)
{
	static _Alignas(4096) uint8_t child[16 * PAGE];
	static const uint8_t zero[PAGE];
	uint64_t const count = caplog_page_count(size);
	struct caplog_pages_writer w;
	struct caplog_image i;

	caplog_image_begin(&i, child, sizeof child);
	caplog_pages_open_chunk(&w, &i, 0, 7, size);
	for (uint64_t n = 0; n < count; n++)
		caplog_pages_put(&w, n + pages < count ? zero : bytes + (n + pages - count) * PAGE, &p);
	caplog_pages_close_chunk(&w);
	t_compare(i.size, <=, sizeof child);
	return w.head.stored;
}

/* What the parent has is not stored, the last page neither, and what it has not is */
static void test_pages_of_a_parent(void **state)
{
	static uint8_t bytes[PAGES * PAGE];

	(void)state;
	t_begin();
	for (unsigned n = 0; n < PAGES; n++)
		memset(bytes + n * PAGE, content(n), PAGE);
	assert_int_equal(t_child(SIZE, bytes, PAGES), 0);
	bytes[4 * PAGE] ^= 1;
	assert_int_equal(t_child(SIZE, bytes, PAGES), 1);
	bytes[3 * PAGE] ^= 1;
	assert_int_equal(t_child(SIZE, bytes, PAGES), 2);

	/* a page that the parent does not have, although its hash lies where the parent's would */
	uint64_t const beyond = (uint64_t)(p.data - p.hash) / 8 + 1, forged = caplog_page_hash(bytes + PAGE);

	memcpy(image + (p.hash - image) + 8 * beyond, &forged, sizeof forged);
	assert_int_equal(t_child((beyond + 1) * PAGE, bytes + PAGE, 1), 1);
}

/* A page as it was, if it was written before or after it was read: to zeros, from zeros */
static const uint8_t *as_it_was;

static const void *t_kept(void *ctx, uint64_t page)
{
	(void)ctx;
	return page == 1 ? as_it_was : NULL;
}

static uint32_t t_put_kept(const uint8_t *was, const uint8_t *is, struct caplog_image *i)
{
	static _Alignas(4096) uint8_t bytes[16 * PAGE];
	struct caplog_pages_writer w;

	as_it_was = was;
	caplog_image_begin(i, bytes, sizeof bytes);
	caplog_pages_open_chunk(&w, i, 0, 7, 2 * PAGE);
	w.kept = t_kept;
	caplog_pages_put(&w, is, NULL);
	caplog_pages_put(&w, is, NULL);
	caplog_pages_close_chunk(&w);
	assert_int_equal(caplog_image_commit(i, CAPLOG_PLATFORM_HOSTED, 1, NULL), 0);
	assert_int_equal(caplog_image_check(i->data, i->size, NULL), 0);
	return w.head.stored;
}

static void test_kept(void **state)
{
	static const uint8_t zero[PAGE];
	uint8_t seven[PAGE];
	struct caplog_image i;

	(void)state;
	memset(seven, 7, sizeof seven);
	assert_int_equal(t_put_kept(seven, zero, &i), 1);
	assert_memory_equal(i.data + i.size - PAGE, seven, PAGE);
	assert_int_equal(t_put_kept(zero, seven, &i), 1);
	assert_int_equal(t_put_kept(NULL, seven, &i), 2);
	assert_int_equal(t_put_kept(NULL, zero, &i), 0);
}

/*
 * Chains
 */

static _Alignas(4096) uint8_t child_image[8 * PAGE];

/* A child that says of a page of zeros that it is the parent's, with this hash. \return its size */
static uint64_t t_child_of(const void *parent, uint64_t parent_size, uint64_t count, uint64_t page,
                           uint64_t its_hash)
{
	static const uint8_t zero[PAGE];
	struct caplog_image i;
	struct caplog_pages_writer w;
	uint64_t at;

	caplog_image_begin(&i, child_image, sizeof child_image);
	assert_int_equal(caplog_image_child(&i, parent, parent_size, NULL), 0);
	caplog_pages_open_chunk(&w, &i, 0, 7, count * PAGE);
	at = w.at + sizeof w.head + 8 * page;
	for (uint64_t n = 0; n < count; n++)
		caplog_pages_put(&w, zero, NULL);
	caplog_pages_close_chunk(&w);
	memcpy(child_image + at, &its_hash, sizeof its_hash);
	assert_int_equal(caplog_image_commit(&i, CAPLOG_PLATFORM_HOSTED, 1, NULL), 0);
	return i.size;
}

/* A whole image with one page, of these bytes. \return its size */
static uint64_t t_whole(const uint8_t *bytes)
{
	struct caplog_image i;
	struct caplog_pages_writer w;

	caplog_image_begin(&i, image, sizeof image);
	caplog_pages_open_chunk(&w, &i, 0, 7, PAGE);
	caplog_pages_put(&w, bytes, NULL);
	caplog_pages_close_chunk(&w);
	assert_int_equal(caplog_image_commit(&i, CAPLOG_PLATFORM_HOSTED, 1, NULL), 0);
	return i.size;
}

static int t_open_chain(uint64_t child_size, uint64_t parent_size, struct caplog_diag *diag)
{
	struct caplog_image_link const link[] = { { child_image, child_size }, { image, parent_size } };
	struct caplog_image_source sources[2];

	return caplog_chain_open(link, 2, sources, diag);
}

/* A page that the parent has too few pages for, although its hash lies where it would be */
static void test_page_beyond_the_parent(void **state)
{
	uint64_t const forged = 0x1234567890abcdefull;
	enum { BEYOND = 520 };
	uint8_t bytes[PAGE];
	struct caplog_diag diag = { 0, "" };
	struct caplog_pages_walk walk;
	const struct caplog_pages *parent;
	uint64_t size;

	(void)state;
	for (unsigned n = 0; n < PAGE; n += sizeof forged)
		memcpy(bytes + n, &forged, sizeof forged);
	size = t_whole(bytes);
	caplog_pages_begin(&walk, image, size, 0);
	assert_non_null(parent = caplog_pages_next(&walk));
	assert_int_equal(caplog_pages_hash(parent, BEYOND), forged);
	assert_int_equal(t_open_chain(t_child_of(image, size, BEYOND + 1, BEYOND, forged), size, &diag),
	                 CAPLOG_EINVAL);
	assert_non_null(strstr(diag.text, "is not complete, nor in its parent"));
	/* and one that it has */
	assert_int_equal(t_open_chain(t_child_of(image, size, 3, 0, caplog_page_hash(bytes)), size,
	                              &diag), 0);
}

/* A parent whose page is another one by now: nobody's page is given */
static void test_parent_that_changes(void **state)
{
	uint8_t bytes[PAGE];
	const void *page;

	(void)state;
	memset(bytes, 0x77, sizeof bytes);
	uint64_t const size = t_whole(bytes), its_hash = caplog_page_hash(bytes);
	uint64_t const child_size = t_child_of(image, size, 1, 0, its_hash);
	struct caplog_image_source const parent = { .data = image, .size = size };
	struct caplog_image_source const child = { .data = child_image, .size = child_size,
	                                           .parent = &parent };
	struct caplog_chain_walk walk;

	caplog_chain_begin(&walk, &child, 0);
	assert_non_null(caplog_chain_next(&walk));
	assert_int_equal(caplog_chain_page(&walk, 0, &page), 0);
	assert_non_null(page);
	assert_int_equal(caplog_page_hash(page), its_hash);
	image[walk.pages[1]->hash - image] ^= 1;
	assert_int_equal(caplog_chain_page(&walk, 0, &page), CAPLOG_EINVAL);
}

static void test_sizes_that_do_not_fit(void **state)
{
	(void)state;
	t_begin();
	assert_int_equal(t_open(payload), 0);
	for (uint64_t size = 0; size < payload; size += size < 200 ? 1 : 8)
		assert_int_equal(t_open(size), CAPLOG_EINVAL);
	assert_int_equal(t_open(payload + 8), CAPLOG_EINVAL);
	assert_int_equal(t_open(payload + PAGE), CAPLOG_EINVAL);

	head->size += PAGE; /* hashes and places of one page more end before the first page */
	assert_int_equal(t_open(payload), 0);
	head->size = 12 * payload * PAGE;
	assert_int_equal(t_open(payload), CAPLOG_EINVAL);
	head->size = ~0ull;
	assert_int_equal(t_open(payload), CAPLOG_EINVAL);
	head->size = SIZE;
	for (uint32_t stored = 0; stored < 20; stored++) {
		head->stored = stored;
		assert_int_equal(t_open(payload), stored == STORED ? 0 : CAPLOG_EINVAL);
	}
	/* more than there are pages, although all of them lie there */
	head->stored = STORED;
	head->size = 2 * PAGE;
	assert_int_equal(t_open(payload), CAPLOG_EINVAL);
}

/* Nothing is read behind a chunk that is too short for its numbers */
static void test_short_chunks(void **state)
{
	uint8_t *memory = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct caplog_pages opened;

	(void)state;
	assert_ptr_not_equal(memory, MAP_FAILED);
	assert_int_equal(mprotect(memory + PAGE, PAGE, PROT_NONE), 0);
	for (uint64_t size = 0; size < sizeof *head; size++)
		assert_int_equal(caplog_pages_open(&opened, memory, memory + PAGE - size, size),
		                 CAPLOG_EINVAL);
	munmap(memory, 2 * PAGE);
}

static void test_places(void **state)
{
	(void)state;
	t_begin();
	place[1] = STORED + 1;
	assert_null(caplog_pages_bytes(&p, 1));
	assert_int_equal(caplog_pages_check(&p), CAPLOG_EINVAL);
	place[1] = ~0u;
	assert_null(caplog_pages_bytes(&p, 1));
	t_begin();
	/* one behind the other, each once */
	place[1] = 2;
	place[3] = 1;
	assert_int_equal(caplog_pages_check(&p), CAPLOG_EINVAL);
	t_begin();
	place[3] = 1;
	assert_int_equal(caplog_pages_check(&p), CAPLOG_EINVAL);
	/* two that are alike, of one place */
	t_begin();
	place[3] = 1;
	hash[3] = hash[1];
	assert_int_equal(caplog_pages_check(&p), CAPLOG_EINVAL);
	t_begin();
	place[4] = 0;
	assert_int_equal(caplog_pages_check(&p), CAPLOG_EINVAL);
}

static void test_hashes(void **state)
{
	(void)state;
	t_begin();
	for (unsigned n = 0; n < PAGES; n++) {
		hash[n] ^= 1;
		assert_int_equal(caplog_pages_check(&p), content(n) ? CAPLOG_EINVAL : 0);
		hash[n] ^= 1;
	}
	for (unsigned at = 0; at < STORED * PAGE; at += 511) {
		data[at] ^= 1;
		assert_int_equal(caplog_pages_check(&p), CAPLOG_EINVAL);
		data[at] ^= 1;
	}
	/* zeros are not stored, whatever their hash says */
	memset(data, 0, PAGE);
	hash[1] = 0;
	assert_int_equal(caplog_pages_check(&p), CAPLOG_EINVAL);
}

/* An image of each capacity: what does not fit is counted, and nothing is written behind it */
static void test_too_little_room(void **state)
{
	uint8_t bytes[PAGE];
	uint64_t whole;

	(void)state;
	t_begin();
	whole = sizeof(struct caplog_image_header) + sizeof(struct caplog_chunk) + payload;
	for (uint64_t capacity = 0; capacity < whole; capacity += 200) {
		struct caplog_image i;
		struct caplog_pages_writer w;

		memset(image, 0x55, sizeof image);
		caplog_image_begin(&i, image, capacity);
		caplog_pages_open_chunk(&w, &i, 0, 7, SIZE);
		for (unsigned n = 0; n < PAGES; n++) {
			memset(bytes, content(n), sizeof bytes);
			caplog_pages_put(&w, bytes, NULL);
		}
		caplog_pages_close_chunk(&w);
		assert_int_equal(caplog_image_commit(&i, CAPLOG_PLATFORM_HOSTED, 1, NULL), CAPLOG_ENOSPC);
		assert_in_range(i.size, whole, whole + 2 * PAGE);
		for (uint64_t at = capacity; at < sizeof image; at++)
			if (image[at] != 0x55)
				fail_msg("capacity %llu: byte %llu was written", (unsigned long long)capacity,
				         (unsigned long long)at);
	}
}

static void test_pages_of_a_line(void **state)
{
	struct caplog_pages_walk walk;

	(void)state;
	t_begin();
	caplog_pages_begin(&walk, image, sizeof image, 0);
	assert_null(caplog_pages_of(&walk, 3));
	assert_non_null(caplog_pages_of(&walk, 7));
	assert_non_null(caplog_pages_of(&walk, 7));
	assert_null(caplog_pages_of(&walk, 8));
	caplog_pages_begin(&walk, image, sizeof image, 1);
	assert_null(caplog_pages_of(&walk, 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages_come_back),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_pages_of_a_parent),
		cmocka_unit_test(test_page_beyond_the_parent),
		cmocka_unit_test(test_parent_that_changes),
		cmocka_unit_test(test_sizes_that_do_not_fit),
		cmocka_unit_test(test_short_chunks),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_hashes),
		cmocka_unit_test(test_too_little_room),
		cmocka_unit_test(test_pages_of_a_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
