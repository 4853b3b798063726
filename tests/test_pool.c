/* SPDX-License-Identifier: BSD-2-Clause */
/* The flat object pool against a list */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include <caplog/pool.h>

#include "t_compare.h"
#include "t_random.h"

enum { SLOTS = 4096, BUCKETS = 2048, POOLS = 3, OBJECTS = 6000 };

static CAPLOG_MAP_STORAGE(SLOTS, BUCKETS) storage;

struct object {
	int in;                       /* number of its pool plus 1, 0: in none */
	struct caplog_pool_node node; /* not the first member                  */
};

static struct {
	struct caplog_map  map;
	struct caplog_pool pool[POOLS];
	struct object      object[OBJECTS];
	struct t_random    r;
	uint32_t           objects;
} t;

static void begin(const char *name, uint32_t objects)
{
	memset(&t, 0, sizeof t);
	memset(&storage, 0, sizeof storage);
	t.r = t_seed(name);
	t.objects = objects;
	CAPLOG_MAP_BIND(&t.map, &storage);
	caplog_map_init(&t.map, SLOTS, 0x200, BUCKETS, NULL);
	for (uint32_t i = 0; i < SLOTS; i++)
		t.map.badge[i] = (uint16_t)(8 * (i + 1));
	for (unsigned p = 0; p < POOLS; p++)
		caplog_pool_init(&t.pool[p], &t.map);
	memset(t.object, 0x5a, sizeof t.object); /* nodes need no initialisation */
	for (uint32_t i = 0; i < OBJECTS; i++)
		t.object[i].in = 0;
}

static uint32_t badge_of(const struct object *o)
{
	return o->node.slot < SLOTS ? t.map.badge[o->node.slot] : 0;
}

static struct object *object_of(struct caplog_pool_node *n)
{
	return (struct object *)(void *)((char *)n - offsetof(struct object, node));
}

static void check_find(int p, uint32_t badge)
{
	struct caplog_pool_node *n = caplog_pool_find(&t.pool[p], badge);

	if (n) {
		assert_int_equal(object_of(n)->in, p + 1);
		assert_int_equal(badge_of(object_of(n)), badge);
		return;
	}
	for (uint32_t i = 0; i < t.objects; i++)
		if (t.object[i].in == p + 1 && badge_of(&t.object[i]) == badge)
			fail_msg("pool %d does not find badge 0x%x, which object %u has", p, badge, i);
}

/* Longest path from the root */
static uint32_t depth(const struct caplog_pool_node *n)
{
	uint32_t most = 0;

	for (unsigned i = 0; n && i < 4; i++)
		if (n->child[i]) {
			uint32_t const d = depth(n->child[i]);
			most = d > most ? d : most;
		}
	return n ? most + 1 : 0;
}

static void check_all(void)
{
	uint32_t count[POOLS] = { 0 };

	for (uint32_t i = 0; i < t.objects; i++)
		if (t.object[i].in) {
			count[t.object[i].in - 1]++;
			check_find(t.object[i].in - 1, badge_of(&t.object[i]));
		}
	for (int p = 0; p < POOLS; p++) {
		assert_int_equal(caplog_pool_first(&t.pool[p]) != NULL, count[p] != 0);
		check_find(p, 0);
		check_find(p, 0xffff);
		check_find(p, 0x10008);
	}
}

/* Slot of an object: few share one, some objects have no capability */
static uint32_t some_slot(uint32_t slots)
{
	uint32_t const p = t_below(&t.r, 100);

	if (p < 1)
		return CAPLOG_NONE;
	return p < 2 ? SLOTS + t_below(&t.r, 9) : t_below(&t.r, slots);
}

static void insert_or_remove(struct object *o, uint32_t slots)
{
	int const p = (int)t_below(&t.r, POOLS);

	if (o->in) {
		int const from = t_chance(&t.r, 90) ? o->in - 1 : p;

		assert_int_equal(caplog_pool_remove(&t.pool[from], &o->node),
		                 from == o->in - 1 ? 0 : -ENOENT);
		if (from == o->in - 1)
			o->in = 0;
		return;
	}
	assert_int_equal(caplog_pool_remove(&t.pool[p], &o->node), -ENOENT);
	o->node.slot = some_slot(slots);
	caplog_pool_insert(&t.pool[p], &o->node);
	o->in = p + 1;
}

