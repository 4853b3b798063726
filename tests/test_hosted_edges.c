/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the engine is given besides a component that behaves: damaged logs,
 * groups of no size, platforms that contradict themselves, images with right
 * checksums and one wrong record. Each is refused by name.
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
#include "t_image.h"

static struct group t_running(const char *scenario)
{
	struct group g = group_empty(1, 0x1000);

	group_start(&g, hosted_scenario_by_name(scenario));
	for (unsigned i = 0; i < 300 && hm_step(g.node) > 0; i++)
		;
	assert_true(group_has_logs(&g));
	return g;
}

static void t_says(const struct caplog_diag *diag, const char *word)
{
	if (!strstr(diag->text, word))
		fail_msg("message \"%s\" does not name \"%s\"", diag->text, word);
}

static void t_capture(const struct group *g, int error, const char *word)
{
	struct caplog_diag diag = { 0, "" };

	assert_int_equal(caplog_capture(&g->platform, g->target, g->count, &diag), error);
	t_says(&diag, word);
}

static struct caplog_header *t_log(const struct group *g)
{
	return hm_memory(group_handle(g, 0), HK_LOG, GROUP_LOG);
}

static void test_damaged_log(void **state)
{
	struct group g = t_running("counter");
	struct caplog_header *h = t_log(&g);
	struct caplog_entry *e = (void *)((uint8_t *)h + h->table_offset);
	struct caplog_diag diag = { 0, "" };

	(void)state;
	h->magic[0] ^= 1;
	t_capture(&g, CAPLOG_EINVAL, "counter: ");
	h->magic[0] ^= 1;
	e[0x300].badge_kind = 0xf0000008;
	t_capture(&g, CAPLOG_EINVAL, "counter: slot 0x300");
	e[0x300].badge_kind = 0;
	h->stub[CAPLOG_STUB_KERNEL] = 0;
	t_capture(&g, CAPLOG_EAGAIN, "counter");
	h->stub[CAPLOG_STUB_KERNEL] = HK_STUB_KERNEL;
	h->stub[CAPLOG_STUB_READY] = HK_STUB_KERNEL + 1;
	t_capture(&g, CAPLOG_EINVAL, "counter: ");
	h->stub[CAPLOG_STUB_READY] = HK_STUB_READY;
	/* and as it was */
	if (caplog_capture(&g.platform, g.target, g.count, &diag))
		fail_msg("%s", diag.text);
	group_free(&g);
}

static void test_groups_of_no_size(void **state)
{
	struct group g = t_running("counter");
	struct caplog_diag diag = { 0, "" };

	(void)state;
	assert_int_equal(caplog_capture(&g.platform, g.target, 0, &diag), CAPLOG_EINVAL);
	t_says(&diag, "1 to ");
	assert_int_equal(caplog_capture(&g.platform, g.target, CAPLOG_TARGETS_MAX + 1, &diag),
	                 CAPLOG_EINVAL);
	t_says(&diag, "1 to ");
	group_free(&g);
}


/*
 * Platforms
 */

static struct caplog_platform real;
static int contradicts;

static uint32_t t_stopped(void *ctx, void *target, uint32_t first, struct caplog_stopped *stopped)
{
	uint32_t const n = real.stopped(ctx, target, first, stopped);

	if (contradicts && n && !first)
		stopped->slot++;
	return n;
}

static void *t_bytes(void *ctx, void *target, const struct caplog_object *o)
{
	return contradicts ? NULL : real.bytes(ctx, target, o);
}

static void test_platforms_that_contradict_themselves(void **state)
{
	struct group g = t_running("counter");
	static uint8_t bytes[1 << 20];
	struct caplog_diag diag = { 0, "" };
	struct caplog_image image;

	(void)state;
	real = g.platform;
	contradicts = 1;
	g.platform.stopped = t_stopped;
	t_capture(&g, CAPLOG_EINVAL, "no thread can be in it");
	contradicts = 0;
	if (caplog_capture(&g.platform, g.target, g.count, &diag))
		fail_msg("%s", diag.text);
	/* memory that was there a moment ago */
	g.platform.bytes = t_bytes;
	contradicts = 1;
	caplog_image_begin(&image, bytes, sizeof bytes);
	assert_int_equal(caplog_save(&g.platform, g.target, g.count, &image, &diag), CAPLOG_EINVAL);
	t_says(&diag, "cannot be read");
	contradicts = 0;
	group_free(&g);
}


