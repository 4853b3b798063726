/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory regions: address to dataspace, through nested region maps, and back */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <caplog/diag.h>

#include "regions.h"
#include "t_compare.h"
#include "t_random.h"

/* A search asks for the regions of each of three kinds in each map that it comes to */
enum { PAGE = 4096, LOOKS_MAX = 3 * CAPLOG_MAPS };

static unsigned looks, looks_max = ~0u;

struct caplog_object *__real_caplog_ledger_first(struct caplog_ledger *l, uint32_t kind);
struct caplog_object *__wrap_caplog_ledger_first(struct caplog_ledger *l, uint32_t kind);

struct caplog_object *__wrap_caplog_ledger_first(struct caplog_ledger *l, uint32_t kind)
{
	looks++;
	t_compare(looks, <=, looks_max);
	return __real_caplog_ledger_first(l, kind);
}

static struct caplog_ledger *t_ledger(void)
{
	struct caplog_ledger *l = calloc(1, sizeof *l);

	assert_non_null(l);
	caplog_ledger_init(l);
	return l;
}

static struct caplog_object *t_dataspace(struct caplog_ledger *l, uint64_t size)
{
	union caplog_words const w = { .dataspace = { size, 0 } };

	return caplog_ledger_by_id(l, caplog_ledger_give(l, CAPLOG_OBJECT_DATASPACE, 4 * l->next_id,
	                                                 &w, "ram"));
}

static struct caplog_object *t_map(struct caplog_ledger *l, uint64_t map)
{
	union caplog_words const w = { .region_map_ds = { map } };

	return caplog_ledger_by_id(l, caplog_ledger_give(l, CAPLOG_OBJECT_REGION_MAP_DS,
	                                                 4 * l->next_id, &w, "map"));
}

static int t_find(struct caplog_ledger *l, uint64_t address, uint64_t size,
                  struct caplog_place *place)
{
	looks = 0;
	looks_max = LOOKS_MAX;

	int const err = caplog_region_find(l, address, size, place);
	looks_max = ~0u;
	return err;
}

static void t_found(struct caplog_ledger *l, uint64_t address, uint64_t size,
                    const struct caplog_object *ds, uint64_t offset)
{
	struct caplog_place place;
	int const err = t_find(l, address, size, &place);

	if (err)
		fail_msg("nothing found at %llx: %d", (unsigned long long)address, err);
	assert_ptr_equal(place.dataspace, ds);
	assert_int_equal(place.offset, offset);
}

static void t_not_found(struct caplog_ledger *l, uint64_t address, uint64_t size, int err)
{
	struct caplog_place place;

	assert_int_equal(t_find(l, address, size, &place), err);
}

static void test_edges(void **state)
{
	struct caplog_ledger *l = t_ledger();
	struct caplog_object *ds = t_dataspace(l, 4 * PAGE);

	(void)state;
	/* two pages of the dataspace, from its second */
	caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, 0x10000, 2 * PAGE - 5, ds, PAGE, 0);
	t_found(l, 0x10000, 2 * PAGE, ds, PAGE);
	t_found(l, 0x11fff, 1, ds, 3 * PAGE - 1);
	t_not_found(l, 0xffff, 1, CAPLOG_ENOENT);
	t_not_found(l, 0xffff, 2, CAPLOG_ENOENT);
	t_not_found(l, 0x11fff, 2, CAPLOG_ENOENT);
	t_not_found(l, 0x12000, 1, CAPLOG_ENOENT);
	t_not_found(l, 0x10000, ~(uint64_t)0, CAPLOG_ENOENT);
	t_not_found(l, ~(uint64_t)0, 1, CAPLOG_ENOENT);
	assert_int_equal(caplog_region_address(l, ds), 0); /* not its first byte */
	free(l);
}

/* A region may be larger than what it shows, and stand at the end of all addresses */
static void test_numbers_that_wrap(void **state)
{
	struct caplog_ledger *l = t_ledger();
	struct caplog_object *ds = t_dataspace(l, PAGE);

	(void)state;
	caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, ~(uint64_t)0 - PAGE + 1, PAGE, ds, 0, 0);
	t_found(l, ~(uint64_t)0, 1, ds, PAGE - 1);
	t_not_found(l, 0, 1, CAPLOG_ENOENT);
	caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, 0x10000, 8 * PAGE, ds, ~(uint64_t)0 - 2, 0);
	t_not_found(l, 0x10000, 1, CAPLOG_ENOENT);
	t_not_found(l, 0x10004, 1, CAPLOG_ENOENT); /* offset wraps to 1 */
	caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, 0x40000, 2 * PAGE, ds, 0, 0);
	t_not_found(l, 0x40000 + PAGE, 1, CAPLOG_ENOENT); /* beyond the dataspace */
	free(l);
}

