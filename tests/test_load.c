/* SPDX-License-Identifier: BSD-2-Clause */
/* Loading an image: each invalid number is refused, and the message names it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "load.h"

enum { LINES = 12, CAPACITY = 1024 * 1024, LOG = 64 };

/* What a test changes before the image is written */
static struct {
	struct caplog_image_target  head;
	struct caplog_image_slot    slot[2];
	struct caplog_object        line[LINES];
	uint32_t                    lines;
	struct caplog_image_state   state[2];
	struct caplog_image_pending pending[2];
	struct caplog_image_thread  thread[2];
	struct caplog_image_pages   memory;
	uint32_t                    pieces;
	uint32_t                    more_lines, more_threads, platform;
	const char                 *name;         /* in a chunk of its own */
	uint32_t                    left_out;     /* kind of the chunk that is not there, 0: none */
	uint32_t                    heads;
} t;

static struct caplog_object *t_line(uint32_t kind, const char *name)
{
	struct caplog_object *o = &t.line[t.lines++];

	o->id = t.lines;
	o->kind = kind;
	o->badge = 4 * t.lines;
	strcpy(o->name, name);
	return o;
}

static struct caplog_object *t_find(uint32_t kind)
{
	for (uint32_t i = 0; i < t.lines; i++)
		if (t.line[i].kind == kind)
			return &t.line[i];
	fail_msg("no line of kind %u", kind);
	return NULL;
}

/* A small component, everything valid */
static void t_valid(void)
{
	const struct caplog_flavour *f = caplog_flavours(NULL);

	memset(&t, 0, sizeof t);
	memcpy(t.head.flavour, f->name, sizeof t.head.flavour);
	strcpy(t.head.name, "small");
	t.head.map_address = 0x10000;
	t.head.epoch_address = 0x20000;
	t.head.holders_address = 0x20008;
	t.head.map_stride = t.head.map_width = 2;
	t.head.map_count = f->slot_count;
	t.head.holders_count = 1;
	t.head.word_bytes = 8;
	for (uint32_t i = 0; i < 2; i++) {
		t.slot[i].slot = (uint16_t)(f->user_base + i);
		t.slot[i].kind = CAPLOG_RECEIVED;
		t.slot[i].from = CAPLOG_FROM_LEDGER;
		t.slot[i].badge = 8 + 4 * i;
		t.slot[i].source = 2;
		t.slot[i].version = 0x300 + i;
		t.slot[i].a = 0xa000 + i;
		t.slot[i].b = 0xb000 + i;
		t.thread[i].slot = f->thread_base + i * f->thread_stride;
		t.thread[i].state = CAPLOG_THREAD_FRAME;
	}
	t_line(CAPLOG_OBJECT_PARENT, "parent");
	t_line(CAPLOG_OBJECT_PD, "PD");
	t_line(CAPLOG_OBJECT_LOG_DS, "log")->log_ds.size = LOG;
	struct caplog_object *region = t_line(CAPLOG_OBJECT_REGION, "region");
	region->region.dataspace = 3;
	region->region.size = 4096;
	t_line(CAPLOG_OBJECT_THREAD, "main")->thread.slot = f->thread_base;
	t_line(CAPLOG_OBJECT_GATE, "root")->gate.entrypoint = f->thread_base;
	t_line(CAPLOG_OBJECT_SERVICE, "service")->service.gate = 6;
	t_line(CAPLOG_OBJECT_SOURCE, "source");
	t_line(CAPLOG_OBJECT_SEMAPHORE, "semaphore")->semaphore.source = 8;
	t_line(CAPLOG_OBJECT_CONTEXT, "context")->context.source = 8;
	t_line(CAPLOG_OBJECT_CONTEXT, "another")->context.source = 8;
	t.state[0].object = 1;
	t.state[1].object = 2;
	t.pending[0].object = 10;
	t.pending[1].object = 11;
	t.memory.object = 3;
	t.memory.size = LOG;
	t.pieces = t.heads = 1;
	t.platform = CAPLOG_PLATFORM_HOSTED;
}

static void t_open(struct caplog_image *i, uint32_t kind)
{
	caplog_image_open(i, kind == t.left_out ? CAPLOG_CHUNK_PAGES + 100 : kind, 0);
}

