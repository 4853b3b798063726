/* SPDX-License-Identifier: BSD-2-Clause */
/* Images with right checksums that were changed: the tool says of each what is wrong, or differs */
#include "t_files.h"
#include "t_compare.h"
#include "t_scenario.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* The n-th element of a list of the first target, in the bytes of an image */
static void *element(struct stored_image *image, uint32_t kind, size_t each, unsigned n)
{
	uint64_t size;
	const char *list = caplog_image_find(image->data, kind, 0, each, &size);

	assert_non_null(list);
	t_compare((n + 1) * each, <=, size);
	return (char *)image->data + (list - (const char *)image->data) + n * each;
}

static struct caplog_object *line_of(struct stored_image *image, uint32_t kind)
{
	for (unsigned n = 0; ; n++) {
		struct caplog_object *o = element(image, CAPLOG_CHUNK_OBJECTS, sizeof *o, n);

		if (o->kind == kind)
			return o;
	}
}

static struct caplog_image_slot *slot_of(struct stored_image *image, uint32_t kind)
{
	for (unsigned n = 0; ; n++) {
		struct caplog_image_slot *s = element(image, CAPLOG_CHUNK_SLOTS, sizeof *s, n);

		if (s->kind == kind && !s->stale)
			return s;
	}
}

static void *first(struct stored_image *i, uint32_t kind, size_t each)
{
	return element(i, kind, each, 0);
}

/* What is done to an image, one at a time, and what the tool says of it */
static unsigned spoil(struct stored_image *i, unsigned what, const char **says)
{
	struct caplog_image_thread *thread = first(i, CAPLOG_CHUNK_THREADS, sizeof *thread);
	struct caplog_image_target *head = first(i, CAPLOG_CHUNK_TARGET, sizeof *head);

#define SPOIL(n, text, act) case n: act; *says = text; return 1
	switch (what) {
	SPOIL(0, "line 9999 is not in the ledger", slot_of(i, CAPLOG_RECEIVED)->source = 9999);
	SPOIL(1, "its source 77 is unknown", slot_of(i, CAPLOG_RECEIVED)->from = 77);
	SPOIL(2, "is of component 3, there are 1", (slot_of(i, CAPLOG_RECEIVED)->from =
	      CAPLOG_FROM_TARGET, slot_of(i, CAPLOG_RECEIVED)->target = 3));
	SPOIL(3, "rpc is bound to slot 0x300, where no thread is",
	      slot_of(i, CAPLOG_RPC)->other = 0x300);
	SPOIL(4, "irq is bound to slot 0xa, where no thread is", slot_of(i, CAPLOG_IRQ)->other = 0xa);
	SPOIL(5, "badge 0xfffffff has more than 16 bits",
	      slot_of(i, CAPLOG_RPC)->badge = 0xfffffff);
	SPOIL(6, "its state 9 is unknown", thread[0].state = 9);
	SPOIL(7, "has no registers", (thread[1].state = CAPLOG_THREAD_FRAME, thread[1].frame = 0));
	SPOIL(8, "slot 0xa is not a thread's", thread[0].slot = 0xa);
	SPOIL(9, "two threads", thread[1].slot = thread[0].slot);
	SPOIL(10, "kind 63 is unknown", line_of(i, CAPLOG_OBJECT_LOG)->kind = 63);
	SPOIL(11, "cannot be recreated on platform \"hosted\"",
	      line_of(i, CAPLOG_OBJECT_LOG)->kind = CAPLOG_OBJECT_ROM);
	SPOIL(12, "no thread in slot 0x77", line_of(i, CAPLOG_OBJECT_GATE)->gate.entrypoint = 0x77);
	SPOIL(13, "its dataspace, line 999, is not in the ledger",
	      line_of(i, CAPLOG_OBJECT_REGION)->region.dataspace = 999);
	SPOIL(14, "its source, line 1, is of the wrong kind",
	      line_of(i, CAPLOG_OBJECT_SEMAPHORE)->semaphore.source = 1);
	SPOIL(15, "stands after line", line_of(i, CAPLOG_OBJECT_LOG)->id = 1);
	SPOIL(16, "bytes, the RAM dataspace of line",
	      line_of(i, CAPLOG_OBJECT_DATASPACE)->dataspace.size += 4096);
	SPOIL(17, "its cap map cannot be where the image says", head->map_width = 3);
	SPOIL(18, "was destroyed", line_of(i, CAPLOG_OBJECT_LOG)->gone = 1);
	default: return 0;
	}
#undef SPOIL
}

/* Write an image whose checksum holds again */
static void write_again(const struct stored_image *image, const char *path)
{
	const struct caplog_image_header *h = image->data;
	uint8_t *copy = malloc(image->size);
	struct caplog_image out;
	struct caplog_diag diag;
	uint64_t at = sizeof *h;

	caplog_image_begin(&out, copy, image->size);
	for (uint32_t i = 0; i < h->chunks; i++) {
		struct caplog_chunk c;

		memcpy(&c, (char *)image->data + at, sizeof c);
		caplog_image_open(&out, c.kind, c.target);
		caplog_image_put(&out, (char *)image->data + at + sizeof c, c.size);
		caplog_image_close(&out);
		at += sizeof c + ((c.size + 7) & ~7ull);
	}
	assert_int_equal(caplog_image_commit(&out, CAPLOG_PLATFORM_HOSTED, h->targets, &diag), 0);
	t_write(path, copy, out.size);
	free(copy);
}

