/* SPDX-License-Identifier: BSD-2-Clause */
/* Sources: what each slot holds, asked of a kernel that the test makes up */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "source.h"

enum { GROUP = 8, FIRST = 0x300 };

/* What the kernel has in a slot: a line of a component; id 0: something unknown */
struct t_held { int filled; uint32_t owner; uint32_t id; };

static struct t_world {
	struct caplog_target *target[GROUP];
	struct t_held         held[GROUP][CAPLOG_SLOTS_MAX];
	struct caplog_platform p;
	unsigned              calls, questions; /* slots that were asked for */
} t;

static uint32_t t_index(const void *handle)
{
	return (uint32_t)((struct caplog_target *const *)handle - t.target);
}

static uint64_t t_look(void *ctx, void *target, uint32_t first, uint64_t ask,
                       const struct caplog_owned *what, uint64_t *same)
{
	uint64_t used = 0;

	(void)ctx;
	*same = 0;
	assert_int_equal(first % CAPLOG_BATCH, 0);
	assert_int_not_equal(ask, 0);
	t.calls++;
	for (uint32_t n = 0; n < CAPLOG_BATCH; n++) {
		const struct t_held *h = &t.held[t_index(target)][first + n];

		if (!(ask >> n & 1))
			continue;
		t.questions++;
		used |= (uint64_t)(h->filled != 0) << n;
		if (h->filled && what[n].object && h->owner == t_index(what[n].owner) &&
		    h->id == what[n].object->id)
			*same |= 1ull << n;
	}
	return used;
}

static void t_begin(void)
{
	memset(&t, 0, sizeof t);
	t.p.look = t_look;
	for (uint32_t i = 0; i < GROUP; i++) {
		struct caplog_target *target = t.target[i] = calloc(1, sizeof *target);

		assert_non_null(target);
		target->handle = &t.target[i];
		caplog_ledger_init(&target->ledger);
		caplog_space_init(&target->space, caplog_flavours(NULL), 8);
		target->reader.header.table_count = CAPLOG_SLOTS_MAX;
		caplog_sources_forget(target);
	}
}

static void t_end(void)
{
	for (uint32_t i = 0; i < GROUP; i++)
		free(t.target[i]);
}

static struct caplog_object *t_line(uint32_t i, uint32_t id)
{
	struct caplog_object *o = caplog_ledger_by_id(&t.target[i]->ledger, id);

	assert_non_null(o);
	return o;
}

/* The log reports an object in a slot, and the kernel has it there */
static void t_put(uint32_t i, uint32_t slot, uint32_t kind, uint32_t owner, uint32_t id)
{
	struct caplog_target *target = t.target[i];
	struct t_held const held = { 1, owner, id };
	struct caplog_cap *c = &target->space.cap[slot];

	t.held[i][slot] = held;
	c->kind = (uint8_t)kind;
	c->badge = t_line(owner, id)->badge;
	c->version += 1 << 8;
	target->space.changed[slot / 32] |= 1u << slot % 32;
}

static int t_update(uint32_t i, struct caplog_diag *diag)
{
	return caplog_sources_update(&t.p, t.target, GROUP, t.target[i], diag);
}

static void t_is(uint32_t i, uint32_t slot, uint32_t from, uint32_t target, uint32_t source)
{
	const struct caplog_image_slot *s = &t.target[i]->slot[slot];

	assert_int_equal(s->from, from);
	assert_int_equal(s->target, target);
	assert_int_equal(s->source, source);
}

/* The kernel has nothing in the slot any more, and no event of it */
static void t_vanishes(uint32_t i, uint32_t slot)
{
	t.held[i][slot].filled = 0;
}

static uint32_t t_give(uint32_t i, uint32_t kind, uint32_t badge, const union caplog_words *words)
{
	return caplog_ledger_give(&t.target[i]->ledger, kind, badge, words, "given");
}

static void t_refused(uint32_t i, int err, const char *says)
{
	struct caplog_diag diag = { 0, "" };

	assert_int_equal(t_update(i, &diag), err);
	if (!strstr(diag.text, says))
		fail_msg("\"%s\" does not say \"%s\"", diag.text, says);
}