static void t_chunk(struct caplog_image *i, uint32_t kind, const void *bytes, uint64_t size)
{
	t_open(i, kind);
	caplog_image_put(i, bytes, size);
	caplog_image_close(i);
}

/* Memory whose end, `bytes` from its begin, is not readable: an access behind an image faults */
static uint8_t *t_before_the_end(uint64_t bytes)
{
	static uint8_t *memory;
	size_t const page = (size_t)sysconf(_SC_PAGESIZE), size = (CAPACITY + page - 1) / page * page;

	if (!memory) {
		memory = mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		assert_ptr_not_equal(memory, MAP_FAILED);
		assert_int_equal(mprotect(memory + size, page, PROT_NONE), 0);
	}
	return memory + size - bytes;
}

static int t_load(struct caplog_diag *diag)
{
	static _Alignas(8) uint8_t bytes[CAPACITY];
	struct caplog_target *target = calloc(1, sizeof *target);
	uint8_t const log[CAPLOG_IMAGE_PAGE] = { 1 };
	struct caplog_image i;
	int err;

	caplog_image_begin(&i, bytes, sizeof bytes);
	t_open(&i, CAPLOG_CHUNK_TARGET);
	for (uint32_t n = 0; n < t.heads; n++)
		caplog_image_put(&i, &t.head, sizeof t.head);
	caplog_image_close(&i);
	if (t.name)
		t_chunk(&i, CAPLOG_CHUNK_NAME, t.name, strlen(t.name));
	t_chunk(&i, CAPLOG_CHUNK_SLOTS, t.slot, sizeof t.slot);
	t_open(&i, CAPLOG_CHUNK_OBJECTS);
	caplog_image_put(&i, t.line, t.lines * sizeof t.line[0]);
	for (uint32_t n = 0; n < t.more_lines; n++) {
		struct caplog_object more = t.line[1];

		more.id = t.line[t.lines - 1].id + 1 + n;
		caplog_image_put(&i, &more, sizeof more);
	}
	caplog_image_close(&i);
	t_chunk(&i, CAPLOG_CHUNK_STATES, t.state, sizeof t.state);
	t_chunk(&i, CAPLOG_CHUNK_PENDING, t.pending, sizeof t.pending);
	t_open(&i, CAPLOG_CHUNK_THREADS);
	caplog_image_put(&i, t.thread, sizeof t.thread);
	for (uint32_t n = 0; n < t.more_threads; n++)
		caplog_image_put(&i, &t.thread[1], sizeof t.thread[1]);
	caplog_image_close(&i);
	for (uint32_t n = 0; n < t.pieces; n++) {
		struct caplog_pages_writer w;

		caplog_pages_open_chunk(&w, &i, 0, t.memory.object, t.memory.size);
		for (uint64_t page = 0; page < w.count; page++)
			caplog_pages_put(&w, log, NULL);
		caplog_pages_close_chunk(&w);
	}
	assert_int_equal(caplog_image_commit(&i, CAPLOG_PLATFORM_HOSTED, 1, NULL), 0);

	struct caplog_image_source source = { .data = t_before_the_end(i.size), .size = i.size };

	memcpy(t_before_the_end(i.size), bytes, i.size);
	assert_int_equal(caplog_image_open_header(source.data, i.size, &source.header, NULL), 0);
	err = caplog_load(target, &source, 0, t.platform, diag);
	if (!err) {
		assert_string_equal(target->name, t.name ? t.name : "small");
		assert_int_equal(target->threads, 2);
		assert_int_equal(caplog_thread_of(target, t.thread[1].slot)->slot, t.thread[1].slot);
		assert_null(caplog_thread_of(target, t.thread[1].slot + 1));
		assert_null(caplog_thread_of(target, t.thread[0].slot + 1));
		assert_null(caplog_thread_of(target, 0));
		for (unsigned n = 0; n < 2; n++) {
			const struct caplog_image_slot *x = &t.slot[n];
			const struct caplog_cap *c = &target->space.cap[x->slot];

			assert_int_equal(c->badge, x->badge);
			assert_int_equal(c->kind, x->kind);
			assert_int_equal(c->version, x->version);
			assert_int_equal(target->space.a[x->slot], x->a);
			assert_int_equal(target->space.b[x->slot], x->b);
			assert_memory_equal(&target->slot[x->slot], x, sizeof *x);
		}
		assert_int_equal(target->ledger.count, t.lines);
		assert_int_equal(target->ledger.line[0].badge, CAPLOG_NO_BADGE);
	}
	free(target);
	return err;
}