/* What it was given and cannot be recreated is named as the user knows it */
static int t_unknown(void *ctx, void *target, const struct caplog_object *o, struct caplog_state *session,
                     uint64_t *pending)
{
	if (o->kind != CAPLOG_OBJECT_UNKNOWN)
		return real.save(ctx, target, o, session, pending);
	strcpy(session->args, "ram_quota=8K, label=\"init -> terminal\", buffer=4K");
	return 1;
}

static void test_what_cannot_be_recreated(void **state)
{
	struct group g = t_running("counter");
	union caplog_words const w = { { 0 } };
	struct caplog_ledger *l = &g.target[0]->ledger;
	struct caplog_object *o;

	(void)state;
	real = g.platform;
	g.platform.save = t_unknown;
	uint32_t const id = caplog_ledger_give(l, CAPLOG_OBJECT_UNKNOWN, 0x7000, &w, "Terminal");
	t_capture(&g, CAPLOG_ENOTSUP, "service \"Terminal\", label \"init -> terminal\"");
	o = caplog_ledger_by_id(l, id);
	assert_non_null(o);
	caplog_ledger_drop(l, o);

	caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, 0x7000000, 4096, NULL, 0, 0);
	t_capture(&g, CAPLOG_ENOTSUP, "it attached memory that no component of the group owns");
	group_free(&g);
}

/*
 * Images
 */

static struct stored_image t_image(const char *scenario)
{
	struct group g = t_running(scenario);
	struct caplog_diag diag = { 0, "" };
	struct stored_image image;

	if (group_checkpoint(&g, &image, &diag))
		fail_msg("%s", diag.text);
	group_free(&g);
	return image;
}

static void *t_chunk(const struct stored_image *image, uint32_t kind, uint64_t each, uint64_t *count)
{
	uint64_t size;
	const uint8_t *at = caplog_image_find(image->data, kind, 0, each, &size);

	assert_non_null(at);
	*count = size / each;
	return (uint8_t *)image->data + (at - (const uint8_t *)image->data);
}

static struct caplog_image_slot *t_slot(const struct stored_image *image, unsigned kind)
{
	uint64_t count;
	struct caplog_image_slot *s = t_chunk(image, CAPLOG_CHUNK_SLOTS, sizeof *s, &count);

	for (uint64_t i = 0; i < count; i++)
		if (s[i].kind == kind && !s[i].stale && s[i].source)
			return &s[i];
	fail_msg("no slot of kind %u", kind);
	return NULL;
}

static struct caplog_object *t_line(const struct stored_image *image, uint32_t kind)
{
	uint64_t count;
	struct caplog_object *o = t_chunk(image, CAPLOG_CHUNK_OBJECTS, sizeof *o, &count);

	for (uint64_t i = 0; i < count; i++)
		if (o[i].kind == kind)
			return &o[i];
	fail_msg("no line of kind %u", kind);
	return NULL;
}

/* Where the first bytes of a line lie in the image */
static void *t_memory_of(const struct stored_image *image, uint32_t id)
{
	struct caplog_pages_walk walk;
	const struct caplog_pages *const p = t_pages_of(image->data, 0, id, &walk);
	const uint8_t *const first = p ? caplog_pages_bytes(p, 0) : NULL;

	if (first)
		return (uint8_t *)image->data + (first - (const uint8_t *)image->data);
	fail_msg("no memory of line %u", id);
	return NULL;
}

/* With a right checksum it is refused, and nothing is left */
static void t_refused(const struct stored_image *image, const char *word)
{
	struct caplog_diag diag = { 0, "" };
	struct group b = group_empty(3, 0x5000);

	t_hash_again(image->data, CAPLOG_PLATFORM_HOSTED);
	assert_int_not_equal(group_restore(&b, image, &diag), 0);
	t_says(&diag, word);
	assert_int_equal(b.node->targets, 0);
	group_free(&b);
}

/* CHANGED(scenario, change, message): one change to a good image `i` */
#define CHANGED(scenario, change, word) do {                \
		struct stored_image i = t_image(scenario);          \
		change;                                             \
		t_refused(&i, word);                                \
		image_free(&i);                                     \
	} while (0)

#define LOG_OF(i) ((struct caplog_header *)t_memory_of(&(i), t_line(&(i), CAPLOG_OBJECT_LOG_DS)->id))