static void test_nested_maps(void **state)
{
	struct caplog_ledger *l = t_ledger();
	struct caplog_object *stack = t_map(l, CAPLOG_MAP_STACK_AREA);
	struct caplog_object *linker = t_map(l, CAPLOG_MAP_LINKER_AREA), *ds = t_dataspace(l, PAGE);

	(void)state;
	caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, 0x40000000, 0x10000000, stack, 0, 0);
	caplog_region_add(l, CAPLOG_MAP_STACK_AREA, 0x100000, PAGE, ds, 0, 0);
	t_found(l, 0x40100010, 16, ds, 0x10);
	t_not_found(l, 0x40000000, 16, CAPLOG_ENOENT);
	/* and one more level */
	caplog_region_add(l, CAPLOG_MAP_STACK_AREA, 0x200000, 0x100000, linker, 0, 0);
	caplog_region_add(l, CAPLOG_MAP_LINKER_AREA, 0x3000, PAGE, ds, 0, 1);
	t_found(l, 0x40203008, 8, ds, 8);
	assert_int_equal(caplog_region_address(l, ds), 0); /* only in nested ones */
	assert_int_equal(caplog_region_address(l, stack), 0x40000000);
	free(l);
}

/* A map that leads back into itself ends the search after a few turns, and not after 2^31 */
static void test_map_in_itself(void **state)
{
	struct caplog_ledger *l = t_ledger();
	struct caplog_object *stack = t_map(l, CAPLOG_MAP_STACK_AREA);
	struct caplog_object *linker = t_map(l, CAPLOG_MAP_LINKER_AREA);

	(void)state;
	caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, 0, 0x10000000, stack, 0, 0);
	caplog_region_add(l, CAPLOG_MAP_STACK_AREA, 0, 0x10000000, stack, 0, 0);
	t_not_found(l, 0x1000, 1, CAPLOG_EINVAL);
	caplog_region_detach(l, CAPLOG_MAP_STACK_AREA, 0);
	caplog_region_add(l, CAPLOG_MAP_STACK_AREA, 0, 0x10000000, linker, 0, 0);
	caplog_region_add(l, CAPLOG_MAP_LINKER_AREA, 0, 0x10000000, stack, 0, 0);
	t_not_found(l, 0x1000, 1, CAPLOG_EINVAL);
	caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, 0x20000000, PAGE, t_map(l, 77), 0, 0);
	t_not_found(l, 0x20000000, 1, CAPLOG_ENOENT);
	caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, 0x28000000, PAGE, t_map(l, CAPLOG_MAPS), 0, 0);
	caplog_region_add(l, CAPLOG_MAPS, 0, PAGE, t_dataspace(l, PAGE), 0, 0);
	t_not_found(l, 0x28000000, 1, CAPLOG_ENOENT);
	caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, 0x30000000, PAGE, t_map(l, 0), 0, 0);
	t_not_found(l, 0x30000000, 1, CAPLOG_ENOENT);
	free(l);

	/* so it is attached nowhere but where no lookup comes back */
	for (uint32_t outer = 0; outer <= CAPLOG_MAPS; outer++)
		for (uint32_t inner = 0; inner <= CAPLOG_MAPS; inner++)
			t_compare(caplog_region_may_nest(outer, inner), ==,
			          outer == CAPLOG_MAP_ADDRESS_SPACE &&
			          (inner == CAPLOG_MAP_STACK_AREA || inner == CAPLOG_MAP_LINKER_AREA));
}

/* Foreign memory is known, for detaching it, but shows nothing */
static void test_foreign_memory(void **state)
{
	struct caplog_ledger *l = t_ledger();

	(void)state;
	caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, 0x5000, PAGE, NULL, 0, 0);
	assert_non_null(caplog_ledger_first(l, CAPLOG_OBJECT_FOREIGN_REGION));
	t_not_found(l, 0x5000, 1, CAPLOG_ENOENT);
	assert_non_null(caplog_region_at(l, CAPLOG_MAP_ADDRESS_SPACE, 0x5fff));
	assert_int_equal(caplog_region_detach(l, CAPLOG_MAP_ADDRESS_SPACE, 0x5008), 1);
	assert_int_equal(caplog_region_detach(l, CAPLOG_MAP_ADDRESS_SPACE, 0x5008), 0);
	assert_null(caplog_ledger_first(l, CAPLOG_OBJECT_FOREIGN_REGION));
	free(l);
}

