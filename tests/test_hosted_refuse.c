/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What cannot be restored is refused by name, before anything is touched; a
 * forged log gives no authority; a damaged image is no image
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "group.h"
#include "t_compare.h"
#include "t_random.h"

static struct group t_running(const struct scenario *s, unsigned steps)
{
	struct group g = group_empty(1, 0x1000);

	group_start(&g, s);
	for (unsigned i = 0; i < steps && hm_step(g.node) > 0; i++)
		;
	return g;
}

static void t_says(const struct caplog_diag *diag, const char *word)
{
	if (!strstr(diag->text, word))
		fail_msg("message \"%s\" does not name \"%s\"", diag->text, word);
}

static void t_capture_refused(struct group *g, int error, const char *word)
{
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };

	assert_int_equal(group_checkpoint(g, &image, &diag), error);
	t_says(&diag, word);
	image_free(&image);
	/* refused means: it runs on */
	for (unsigned i = 0; i < HK_THREADS; i++)
		if (group_handle(g, 0)->task->thread[i])
			assert_false(group_handle(g, 0)->task->thread[i]->stopped);
}

static void test_unknown_object(void **state)
{
	struct group g = t_running(&hosted_magic, 100000);

	(void)state;
	t_capture_refused(&g, CAPLOG_ENOTSUP, "magic wand");
	group_free(&g);
}

static void test_thread_where_no_restart_is_possible(void **state)
{
	struct group g = t_running(&hosted_raw, 100000);

	(void)state;
	t_capture_refused(&g, CAPLOG_EBUSY, "0xc"); /* the entrypoint's thread */
	group_free(&g);
}


/*
 * Forged logs
 */

static struct caplog_entry *t_entry(struct group *g, uint32_t slot)
{
	struct caplog_header *h = hm_memory(group_handle(g, 0), HK_LOG, GROUP_LOG);
	return (struct caplog_entry *)(void *)((uint8_t *)h + h->table_offset) + slot;
}

/* A slot of this kind that really holds something */
static uint32_t t_slot_of_kind(struct group *g, unsigned kind, uint32_t not_slot)
{
	for (uint32_t slot = 0x200; slot < HK_SLOTS; slot++)
		if (slot != not_slot && (t_entry(g, slot)->badge_kind >> 28) == kind &&
		    hk_slot(group_handle(g, 0)->task, slot))
			return slot;
	fail_msg("no slot of kind %u", kind);
	return 0;
}

static void test_forged_badge(void **state)
{
	struct group g = t_running(hosted_scenario_by_name("counter"), 200);
	uint32_t const one = t_slot_of_kind(&g, CAPLOG_RECEIVED, 0);
	uint32_t const two = t_slot_of_kind(&g, CAPLOG_RECEIVED, one);
	char slot[16];

	(void)state;
	/* "this slot is that object": the kernel knows better */
	t_entry(&g, one)->badge_kind = t_entry(&g, two)->badge_kind;
	snprintf(slot, sizeof slot, "0x%x", one);
	t_capture_refused(&g, CAPLOG_EACCES, slot);
	t_capture_refused(&g, CAPLOG_EACCES, slot); /* and stays refused */
	group_free(&g);

	/* an object that the component never had */
	g = t_running(hosted_scenario_by_name("counter"), 200);
	t_entry(&g, one)->badge_kind = (uint32_t)CAPLOG_RECEIVED << 28 | 0x7ff8;
	t_capture_refused(&g, CAPLOG_EACCES, slot);
	group_free(&g);
}

static void test_forged_entrypoint(void **state)
{
	struct group g = t_running(hosted_scenario_by_name("counter"), 200);
	uint32_t const slot = t_slot_of_kind(&g, CAPLOG_RPC, 0);

	(void)state;
	t_entry(&g, slot)->other_version ^= 0xc ^ 0xf; /* the signal thread's instead */
	t_capture_refused(&g, CAPLOG_EACCES, "entrypoint");
	group_free(&g);
}