static void test_what_a_restore_refuses(void **state)
{
	unsigned count = 0;

	(void)state;
	for (unsigned what = 0; ; what++) {
		struct group g = started(hosted_scenario_by_name("counter"));
		struct stored_image image;
		struct caplog_diag diag = { 0, "" };
		const char *says = "";

		assert_int_equal(run_to(&g, 100), 0);
		assert_int_equal(group_checkpoint(&g, &image, &diag), 0);
		unsigned const more = spoil(&image, what, &says);
		if (more) {
			write_again(&image, t_path("bad"));
			struct t_run r = t_tool("show", t_path("bad"));
			if (r.status != 1)
				fail_msg("%u: status %d: %s", what, r.status, r.err);
			t_assert_has(r.out, says);
			assert_null(strstr(r.out, " 0 problems"));
			t_run_free(&r);
			t_expect(1, "dump", t_path("bad"));
			count++;
		}
		image_free(&image);
		group_free(&g);
		if (!more)
			break;
	}
	assert_int_equal(count, 19);
}

/* A thread in a slot that no flavour has: no table of slots has an entry for it */
static void test_a_thread_beyond_all_slots(void **state)
{
	static const char *const commands[] = { "show", "graph", "spec" };
	struct group g = started(hosted_scenario_by_name("counter"));
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };

	(void)state;
	assert_int_equal(run_to(&g, 100), 0);
	assert_int_equal(group_checkpoint(&g, &image, &diag), 0);
	slot_of(&image, CAPLOG_RPC)->other = 0xffff;
	write_again(&image, t_path("bad"));
	for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		struct t_run r = t_tool(commands[i], t_path("bad"));

		assert_int_equal(r.status, 2);
		t_assert_has(r.err, "thread 0xffff and kind 3, which cannot be");
		t_run_free(&r);
	}
	t_expect(1, "dump", t_path("bad"));
	image_free(&image);
	group_free(&g);
}

/* What lies where a chunk should, and is none, is named and passed over */
static void test_no_chunk(void **state)
{
	struct group g = started(hosted_scenario_by_name("counter"));
	struct caplog_diag diag = { 0, "" };
	struct stored_image image;
	struct caplog_chunk *c;
	char text[96];

	(void)state;
	assert_int_equal(run_to(&g, 100), 0);
	assert_int_equal(group_checkpoint(&g, &image, &diag), 0);
	for (unsigned turn = 0; turn < 2; turn++) {
		c = (void *)((char *)image.data + sizeof(struct caplog_image_header));
		struct caplog_chunk const before = *c;

		*(turn ? &c->target : &c->kind) = 999;
		snprintf(text, sizeof text, "no chunk: kind %u, component %u, ", c->kind, c->target);
		t_write(t_path("bad"), image.data, image.size);
		struct t_run r = t_tool("dump", t_path("bad"));
		t_assert_has(r.out, text);
		t_run_free(&r);
		*c = before;
	}
	image_free(&image);
	group_free(&g);
}

/* A platform whose name begins with that of another is another */
static void test_unknown_platform(void **state)
{
	static _Alignas(8) uint8_t bytes[1024];
	struct caplog_image_header *h = (void *)bytes;
	struct caplog_image image;

	(void)state;
	caplog_image_begin(&image, bytes, sizeof bytes);
	caplog_image_open(&image, CAPLOG_CHUNK_SLOTS, 0);
	caplog_image_close(&image);
	assert_int_equal(caplog_image_commit(&image, CAPLOG_PLATFORM_HOSTED, 1, NULL), 0);
	strcpy(h->platform, "hostedx");
	h->checksum = 0;
	h->checksum = XXH64(bytes, image.size, 0); /* no pages, whose bytes are not part of it */
	t_write(t_path("bad"), bytes, image.size);
	struct t_run r = t_tool("dump", t_path("bad"));
	t_assert_has(r.out, "its platform is unknown");
	t_run_free(&r);
}

/* What nobody can read is named by both commands, and `dump` goes on */
static void test_unknown_flavour(void **state)
{
	struct group g = started(hosted_scenario_by_name("counter"));
	struct caplog_diag diag = { 0, "" };
	struct stored_image image;

	(void)state;
	assert_int_equal(run_to(&g, 100), 0);
	assert_int_equal(group_checkpoint(&g, &image, &diag), 0);
	((struct caplog_image_target *)first(&image, CAPLOG_CHUNK_TARGET,
	                                     sizeof(struct caplog_image_target)))->flavour[0] = 'x';
	write_again(&image, t_path("bad"));
	t_expect(2, "show", t_path("bad"));
	struct t_run r = t_tool("dump", t_path("bad"));
	t_assert_has(r.out, "its flavour \"xoc-16.08\" is unknown");
	t_run_free(&r);
	image_free(&image);
	group_free(&g);
}

/* An object that was destroyed meanwhile */
static void test_diff_of_a_dead_slot(void **state)
{
	struct group g = started(hosted_scenario_by_name("counter"));
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };

	(void)state;
	assert_int_equal(run_to(&g, 100), 0);
	assert_int_equal(group_checkpoint(&g, &image, &diag), 0);
	t_write(t_path("first"), image.data, image.size);
	struct caplog_image_slot *s = slot_of(&image, CAPLOG_RECEIVED);
	s->from = CAPLOG_FROM_DEAD;
	write_again(&image, t_path("second"));
	struct t_run r = t_tool("diff", t_path("first"), t_path("second"));
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, "received -> dead  badge ");
	t_assert_has(r.out, ", 1 slot of another kind, ");
	t_run_free(&r);
	image_free(&image);
	group_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_restore_refuses),
		cmocka_unit_test(test_a_thread_beyond_all_slots),
		cmocka_unit_test(test_no_chunk),
		cmocka_unit_test(test_unknown_flavour),
		cmocka_unit_test(test_unknown_platform),
		cmocka_unit_test(test_diff_of_a_dead_slot),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