static void t_refused(int err, const char *says)
{
	struct caplog_diag diag = { 0, "" };
	int const got = t_load(&diag);

	if (got != err || !strstr(diag.text, says))
		fail_msg("error %d \"%s\", expected %d \"%s\"", got, diag.text, err, says);
	t_valid();
}

static void test_valid(void **state)
{
	struct caplog_diag diag = { 0, "" };

	(void)state;
	t_valid();
	if (t_load(&diag))
		fail_msg("%s", diag.text);
}

/* REFUSED(change, error, message): one change to a valid image */
#define REFUSED(change, err, says) do { t_valid(); change; t_refused(err, says); } while (0)

static void test_chunks_that_are_missing(void **state)
{
	(void)state;
	REFUSED(t.left_out = CAPLOG_CHUNK_TARGET, CAPLOG_EINVAL, "does not describe component 0");
	REFUSED(t.heads = 0, CAPLOG_EINVAL, "does not describe component 0");
	REFUSED(t.heads = 2, CAPLOG_EINVAL, "does not describe component 0");
	REFUSED(t.left_out = CAPLOG_CHUNK_SLOTS, CAPLOG_EINVAL, "small: image has no slots");
	REFUSED(t.left_out = CAPLOG_CHUNK_OBJECTS, CAPLOG_EINVAL, "small: image has no ledger");
	REFUSED(t.left_out = CAPLOG_CHUNK_THREADS, CAPLOG_EINVAL, "small: image has no threads");
	REFUSED(t.left_out = CAPLOG_CHUNK_STATES, CAPLOG_EINVAL, "small: image has no states");
	REFUSED(t.left_out = CAPLOG_CHUNK_PENDING, CAPLOG_EINVAL, "small: image has no states");
}

static void test_head(void **state)
{
	(void)state;
	REFUSED(t.head.flavour[0] = 'x', CAPLOG_ENOTSUP, "flavour");
	/* one that is known, but not that of the components here */
	REFUSED(memcpy(t.head.flavour, CAPLOG_FOC_26_02_NAME, sizeof CAPLOG_FOC_26_02_NAME), CAPLOG_ENOTSUP,
	        "flavour");
	REFUSED(t.head.word_bytes = 2, CAPLOG_ENOTSUP, "word size");
	REFUSED(t.head.map_width = 3, CAPLOG_EINVAL, "cap map");
	REFUSED(t.head.map_stride = 1, CAPLOG_EINVAL, "cap map");
	REFUSED(t.head.map_offset = 1, CAPLOG_EINVAL, "cap map");
	REFUSED(t.head.map_count--, CAPLOG_EINVAL, "cap map");
	REFUSED(t.head.epoch_address = 3, CAPLOG_EINVAL, "cap map");
	REFUSED(t.head.map_address = ~(uint64_t)1, CAPLOG_EINVAL, "cap map");
	REFUSED(t.head.holders_count = ~0u, CAPLOG_EINVAL, "cap map");
}

/* A name that the head has no room for */
static void t_long_name(const char *name)
{
	memcpy(t.head.name, name, sizeof t.head.name - 1);
	t.name = name;
}

static void test_long_name(void **state)
{
	static const char name[] = "test-with-a-name-of-sixty-three-characters-which-is-the-longest";
	struct caplog_diag diag = { 0, "" };

	(void)state;
	t_valid();
	t_long_name(name);
	assert_int_equal(strlen(name), CAPLOG_TARGET_NAME - 1);
	if (t_load(&diag))
		fail_msg("%s", diag.text);
	REFUSED(t_long_name("test-with-a-name-of-sixty-four-characters-which-is-one-too-many-"),
	        CAPLOG_EINVAL, "length of its name");
	REFUSED(t_long_name("fifteen-letters"), CAPLOG_EINVAL, "length of its name");
	REFUSED((t_long_name(name), t.head.name[3] = 'x'), CAPLOG_EINVAL, "name, of length");
}