static void test_slots_without_their_objects(void **state)
{
	(void)state;
	CHANGED("counter", t_slot(&i, CAPLOG_RPC)->source = t_line(&i, CAPLOG_OBJECT_DATASPACE)->id,
	        "does not know this RPC object");
	CHANGED("counter", t_slot(&i, CAPLOG_RPC)->source = 0x123456, "names no object");
	CHANGED("counter", t_line(&i, CAPLOG_OBJECT_GATE)->gate.entrypoint += 3, "counter: ");
	CHANGED("counter", t_slot(&i, CAPLOG_RECEIVED)->source = 0x123456, "counter: ");
	CHANGED("counter", t_slot(&i, CAPLOG_RECEIVED)->from = CAPLOG_FROM_NOWHERE, "counter: ");
}

static void test_threads_without_their_state(void **state)
{
	uint64_t count;

	(void)state;
	CHANGED("counter", {
		struct caplog_image_thread *th = t_chunk(&i, CAPLOG_CHUNK_THREADS, sizeof *th, &count);

		th[count - 1].slot += 30; /* a place that has no thread */
	}, "counter: ");
}

static void test_logs_in_images(void **state)
{
	(void)state;
	CHANGED("counter", LOG_OF(i)->magic[0] ^= 1, "counter: ");
	CHANGED("counter", LOG_OF(i)->stub[CAPLOG_STUB_KERNEL] = 0, "does not say where");
	CHANGED("counter", LOG_OF(i)->stub[CAPLOG_STUB_READY] = ~0ull, "counter: ");
}

/* A session whose service says nothing about it is made again from nothing */
static uint32_t silent;

static int t_save(void *ctx, void *target, const struct caplog_object *o, struct caplog_state *session,
                  uint64_t *pending)
{
	if (caplog_kind_carries(o->kind) != CAPLOG_CARRIES_SESSION || (silent && silent != o->id))
		return real.save(ctx, target, o, session, pending);
	silent = (uint32_t)o->id;
	return 0;
}

static unsigned made_silent, made_other;

static int t_make(void *ctx, void *target, struct caplog_object *o, const struct caplog_state *session,
                  uint64_t pending, struct caplog_diag *diag)
{
	if (o->id == silent) {
		assert_null(session);
		made_silent++;
	} else if (caplog_kind_carries(o->kind) == CAPLOG_CARRIES_SESSION) {
		made_other += session != NULL;
	} else {
		assert_null(session);
	}
	return real.make(ctx, target, o, session, pending, diag);
}

static void test_a_silent_session(void **state)
{
	struct group g = t_running("counter"), b = group_empty(3, 0x5000);
	struct caplog_diag diag = { 0, "" };
	struct stored_image image;

	(void)state;
	real = g.platform;
	g.platform.save = t_save;
	if (group_checkpoint(&g, &image, &diag))
		fail_msg("%s", diag.text);
	real = b.platform;
	b.platform.make = t_make;
	(void)group_restore(&b, &image, &diag);
	assert_int_equal(made_silent, 1);
	assert_int_not_equal(made_other, 0);
	image_free(&image);
	group_free(&g);
	group_free(&b);
}

static unsigned phases;

static void t_progress(void *ctx, unsigned phase)
{
	(void)ctx;
	assert_int_equal(phase, phases);
	phases++;
}

static void test_room_and_progress(void **state)
{
	struct stored_image image = t_image("mailbox");
	struct group b = group_empty(3, 0x5000);
	struct caplog_target *targets[2] = { calloc(1, sizeof *targets[0]), calloc(1, sizeof *targets[0]) };
	struct caplog_diag diag = { 0, "" };
	uint32_t count = 0;

	(void)state;
	assert_int_equal(caplog_restore(&b.platform, image.data, image.size, targets, 1, &count, NULL,
	                                &diag), CAPLOG_ENOMEM);
	t_says(&diag, "2 components, there is room for 1");
	assert_int_equal(count, 0);
	b.node->group++;
	if (caplog_restore(&b.platform, image.data, image.size, targets, 2, &count, t_progress, &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(count, 2);
	assert_int_equal(phases, CAPLOG_PHASE_COUNT);
	free(targets[0]);
	free(targets[1]);
	group_free(&b);
	image_free(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damaged_log),
		cmocka_unit_test(test_groups_of_no_size),
		cmocka_unit_test(test_platforms_that_contradict_themselves),
		cmocka_unit_test(test_what_cannot_be_recreated),
		cmocka_unit_test(test_slots_without_their_objects),
		cmocka_unit_test(test_threads_without_their_state),
		cmocka_unit_test(test_logs_in_images),
		cmocka_unit_test(test_a_silent_session),
		cmocka_unit_test(test_room_and_progress),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