/* An object that went left no event: who held it is asked again */
static void test_gone(void **state)
{
	(void)state;
	for (uint32_t many = 0; many < 2; many++) {
		t_begin();
		uint32_t const id = t_give(0, CAPLOG_OBJECT_PD, 8, NULL);
		t_put(0, FIRST, CAPLOG_RECEIVED, 0, id);
		t_put(0, FIRST + 1, CAPLOG_THREAD, 0, id);
		assert_int_equal(t_update(0, NULL), 0);
		t_is(0, FIRST, CAPLOG_FROM_LEDGER, 0, id);
		t_is(0, FIRST + 1, CAPLOG_FROM_NOWHERE, 0, 0);
		t_vanishes(0, FIRST);
		t_vanishes(0, FIRST + 1);
		caplog_ledger_drop(&t.target[0]->ledger, t_line(0, id));
		/* more than are remembered: then all slots are asked */
		for (uint32_t n = 0; many && n < CAPLOG_GONE_KEPT + 1; n++)
			caplog_ledger_drop(&t.target[0]->ledger,
			                   t_line(0, t_give(0, CAPLOG_OBJECT_PD, 12, NULL)));
		assert_int_equal(t_update(0, NULL), 0);
		t_is(0, FIRST, CAPLOG_FROM_DEAD, 0, 0);
		t_is(0, FIRST + 1, CAPLOG_FROM_DEAD, 0, 0);
		/* once: nothing is left to look at */
		for (unsigned w = 0; w < CAPLOG_SLOTS_MAX / 32; w++)
			assert_int_equal(t.target[0]->space.changed[w], 0);
		t.questions = 0;
		t.target[0]->thread_gate[(FIRST + 1) / 32] |= 1u << (FIRST + 1) % 32;
		assert_int_equal(t_update(0, NULL), 0);
		assert_int_equal(t.questions, 0);
		t_end();
	}
}

/* A sibling's object may go, or be about to, without an event here */
static void test_objects_of_siblings(void **state)
{
	(void)state;
	t_begin();
	uint32_t const id = t_give(3, CAPLOG_OBJECT_GATE, 8, NULL);
	t_put(3, FIRST, CAPLOG_RPC, 3, id);
	t_put(0, FIRST, CAPLOG_RECEIVED, 3, id);
	assert_int_equal(t_update(3, NULL), 0);
	assert_int_equal(t_update(0, NULL), 0);
	t_is(0, FIRST, CAPLOG_FROM_TARGET, 3, id);
	/* the log of its owner reports that it frees it */
	t.target[3]->space.cap[FIRST].kind = CAPLOG_TOMBSTONE;
	t.target[3]->space.cap[FIRST].version += 1 << 8;
	t.target[3]->space.changed[FIRST / 32] |= 1u << FIRST % 32;
	assert_int_equal(t_update(3, NULL), 0);
	assert_int_equal(caplog_being_freed(t.target[3], t_line(3, id)), 1);
	assert_int_equal(t_update(0, NULL), 0);
	t_is(0, FIRST, CAPLOG_FROM_DEAD, 0, 0);
	t_end();

	t_begin();
	assert_int_equal(t_give(3, CAPLOG_OBJECT_GATE, 8, NULL), 1);
	t_put(0, FIRST, CAPLOG_RECEIVED, 3, 1);
	assert_int_equal(t_update(0, NULL), 0);
	t_vanishes(0, FIRST);
	assert_int_equal(t_update(0, NULL), 0);
	t_is(0, FIRST, CAPLOG_FROM_DEAD, 0, 0);
	t_end();
}