/* A thread's gate is no received capability: the ledger knows no such object */
static void test_forged_thread_slot(void **state)
{
	struct group g = t_running(hosted_scenario_by_name("counter"), 200);
	struct caplog_entry *e = t_entry(&g, 0xf); /* the signal thread's */

	(void)state;
	for (uint32_t kind = CAPLOG_RECEIVED; kind <= CAPLOG_IRQ; kind++) {
		if (kind == CAPLOG_TOMBSTONE || kind == CAPLOG_THREAD)
			continue;
		struct group fresh = t_running(hosted_scenario_by_name("counter"), 200);
		t_entry(&fresh, 0xf)->badge_kind = (e->badge_kind & CAPLOG_BADGE_MASK) | kind << 28;
		t_capture_refused(&fresh, CAPLOG_EACCES, "0xf");
		group_free(&fresh);
	}
	group_free(&g);
}

/* Inventing a slot gives nothing: nothing is in it, so it comes back dead */
static void test_invented_slot_is_dead(void **state)
{
	struct group g = t_running(hosted_scenario_by_name("counter"), 200), b = group_empty(2, 0x5000);
	uint32_t const pd = t_slot_of_kind(&g, CAPLOG_RECEIVED, 0);
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };

	(void)state;
	t_entry(&g, 0x800)->badge_kind = t_entry(&g, pd)->badge_kind + 0x1000;
	t_entry(&g, 0x800)->version = 1 << 8;
	if (group_checkpoint(&g, &image, &diag) || group_restore(&b, &image, &diag))
		fail_msg("%s", diag.text);
	assert_null(hk_slot(group_handle(&b, 0)->task, 0x800));
	image_free(&image);
	group_free(&g);
	group_free(&b);
}

static void test_map_outside_memory(void **state)
{
	struct group g = t_running(hosted_scenario_by_name("counter"), 200);
	struct caplog_header *h = hm_memory(group_handle(&g, 0), HK_LOG, GROUP_LOG);
	uint64_t const map = h->map_address, epoch = h->epoch_address;

	(void)state;
	h->map_address = 0x1000;
	t_capture_refused(&g, CAPLOG_EINVAL, "map");
	h->map_address = ~(uint64_t)1;
	t_capture_refused(&g, CAPLOG_EINVAL, "map");
	h->map_address = map;
	h->epoch_address = HK_BSS + HB_SIZE - 2; /* half of it would stick out */
	t_capture_refused(&g, CAPLOG_EINVAL, "map");
	h->epoch_address = epoch;
	h->map_stride = 0x7fffffff;
	t_capture_refused(&g, CAPLOG_EINVAL, "map");
	group_free(&g);
}

static void t_name_flavour(struct group *g, const struct caplog_flavour *flavour)
{
	struct caplog_header *h = hm_memory(group_handle(g, 0), HK_LOG, GROUP_LOG);

	memcpy(h->flavour, flavour->name, sizeof h->flavour);
}

/* With the slots of another release core's would pass for its own, or its own for threads */
static void test_another_flavour(void **state)
{
	size_t count;
	const struct caplog_flavour *f = caplog_flavours(&count);

	(void)state;
	for (; count--; f++) {
		if (!strcmp(f->name, caplog_own_flavour()->name))
			continue;
		struct group g = t_running(hosted_scenario_by_name("counter"), 200);

		t_name_flavour(&g, f);
		t_capture_refused(&g, CAPLOG_ENOTSUP, f->name);
		t_name_flavour(&g, caplog_own_flavour());

		/* and one that was open already */
		struct stored_image image;
		struct caplog_diag diag = { 0, "" };
		assert_int_equal(group_checkpoint(&g, &image, &diag), 0);
		image_free(&image);
		group_resume(&g);
		t_name_flavour(&g, f);
		t_capture_refused(&g, CAPLOG_ENOTSUP, f->name);
		group_free(&g);
	}
}


/*
 * Images
 */

static struct stored_image t_image(const char *scenario, unsigned steps)
{
	struct group g = t_running(hosted_scenario_by_name(scenario), steps);
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };

	if (group_checkpoint(&g, &image, &diag))
		fail_msg("%s", diag.text);
	group_free(&g);
	return image;
}

static void t_nothing_left(const struct group *b)
{
	static const uint8_t unused[sizeof b->node->badge_used];

	assert_int_equal(b->count, 0);
	assert_int_equal(b->node->targets, 0);
	assert_memory_equal(b->node->badge_used, unused, sizeof unused);
}

