/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images: written, walked through, refused when damaged, of another version or
 * of another platform; and docs/abi.md says what the compiler says
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image.h"
#include "t_random.h"

enum { CAPACITY = 4096 };

static _Alignas(8) uint8_t bytes[CAPACITY];

/* Two components, chunks of several sizes. \return size */
static uint64_t t_image(void)
{
	struct caplog_image i;
	struct caplog_diag diag = { 0, "" };

	memset(bytes, 0xaa, sizeof bytes);
	caplog_image_begin(&i, bytes, sizeof bytes);
	for (uint32_t target = 0; target < 2; target++)
		for (uint32_t n = 0; n < 3; n++) {
			caplog_image_open(&i, CAPLOG_CHUNK_STATES, target);
			caplog_image_put(&i, "0123456789abcdefghij", 5 + 7 * n);
			caplog_image_close(&i);
		}
	if (caplog_image_commit(&i, CAPLOG_PLATFORM_HOSTED, 2, &diag))
		fail_msg("%s", diag.text);
	return i.size;
}

static void t_refused(uint64_t size, int err, const char *says)
{
	struct caplog_diag diag = { 0, "" };
	int const got = caplog_image_check(bytes, size, &diag);

	if (got != err || !strstr(diag.text, says))
		fail_msg("error %d \"%s\", expected %d \"%s\"", got, diag.text, err, says);
}

static void test_chunks_in_order(void **state)
{
	struct caplog_image_walk walk = { bytes, 0, 0, 0 };
	uint64_t size;

	(void)state;
	assert_int_equal(caplog_image_check(bytes, t_image(), NULL), 0);
	for (uint32_t n = 0; n < 3; n++) {
		const uint8_t *payload = caplog_image_next(&walk, CAPLOG_CHUNK_STATES, 1, 1, &size);

		assert_non_null(payload);
		assert_int_equal((uintptr_t)payload % 8, 0);
		assert_int_equal(size, 5 + 7 * n);
		assert_memory_equal(payload, "0123456789abcdefghij", size);
	}
	assert_null(caplog_image_next(&walk, CAPLOG_CHUNK_STATES, 1, 1, &size));
	assert_null(caplog_image_find(bytes, CAPLOG_CHUNK_SLOTS, 0, 1, &size));
	assert_null(caplog_image_find(bytes, CAPLOG_CHUNK_STATES, 2, 1, &size));
	assert_null(caplog_image_find(bytes, CAPLOG_CHUNK_STATES, 0, 2, &size)); /* 5 bytes */
}

/* A walk checks each chunk where it is used: the bytes may be others than those that were checked */
static void test_chunks_that_change(void **state)
{
	uint64_t const size = t_image();
	struct caplog_chunk *c = (void *)(bytes + sizeof(struct caplog_image_header));
	uint64_t const sizes[] = { size, size - sizeof(struct caplog_image_header) - 8, 1ull << 40,
	                           ~0ull, ~0ull - 7 };
	uint64_t found;

	(void)state;
	assert_int_equal(caplog_image_check(bytes, size, NULL), 0);
	for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		c->size = sizes[i];
		assert_null(caplog_image_find(bytes, CAPLOG_CHUNK_STATES, 0, 1, &found));
		assert_null(caplog_image_find(bytes, CAPLOG_CHUNK_STATES, 1, 1, &found));
	}
	/* all that there is */
	c->size = size - sizeof(struct caplog_image_header) - sizeof *c;
	assert_non_null(caplog_image_find(bytes, CAPLOG_CHUNK_STATES, 0, 1, &found));
	assert_int_equal(found, c->size);
	assert_null(caplog_image_find(bytes, CAPLOG_CHUNK_STATES, 1, 1, &found));
}