/* An RPC object that its owner frees is not recreated: the image has no line of it */
static void test_being_freed_is_not_saved(void **state)
{
	static _Alignas(8) uint8_t bytes[4096];
	struct caplog_image image;
	uint64_t size = 0;

	(void)state;
	t_begin();
	uint32_t const freed = t_give(0, CAPLOG_OBJECT_GATE, 8, NULL);
	uint32_t const kept = t_give(0, CAPLOG_OBJECT_GATE, 12, NULL);
	t_put(0, FIRST, CAPLOG_TOMBSTONE, 0, freed);
	t.target[0]->changes = t.target[0]->ledger.changes;
	t.p.number = CAPLOG_PLATFORM_HOSTED;
	caplog_image_begin(&image, bytes, sizeof bytes);
	assert_int_equal(caplog_save(&t.p, t.target, 1, &image, NULL), 0);
	const struct caplog_object *o =
		caplog_image_find(bytes, CAPLOG_CHUNK_OBJECTS, 0, sizeof *o, &size);
	assert_int_equal(size, sizeof *o);
	assert_int_equal(o->id, kept);
	t_end();
}

static void test_refused(void **state)
{
	union caplog_words const gate = { .gate = { 0x9 } };

	(void)state;
	t_begin();
	t_put(0, FIRST, CAPLOG_RECEIVED, 0, t_give(0, CAPLOG_OBJECT_PD, 8, NULL));
	t.target[0]->reader.header.table_count = FIRST;
	t_refused(0, CAPLOG_EOVERFLOW, "slot 0x300 lies beyond the log's table");
	t.target[0]->reader.header.table_count = FIRST + 1;
	t_refused(0, 0, "");
	/* the log says that its own RPC object has another entrypoint */
	t_put(0, FIRST, CAPLOG_RPC, 0, t_give(0, CAPLOG_OBJECT_GATE, 12, &gate));
	t.target[0]->space.cap[FIRST].other = 0xc;
	t_refused(0, CAPLOG_EACCES, "entrypoint 0xc");
	/* a badge of its own, another object in the slot */
	t_put(0, FIRST, CAPLOG_RECEIVED, 0, 1);
	t.held[0][FIRST].id = 2;
	t_refused(0, CAPLOG_EACCES, "another object is in the slot");
	/* it is no better the second time */
	t_refused(0, CAPLOG_EACCES, "another object is in the slot");
	/* an RPC object of its own that is a sibling's */
	t_put(0, FIRST, CAPLOG_RPC, 1, t_give(1, CAPLOG_OBJECT_GATE, 44, &gate));
	t_refused(0, CAPLOG_EACCES, "names nothing that the component was given");
	t_end();
}

/* However many objects a component was given, a slot names the one that it holds */
static void test_large_ids(void **state)
{
	static const uint32_t ids[] = { 1, (1u << 28) - 1, 1u << 28, 3u << 28 | 5, UINT32_MAX - 1 };

	(void)state;
	t_begin();
	for (uint32_t n = 0; n < 5; n++) {
		t.target[7]->ledger.next_id = ids[n];
		assert_int_equal(caplog_ledger_give(&t.target[7]->ledger, CAPLOG_OBJECT_GATE, 4 * n + 8,
		                                    NULL, "gate"), ids[n]);
		t_put(0, FIRST + n, CAPLOG_RECEIVED, 7, ids[n]);
		t_put(7, FIRST + n, CAPLOG_RECEIVED, 7, ids[n]);
	}
	assert_int_equal(t_update(0, NULL), 0);
	assert_int_equal(t_update(7, NULL), 0);
	for (uint32_t n = 0; n < 5; n++) {
		t_is(0, FIRST + n, CAPLOG_FROM_TARGET, 7, ids[n]);
		t_is(7, FIRST + n, CAPLOG_FROM_LEDGER, 0, ids[n]);
	}
	t_end();
}

/*
 * What source.h promises and does not: a first look asks for each slot, and a
 * swap past the base library fails there; later it is not seen, and the slot is
 * recorded as the log reports it, with an object that the component was given
 */