static void test_damaged_image(void **state)
{
	struct stored_image image = t_image("server", 300);
	uint8_t *bytes = image.data;
	struct t_random random = t_seed("test_damaged_image");
	struct caplog_diag diag = { 0, "" };

	(void)state;
	assert_int_equal(caplog_image_check(bytes, image.size, &diag), 0);
	for (unsigned i = 0; i < 300; i++) {
		/* each bit of the header, then anywhere */
		uint64_t const bit = i < 64 * 4 ? i * 2 + 1
		                   : t_next(&random) % (image.size * 8);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_not_equal(caplog_image_check(bytes, image.size, &diag), 0);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (uint64_t size = 0; size < image.size; size += 1 + size / 7)
		assert_int_not_equal(caplog_image_check(bytes, size, &diag), 0);
	/* never completed: the header is written last */
	memset(bytes, 0, 64);
	assert_int_equal(caplog_image_check(bytes, image.size, &diag), CAPLOG_EINVAL);
	image_free(&image);
}

/* A hostile image with a right checksum: an error or a restore, no crash */
/* A thread continues in a frame of its own memory, or not at all */
static void test_frame_outside_memory(void **state)
{
	struct stored_image image = t_image("server", 300);
	struct caplog_image again = { .data = image.data, .capacity = image.size, .size = image.size };
	const struct caplog_image_header *h = image.data;
	uint32_t const chunks = h->chunks, targets = h->targets;
	unsigned threads = 0;

	(void)state;
	for (uint32_t target = 0; target < targets; target++) {
		uint64_t size;
		const void *found = caplog_image_find(image.data, CAPLOG_CHUNK_THREADS, target,
		                                      sizeof(struct caplog_image_thread), &size);
		struct caplog_image_thread *th = (void *)(uintptr_t)found;

		for (uint32_t i = 0; i < size / sizeof *th; i++) {
			struct group b = group_empty(3, 0x5000);
			struct caplog_diag diag = { 0, "" };
			uint64_t const frame = th[i].frame;

			if (th[i].state == CAPLOG_THREAD_NEW) {
				group_free(&b);
				continue;
			}
			th[i].frame = UINT64_MAX - 8;
			again.chunks = chunks;
			caplog_image_commit(&again, CAPLOG_PLATFORM_HOSTED, targets, NULL);
			assert_int_equal(group_restore(&b, &image, &diag), CAPLOG_EINVAL);
			t_says(&diag, "frame at 0xfffffffffffffff7 lies outside its memory");
			t_nothing_left(&b);
			group_free(&b);
			th[i].frame = frame;
			threads++;
		}
	}
	t_compare(threads, >=, 2);
	image_free(&image);
}

static void test_hostile_image(void **state)
{
	struct stored_image image = t_image("server", 300);
	struct t_random random = t_seed("test_hostile_image");
	uint8_t *original = malloc(image.size), *bytes = image.data;
	unsigned refused = 0;

	(void)state;
	memcpy(original, bytes, image.size);
	for (unsigned i = 0; i < 300; i++) {
		struct group b = group_empty(3, 0x5000);
		struct caplog_diag diag = { 0, "" };
		struct caplog_image again = { .data = bytes, .capacity = image.size, .size = image.size };
		struct caplog_image_header const *h = (const void *)bytes;

		memcpy(bytes, original, image.size);
		for (unsigned n = 1 + t_below(&random, 4); n; n--) {
			/* chunks but for the memory: what is in there is the component's own */
			uint64_t const at = 64 + t_next(&random) % 5000;
			bytes[at] = (uint8_t)t_next(&random);
		}
		again.chunks = h->chunks;
		caplog_image_commit(&again, CAPLOG_PLATFORM_HOSTED, h->targets, NULL);
		if (group_restore(&b, &image, &diag)) {
			refused++;
			assert_int_not_equal(diag.text[0], 0);
			t_nothing_left(&b);
		}
		group_free(&b);
	}
	printf("%u of 300 hostile images refused, the others restored\n", refused);
	t_compare(refused, >, 30);
	free(original);
	image_free(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown_object),
		cmocka_unit_test(test_thread_where_no_restart_is_possible),
		cmocka_unit_test(test_forged_badge),
		cmocka_unit_test(test_forged_entrypoint),
		cmocka_unit_test(test_forged_thread_slot),
		cmocka_unit_test(test_invented_slot_is_dead),
		cmocka_unit_test(test_map_outside_memory),
		cmocka_unit_test(test_another_flavour),
		cmocka_unit_test(test_damaged_image),
		cmocka_unit_test(test_frame_outside_memory),
		cmocka_unit_test(test_hostile_image),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