static void test_too_small_a_buffer_says_how_large(void **state)
{
	uint64_t const size = t_image();
	struct caplog_diag diag = { 0, "" };
	struct caplog_image i;

	(void)state;
	for (uint64_t capacity = 0; capacity < size; capacity += 13) {
		memset(bytes, 0x55, sizeof bytes);
		caplog_image_begin(&i, bytes, capacity);
		for (uint32_t n = 0; n < 6; n++) {
			caplog_image_open(&i, CAPLOG_CHUNK_STATES, n / 3);
			caplog_image_put(&i, "0123456789abcdefghij", 5 + 7 * (n % 3));
			caplog_image_close(&i);
		}
		assert_int_equal(caplog_image_commit(&i, CAPLOG_PLATFORM_HOSTED, 2, &diag), CAPLOG_ENOSPC);
		assert_int_equal(i.size, size);
		for (uint64_t at = capacity; at < sizeof bytes; at++)
			assert_int_equal(bytes[at], 0x55);
	}
}

static void test_unknown_platforms(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_image i;

	(void)state;
	caplog_image_begin(&i, bytes, sizeof bytes);
	assert_int_equal(caplog_image_commit(&i, 77, 1, &diag), CAPLOG_EINVAL);
	assert_string_equal(diag.text, "no platform has number 77: add it to CAPLOG_PLATFORMS");
	assert_int_not_equal(caplog_image_check(bytes, i.size, NULL), 0);
}

static void test_every_bit_is_guarded(void **state)
{
	uint64_t const size = t_image();

	(void)state;
	for (uint64_t bit = 0; bit < size * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (!caplog_image_check(bytes, size, NULL))
			fail_msg("bit %llu of byte %llu may be anything", (unsigned long long)bit % 8,
			         (unsigned long long)bit / 8);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (uint64_t less = 0; less < size; less++)
		assert_int_not_equal(caplog_image_check(bytes, less, NULL), 0);
}

/* Header fields, each with a checksum that is right */
static void t_commit_again(uint64_t size)
{
	struct caplog_image_header *h = (void *)bytes;
	struct caplog_image i = { .data = bytes, .capacity = sizeof bytes, .size = size,
	                          .chunks = h->chunks };

	caplog_image_commit(&i, CAPLOG_PLATFORM_HOSTED, h->targets, NULL);
}

static void test_refused_by_name(void **state)
{
	struct caplog_image_header *h = (void *)bytes;
	struct caplog_chunk *first = (void *)(bytes + sizeof *h);
	struct caplog_diag diag = { 0, "" };
	uint64_t size = t_image();

	(void)state;
	h->major = CAPLOG_IMAGE_MAJOR + 1;
	t_refused(size, CAPLOG_EPROTONOSUPPORT, "version 5.");
	h->major = 1;
	t_refused(size, CAPLOG_EPROTONOSUPPORT, "version 1.");
	t_image();
	t_refused(size - 8, CAPLOG_EINVAL, "truncated");
	h->magic[0] = 0;
	t_refused(size, CAPLOG_EINVAL, "magic");
	t_image();
	first->target = 2;
	t_commit_again(size);
	t_refused(size, CAPLOG_EINVAL, "chunk 0");
	t_image();
	first->size = ~(uint64_t)0 - 3; /* its padded size wraps */
	t_commit_again(size);
	t_refused(size, CAPLOG_EINVAL, "chunk 0");
	size = t_image();
	t_commit_again(size - 3); /* without the padding of the last chunk */
	t_refused(size - 3, CAPLOG_EINVAL, "chunk 5 of the image is out of range");
	/* a last chunk whose padded size wraps to nothing, where the image ends */
	size = t_image();
	struct caplog_chunk *last = (void *)(bytes + size);
	memset(last, 0, sizeof *last);
	last->size = ~(uint64_t)0;
	h->chunks++;
	t_commit_again(size + sizeof *last);
	t_refused(size + sizeof *last, CAPLOG_EINVAL, "chunk 6 of the image is out of range");
	for (unsigned targets = 0; targets <= CAPLOG_TARGETS_MAX + 1; targets += CAPLOG_TARGETS_MAX + 1) {
		size = t_image();
		h->targets = targets;
		t_commit_again(size);
		t_refused(size, CAPLOG_EINVAL, "components");
	}
	size = t_image();
	h->chunks--;
	t_commit_again(size);
	t_refused(size, CAPLOG_EINVAL, "after its last chunk");

	t_image();
	assert_int_equal(caplog_image_on((const void *)bytes, CAPLOG_PLATFORM_HOSTED, &diag), 0);
	assert_int_equal(caplog_image_on((const void *)bytes, CAPLOG_PLATFORM_GENODE, &diag), CAPLOG_ENOTSUP);
	if (!strstr(diag.text, "\"hosted\"") || !strstr(diag.text, "\"genode\""))
		fail_msg("\"%s\" does not name both platforms", diag.text);
	memset(h->platform, 'x', sizeof h->platform); /* not terminated */
	assert_int_equal(caplog_image_on((const void *)bytes, CAPLOG_PLATFORM_HOSTED, &diag), CAPLOG_ENOTSUP);
	assert_int_equal(caplog_image_on((const void *)bytes, CAPLOG_PLATFORM_COUNT, &diag), CAPLOG_ENOTSUP);
}


/*
 * docs/abi.md
 */

#define FIELD(type, member) { #type, #member, sizeof(struct type), offsetof(struct type, member), \
                              sizeof(((struct type *)0)->member) }