static void test_swap_without_an_event(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct t_held held;

	(void)state;
	for (unsigned later = 0; later < 2; later++) {
		t_begin();
		for (uint32_t n = 0; n < 100; n++) {
			uint32_t const id = caplog_ledger_give(&t.target[0]->ledger, CAPLOG_OBJECT_PD,
			                                       4 * n + 8, NULL, "PD");
			t_put(0, FIRST + n, CAPLOG_RECEIVED, 0, id);
		}
		if (later) {
			assert_int_equal(t_update(0, NULL), 0);
			assert_int_equal(t.questions, 100);
		}
		held = t.held[0][FIRST];
		t.held[0][FIRST] = t.held[0][FIRST + 1];
		t.held[0][FIRST + 1] = held;
		t.questions = 0;
		assert_int_equal(t_update(0, &diag), later ? 0 : CAPLOG_EACCES);
		if (later) {
			assert_int_equal(t.questions, 0);
			t_is(0, FIRST, CAPLOG_FROM_LEDGER, 0, 1);
			t_is(0, FIRST + 1, CAPLOG_FROM_LEDGER, 0, 2);
			/* the next log begins: everything is asked again */
			caplog_sources_forget(t.target[0]);
			assert_int_equal(t_update(0, &diag), CAPLOG_EACCES);
		}
		assert_non_null(strstr(diag.text, "another object is in the slot"));
		t_end();
	}
}

/* Badges of siblings are as each of them was told: two may have one for different objects */
static void test_siblings_with_one_badge(void **state)
{
	union caplog_words const w = { { 0 } };
	struct caplog_diag diag = { 0, "" };

	(void)state;
	for (uint32_t owner = 1; owner < 4; owner++) {
		uint32_t id[4];

		t_begin();
		for (uint32_t i = 1; i < 4; i++)
			id[i] = caplog_ledger_give(&t.target[i]->ledger, CAPLOG_OBJECT_PD, 24, &w, "same");
		t_put(0, FIRST, CAPLOG_RECEIVED, owner, id[owner]);
		if (t_update(0, &diag))
			fail_msg("%s", diag.text);
		t_is(0, FIRST, CAPLOG_FROM_TARGET, owner, id[owner]);
		/* and what none of them has */
		t.held[0][FIRST].id = 77;
		t.target[0]->space.cap[FIRST].version += 1 << 8;
		t.target[0]->space.changed[FIRST / 32] |= 1u << FIRST % 32;
		assert_int_equal(t_update(0, &diag), CAPLOG_EACCES);
		t_end();
	}
}

/* Slots that chains hold, each slot of a living line once */
static uint32_t t_chained(uint32_t i)
{
	const struct caplog_target *target = t.target[i];
	uint32_t count = 0;

	for (uint32_t first = 0; first < CAPLOG_SOURCES; first++)
		for (uint32_t slot = target->by_source[first]; slot != CAPLOG_NO_SLOT && count < CAPLOG_SLOTS_MAX;
		     slot = target->same_source[slot])
			count++;
	return count;
}

static void test_looked_at_again(void **state)
{
	union caplog_words const w = { { 0 } };
	struct caplog_diag diag = { 0, "" };

	(void)state;
	t_begin();
	uint32_t const one = caplog_ledger_give(&t.target[0]->ledger, CAPLOG_OBJECT_PD, 8, &w, "one");
	uint32_t const two = caplog_ledger_give(&t.target[0]->ledger, CAPLOG_OBJECT_CPU, 16, &w, "two");

	for (unsigned turn = 0; turn < 5; turn++) {
		t_put(0, FIRST, CAPLOG_RECEIVED, 0, turn % 3 ? one : two);
		t_put(0, FIRST + 1, CAPLOG_RECEIVED, 0, one);
		if (t_update(0, &diag))
			fail_msg("%s", diag.text);
		t_is(0, FIRST, CAPLOG_FROM_LEDGER, 0, turn % 3 ? one : two);
		assert_int_equal(t_chained(0), 2);
	}
	t_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_objects_of_siblings),
		cmocka_unit_test(test_being_freed_is_not_saved),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_large_ids),
		cmocka_unit_test(test_swap_without_an_event),
		cmocka_unit_test(test_siblings_with_one_badge),
		cmocka_unit_test(test_looked_at_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