/* A restore: other badges in the map, whichever, also the same one for many */
static void rewrite_badges(void)
{
	uint32_t const multiplier = 1 + 2 * t_below(&t.r, 2000);

	for (uint32_t i = 0; i < SLOTS; i++)
		if (t_chance(&t.r, 70))
			t.map.badge[i] = (uint16_t)(t_chance(&t.r, 5) ? 0x1002
			                            : 4 * (1 + (i * multiplier) % 0x3ffe));
	t.map.epoch++;
}

static void run(const char *name, uint32_t objects, uint32_t slots, uint64_t turns,
                uint32_t rewritings)
{
	uint64_t const n = t_turns(turns);

	begin(name, objects);
	for (uint64_t i = 0; i < n; i++) {
		insert_or_remove(&t.object[t_below(&t.r, objects)], slots);
		if (t_below(&t.r, 4) == 0)
			check_find((int)t_below(&t.r, POOLS), 4 * t_below(&t.r, 0x4000));
		if (rewritings && t_below(&t.r, (uint32_t)(n / rewritings) + 1) == 0)
			rewrite_badges();
		if (t_below(&t.r, (uint32_t)(n / 20) + 1) == 0)
			check_all();
	}
	check_all();
}

static void test_random(void **state)
{
	(void)state;
	run("few objects", 20, 12, 400000, 2000);
	run("thousands", 6000, SLOTS, 100000, 0);
	run("thousands, rewritten", 3000, SLOTS, 50000, 100);
	run("many of one badge", 600, 5, 50000, 50);
}

/* Each pool notices a rewriting by itself, whatever it is asked first */
static void test_first_call_after_rewriting(void **state)
{
	(void)state;
	begin("first call after rewriting", 400);
	for (unsigned turn = 0; turn < t_turns(500); turn++) {
		for (uint32_t i = 0; i < 400; i++)
			insert_or_remove(&t.object[i], SLOTS);
		rewrite_badges();
		if (t_chance(&t.r, 50))
			rewrite_badges();
		for (int p = 0; p < POOLS; p++) {
			struct object *o = &t.object[t_below(&t.r, 400)];

			switch (t_below(&t.r, 3)) {
			case 0: check_find(p, badge_of(o)); break;
			case 1: insert_or_remove(o, SLOTS); break;
			default:
				if (o->in)
					assert_int_equal(caplog_pool_remove(&t.pool[o->in - 1], &o->node), 0);
				o->in = 0;
			}
		}
		check_all();
	}
}

/* Different badges never make the tree deeper than the hash has digits */
static void test_depth(void **state)
{
	(void)state;
	begin("depth", SLOTS);
	for (uint32_t turn = 0; turn < 20; turn++) {
		uint32_t const multiplier = 1 + 2 * t_below(&t.r, 8000);

		for (uint32_t i = 0; i < SLOTS; i++)
			t.map.badge[i] = (uint16_t)(turn & 1 ? 4 * (1 + ((i * multiplier) & 0xfff)) : 8 * (i + 1));
		t.map.epoch++;
		for (uint32_t i = 0; i < SLOTS; i++) {
			struct object *o = &t.object[i];
			if (o->in)
				continue;
			o->node.slot = i;
			caplog_pool_insert(&t.pool[0], &o->node);
			o->in = 1;
		}
		check_find(0, 8);
		t_compare(depth(t.pool[0].root), <=, 17);
	}
}

/* remove_all: take any until there is none */
static void test_remove_all(void **state)
{
	struct caplog_pool_node *n;
	uint32_t left = 0;

	(void)state;
	begin("remove all", 2000);
	for (uint32_t i = 0; i < 2000; i++) {
		insert_or_remove(&t.object[i], SLOTS);
		left += t.object[i].in == 1;
	}
	while ((n = caplog_pool_first(&t.pool[0]))) {
		assert_int_equal(caplog_pool_remove(&t.pool[0], n), 0);
		assert_int_equal(object_of(n)->in, 1);
		object_of(n)->in = 0;
		assert_int_equal(caplog_pool_remove(&t.pool[0], n), -ENOENT);
		left--;
		if (left % 500 == 0)
			rewrite_badges();
	}
	assert_int_equal(left, 0);
	check_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_first_call_after_rewriting),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_remove_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