static void test_slots_and_threads(void **state)
{
	const struct caplog_flavour *f = caplog_flavours(NULL);

	(void)state;
	REFUSED(t.slot[1].slot = t.slot[0].slot, CAPLOG_EINVAL, "repeated slot 0x200");
	REFUSED(t.slot[1].slot = (uint16_t)f->slot_count, CAPLOG_EINVAL, "0x1000");
	REFUSED(t.slot[1].kind = 0x40, CAPLOG_EINVAL, "record of slot 0x201");
	REFUSED(t.slot[1].kind = CAPLOG_EMPTY, CAPLOG_EINVAL, "record of slot 0x201");
	REFUSED(t.slot[1].badge = 1u << f->badge_bits, CAPLOG_EINVAL, "record of slot 0x201");
	REFUSED(t.slot[1].other = (uint16_t)f->slot_count, CAPLOG_EINVAL, "record of slot 0x201");
	REFUSED(t.slot[1].stale = 2, CAPLOG_EINVAL, "record of slot 0x201");
	REFUSED(t.slot[1].from = CAPLOG_FROM_COUNT, CAPLOG_EINVAL, "record of slot 0x201");
	REFUSED(t.slot[1].target = 1, CAPLOG_EINVAL, "record of slot 0x201");
	REFUSED(t.thread[1].slot++, CAPLOG_EINVAL, "thread in slot 0xd");
	REFUSED(t.thread[1].slot = t.thread[0].slot, CAPLOG_EINVAL, "thread in slot 0x9");
	REFUSED(t.more_threads = f->threads - 1, CAPLOG_EINVAL, "threads, or too many");
	REFUSED(t.thread[1].state = CAPLOG_THREAD_STATES, CAPLOG_EINVAL, "thread in slot 0xc");
}

/* A kind of another platform, or of no platform, is refused by its name */
static void test_kinds(void **state)
{
	(void)state;
	REFUSED(t.line[1].kind = CAPLOG_OBJECT_ROM, CAPLOG_ENOTSUP, "\"PD\" (ROM session");
	REFUSED(t.line[1].kind = CAPLOG_OBJECT_UNKNOWN, CAPLOG_ENOTSUP, "unknown object");
	REFUSED(t.line[1].kind = CAPLOG_OBJECT_FOREIGN_REGION, CAPLOG_ENOTSUP, "foreign memory");
	REFUSED(t.line[1].kind = CAPLOG_OBJECT_NUMBERS - 1, CAPLOG_EINVAL, "ledger line 0x2");
	REFUSED(t.line[1].kind = UINT32_MAX, CAPLOG_EINVAL, "ledger line 0x2");
	REFUSED(t.line[1].id = 1, CAPLOG_EINVAL, "ledger line 0x1");
	REFUSED(t.line[1].id = 0, CAPLOG_EINVAL, "ledger line 0x0");
	REFUSED(t.more_lines = CAPLOG_LEDGER_MAX - LINES + 2, CAPLOG_EINVAL, "too long");
	REFUSED(t.line[LINES - 2].id = UINT32_MAX, CAPLOG_EINVAL, "ledger line 0xffffffff");
}

static void test_words(void **state)
{
	(void)state;
	REFUSED(t_find(CAPLOG_OBJECT_REGION)->region.map = CAPLOG_MAPS, CAPLOG_EINVAL, "\"region\"");
	REFUSED(t_find(CAPLOG_OBJECT_REGION)->region.executable = 2, CAPLOG_EINVAL, "\"region\"");
	REFUSED(t_find(CAPLOG_OBJECT_REGION)->region.dataspace = 2, CAPLOG_EINVAL, "\"region\"");
	REFUSED(t_find(CAPLOG_OBJECT_REGION)->region.dataspace = 99, CAPLOG_EINVAL, "\"region\"");
	REFUSED(t_find(CAPLOG_OBJECT_THREAD)->thread.slot++, CAPLOG_EINVAL, "\"main\"");
	REFUSED(t_find(CAPLOG_OBJECT_GATE)->gate.entrypoint |= (uint64_t)1 << 32, CAPLOG_EINVAL,
	        "\"root\"");
	REFUSED(t_find(CAPLOG_OBJECT_SERVICE)->service.gate = 2, CAPLOG_EINVAL, "\"service\"");
	REFUSED(t_find(CAPLOG_OBJECT_SERVICE)->service.gate = 7, CAPLOG_EINVAL, "\"service\"");
	REFUSED(t_find(CAPLOG_OBJECT_SEMAPHORE)->semaphore.source = 0, CAPLOG_EINVAL, "\"semaphore\"");
	REFUSED(t_find(CAPLOG_OBJECT_CONTEXT)->context.source = 10, CAPLOG_EINVAL, "\"context\"");
	REFUSED(t_find(CAPLOG_OBJECT_LOG_DS)->log_ds.size = 0, CAPLOG_EINVAL, "\"log\"");
}