static const struct { const char *type, *member; size_t size, at, bytes; } fields[] = {
	FIELD(caplog_image_header, magic), FIELD(caplog_image_header, major),
	FIELD(caplog_image_header, minor), FIELD(caplog_image_header, byte_order),
	FIELD(caplog_image_header, size), FIELD(caplog_image_header, targets),
	FIELD(caplog_image_header, chunks), FIELD(caplog_image_header, checksum),
	FIELD(caplog_image_header, platform), FIELD(caplog_image_header, parent),
	FIELD(caplog_chunk, kind), FIELD(caplog_chunk, target), FIELD(caplog_chunk, size),
	FIELD(caplog_image_target, flavour), FIELD(caplog_image_target, name),
	FIELD(caplog_image_target, map_address), FIELD(caplog_image_target, epoch_address),
	FIELD(caplog_image_target, holders_address), FIELD(caplog_image_target, map_stride),
	FIELD(caplog_image_target, map_offset), FIELD(caplog_image_target, map_width),
	FIELD(caplog_image_target, map_count), FIELD(caplog_image_target, holders_count),
	FIELD(caplog_image_target, word_bytes),
	FIELD(caplog_image_slot, slot), FIELD(caplog_image_slot, other), FIELD(caplog_image_slot, kind),
	FIELD(caplog_image_slot, stale), FIELD(caplog_image_slot, from), FIELD(caplog_image_slot, target),
	FIELD(caplog_image_slot, badge), FIELD(caplog_image_slot, source),
	FIELD(caplog_image_slot, version), FIELD(caplog_image_slot, a), FIELD(caplog_image_slot, b),
	FIELD(caplog_image_thread, slot), FIELD(caplog_image_thread, state),
	FIELD(caplog_image_thread, frame),
	FIELD(caplog_image_pages, object), FIELD(caplog_image_pages, size),
	FIELD(caplog_image_pages, stored), FIELD(caplog_image_pages, reserved),
	FIELD(caplog_image_pending, object), FIELD(caplog_image_pending, number),
	FIELD(caplog_image_state, object), FIELD(caplog_image_state, state),
	FIELD(caplog_state, handler), FIELD(caplog_state, word), FIELD(caplog_state, quota),
	FIELD(caplog_state, args),
	FIELD(caplog_object, id), FIELD(caplog_object, kind), FIELD(caplog_object, badge),
	FIELD(caplog_object, gone), FIELD(caplog_object, words), FIELD(caplog_object, name),
};

enum { FIELDS = sizeof fields / sizeof fields[0] };