/* Memory of a sibling is known by its line, shows nothing here, and ends with that line */
static void test_shared_memory(void **state)
{
	struct caplog_ledger *l = t_ledger(), *sibling = t_ledger();
	struct caplog_object *ds = t_dataspace(sibling, 4 * PAGE);
	struct caplog_object *log = caplog_ledger_by_id(sibling, caplog_ledger_give(sibling,
		CAPLOG_OBJECT_LOG_DS, 0x400, NULL, "log"));
	struct caplog_shared const shared = { 5, ds->id }, no_ram = { 5, log->id };
	const struct caplog_object *r;

	(void)state;
	caplog_region_share(l, CAPLOG_MAP_STACK_AREA, 0x5000, 2 * PAGE - 1, &shared, PAGE, 1);
	r = caplog_region_at(l, CAPLOG_MAP_STACK_AREA, 0x6fff);
	assert_non_null(r);
	assert_int_equal(r->kind, CAPLOG_OBJECT_SHARED_REGION);
	assert_int_equal(r->shared_region.owner, 5);
	assert_int_equal(r->shared_region.size, 2 * PAGE);
	assert_int_equal(r->shared_region.offset, PAGE);
	assert_int_equal(r->shared_region.executable, 1);
	assert_ptr_equal(caplog_region_shared(sibling, r), ds);
	assert_null(caplog_region_at(l, CAPLOG_MAP_ADDRESS_SPACE, 0x5000));
	t_not_found(l, 0x5000, 1, CAPLOG_ENOENT);

	/* newer regions come first, and one that is detached leaves the other */
	caplog_region_share(l, CAPLOG_MAP_STACK_AREA, 0x5000, PAGE, &no_ram, 0, 0);
	r = caplog_region_at(l, CAPLOG_MAP_STACK_AREA, 0x5000);
	assert_int_equal(r->shared_region.dataspace, log->id);
	assert_null(caplog_region_shared(sibling, r));
	assert_int_equal(caplog_region_detach(l, CAPLOG_MAP_STACK_AREA, 0x5000), 1);
	r = caplog_region_at(l, CAPLOG_MAP_STACK_AREA, 0x5000);
	assert_ptr_equal(caplog_region_shared(sibling, r), ds);

	/* the owner frees it; the next one has its badge, but not its id */
	uint32_t const badge = ds->badge;
	caplog_ledger_drop(sibling, ds);
	caplog_ledger_rebadge(sibling, t_dataspace(sibling, 4 * PAGE), badge);
	assert_null(caplog_region_shared(sibling, r));
	free(l);
	free(sibling);
}

static void test_freed_dataspace(void **state)
{
	struct caplog_ledger *l = t_ledger();
	struct caplog_object *a = t_dataspace(l, PAGE), *b = t_dataspace(l, PAGE);

	(void)state;
	for (uint64_t i = 0; i < 20; i++)
		caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, 0x10000 + i * PAGE, PAGE, i % 3 ? a : b, 0,
		                  0);
	caplog_region_detach_all(l, a);
	caplog_ledger_drop(l, a);
	for (uint64_t i = 0; i < 20; i++)
		if (i % 3)
			t_not_found(l, 0x10000 + i * PAGE, 1, CAPLOG_ENOENT);
		else
			t_found(l, 0x10000 + i * PAGE, 1, b, 0);
	/* a region of a dataspace that is gone shows nothing, also if it was not detached */
	caplog_ledger_drop(l, b);
	t_not_found(l, 0x10000, 1, CAPLOG_ENOENT);
	free(l);
}

/* Regions side by side, against an array of pages */
static void test_random_regions(void **state)
{
	enum { PAGES = 256, BASE = 0x100000 };
	struct t_random random = t_seed("test_random_regions");
	struct caplog_ledger *l = t_ledger();
	struct caplog_object *ds = t_dataspace(l, PAGES * PAGE);
	uint32_t page[PAGES] = { 0 }; /* page of the dataspace, plus 1 */

	(void)state;
	for (uint64_t turn = 0; turn < t_turns(20000); turn++) {
		uint32_t const at = t_below(&random, PAGES), pages = 1 + t_below(&random, 8);
		uint32_t const from = t_below(&random, PAGES - 8);
		uint32_t last = at;

		while (last < PAGES && last < at + pages && !page[last])
			last++;
		if (last == at + pages) {
			caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, BASE + (uint64_t)at * PAGE,
			                  (uint64_t)pages * PAGE, ds, (uint64_t)from * PAGE, 0);
			for (uint32_t i = 0; i < pages; i++)
				page[at + i] = from + i + 1;
		} else if (page[at]) {
			const struct caplog_object *r =
				caplog_region_at(l, CAPLOG_MAP_ADDRESS_SPACE, BASE + (uint64_t)at * PAGE);
			for (uint64_t i = 0; i < r->region.size / PAGE; i++)
				page[(r->region.address - BASE) / PAGE + i] = 0;
			caplog_region_detach(l, CAPLOG_MAP_ADDRESS_SPACE, BASE + (uint64_t)at * PAGE + 1);
		}
		uint32_t const look = t_below(&random, PAGES);
		uint64_t const address = BASE + (uint64_t)look * PAGE + t_below(&random, PAGE);
		if (page[look])
			t_found(l, address, 1, ds, (uint64_t)(page[look] - 1) * PAGE + address % PAGE);
		else
			t_not_found(l, address, 1, CAPLOG_ENOENT);
	}
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_numbers_that_wrap),
		cmocka_unit_test(test_nested_maps),
		cmocka_unit_test(test_map_in_itself),
		cmocka_unit_test(test_foreign_memory),
		cmocka_unit_test(test_shared_memory),
		cmocka_unit_test(test_freed_dataspace),
		cmocka_unit_test(test_random_regions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