static void test_what_objects_carry(void **state)
{
	(void)state;
	REFUSED(t.state[1].object = 1, CAPLOG_EINVAL, "state of ledger line 0x1");
	REFUSED(t.state[0].object = 3, CAPLOG_EINVAL, "state of ledger line 0x3");
	REFUSED(t.state[0].object = 99, CAPLOG_EINVAL, "state of ledger line 0x63");
	REFUSED(memset(t.state[1].state.args, 'x', sizeof t.state[1].state.args), CAPLOG_EINVAL,
	        "state of ledger line 0x2");
	REFUSED(t.pending[1].object = 10, CAPLOG_EINVAL, "state of ledger line 0xa");
	REFUSED(t.pending[0].object = 2, CAPLOG_EINVAL, "state of ledger line 0x2");
	REFUSED(t.memory.object = 2, CAPLOG_EINVAL, "state of ledger line 0x2");
	REFUSED(t.memory.size -= 8, CAPLOG_EINVAL, "size of ledger line 0x3");
	REFUSED(t.memory.size++, CAPLOG_EINVAL, "size of ledger line 0x3");
	REFUSED(t.memory.size = 0, CAPLOG_EINVAL, "size of ledger line 0x3");
	REFUSED(t.memory.size = 8 * CAPLOG_IMAGE_PAGE, CAPLOG_EINVAL, "size of ledger line 0x3");
	REFUSED(t_find(CAPLOG_OBJECT_LOG_DS)->log_ds.size++, CAPLOG_EINVAL, "size of ledger line 0x3");
	REFUSED(t.pieces = 0, CAPLOG_EINVAL, "0 pieces of memory for 1");
	REFUSED(t.pieces = 2, CAPLOG_EINVAL, "state of ledger line 0x3");
	REFUSED(t_find(CAPLOG_OBJECT_LOG_DS)->kind = CAPLOG_OBJECT_DATASPACE, CAPLOG_EINVAL, "no log");
}

/* A session at a sibling that the image does not have */
static void test_peers(void **state)
{
	struct caplog_object *peer;

	(void)state;
	t_valid();
	t.platform = CAPLOG_PLATFORM_GENODE;
	peer = t_find(CAPLOG_OBJECT_PD);
	peer->kind = CAPLOG_OBJECT_PEER;
	t.state[1].object = 1;
	peer->peer.server = 1;
	t_refused(CAPLOG_EINVAL, "(session at a sibling, ledger line 2)");
}

/* Words of kinds that only Genode has */
static void test_words_of_genode(void **state)
{
	static const uint32_t kinds[] = { CAPLOG_OBJECT_REGION_MAP, CAPLOG_OBJECT_REGION_MAP_DS,
	                                  CAPLOG_OBJECT_ROM_DS };
	union caplog_words all_set;

	(void)state;
	memset(&all_set, 0xff, sizeof all_set);
	for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		t_valid();
		t.platform = CAPLOG_PLATFORM_GENODE;
		struct caplog_object *o = t_find(CAPLOG_OBJECT_PD);

		o->words = all_set;
		o->kind = kinds[i];
		t_refused(CAPLOG_EINVAL, "ledger line 2");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_chunks_that_are_missing),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_slots_and_threads),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_what_objects_carry),
		cmocka_unit_test(test_peers),
		cmocka_unit_test(test_words_of_genode),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