/* No field is left out: they lie side by side, up to the struct's size */
static void test_no_byte_is_without_a_name(void **state)
{
	(void)state;
	for (unsigned i = 0; i < FIELDS; i++) {
		int const last = i + 1 == FIELDS || strcmp(fields[i].type, fields[i + 1].type);
		size_t const end = fields[i].at + fields[i].bytes;

		if (end != (last ? fields[i].size : fields[i + 1].at))
			fail_msg("%s.%s ends at %zu, and something unnamed follows", fields[i].type,
			         fields[i].member, end);
	}
}

static char *t_docs(void)
{
	FILE *f = fopen("docs/abi.md", "r");
	char *text = calloc(1, 1 << 16);

	if (!f || !text || !fread(text, 1, (1 << 16) - 1, f))
		fail_msg("docs/abi.md cannot be read from here");
	fclose(f);
	return text;
}

/* A line that begins so, after `from`; what follows it */
static const char *t_row(const char *from, const char *row)
{
	const char *found = strstr(from, row);

	if (!found || found[-1] != '\n')
		fail_msg("docs/abi.md lacks, or has in another order: %s", row + (row[0] == '\n'));
	return found;
}

static void test_docs_have_every_field(void **state)
{
	char *docs = t_docs();
	const char *at = docs;
	char row[200];

	(void)state;
	for (unsigned i = 0; i < FIELDS; i++) {
		if (!i || strcmp(fields[i].type, fields[i - 1].type)) {
			snprintf(row, sizeof row, "### %s, %zu bytes\n", fields[i].type, fields[i].size);
			at = t_row(docs, row);
		}
		snprintf(row, sizeof row, "| %zu | %zu | %s |", fields[i].at, fields[i].bytes,
		         fields[i].member);
		at = t_row(at, row);
	}
	free(docs);
}

static void t_kind_row(char *row, size_t size, const struct caplog_object_kind *k)
{
	static const char *const carries[] = {
		[CAPLOG_CARRIES_NOTHING] = "nothing", [CAPLOG_CARRIES_SESSION] = "state",
		[CAPLOG_CARRIES_PENDING] = "pending", [CAPLOG_CARRIES_MEMORY] = "memory"
	};
	char platforms[64] = "";
	int n;

	for (uint32_t p = 0; p < CAPLOG_PLATFORM_COUNT; p++)
		if (caplog_kind_on(k->number, (enum caplog_platform_number)p)) {
			strcat(platforms, platforms[0] ? " " : "");
			strcat(platforms, caplog_platform_name(p));
		}
	n = snprintf(row, size, "| %u | %s | %s | %s | ", k->number, k->id,
	             platforms[0] ? platforms : "none", carries[k->carries]);
	for (uint32_t w = 0; w < k->words; w++)
		n += snprintf(row + n, size - (size_t)n, "%s%s (%u, %u)", w ? ", " : "", k->word[w].name,
		              k->word[w].offset, k->word[w].bytes);
	snprintf(row + n, size - (size_t)n, " |\n");
}

static void test_docs_have_every_kind(void **state)
{
	const struct caplog_object_kind *k;
	char *docs = t_docs(), row[400];
	const char *at = t_row(docs, "### Kinds of objects\n");

	(void)state;
	for (uint32_t n = 0; (k = caplog_object_kind_at(n)); n++) {
		t_kind_row(row, sizeof row, k);
		at = t_row(at, row);
	}
	snprintf(row, sizeof row, "Format %u.%u.", CAPLOG_IMAGE_MAJOR, CAPLOG_IMAGE_MINOR);
	if (!strstr(docs, row))
		fail_msg("docs/abi.md does not say: %s", row);
	free(docs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chunks_in_order),
		cmocka_unit_test(test_chunks_that_change),
		cmocka_unit_test(test_too_small_a_buffer_says_how_large),
		cmocka_unit_test(test_unknown_platforms),
		cmocka_unit_test(test_every_bit_is_guarded),
		cmocka_unit_test(test_refused_by_name),
		cmocka_unit_test(test_no_byte_is_without_a_name),
		cmocka_unit_test(test_docs_have_every_field),
		cmocka_unit_test(test_docs_have_every_kind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
