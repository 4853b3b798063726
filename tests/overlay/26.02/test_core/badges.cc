/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Badges of 28 bits: more than core has slots, so that they are handed out in turn
 */
#include "core.h"

enum : unsigned { STEP = CAPLOG_OWN(BADGE_STEP), END = 1u << CAPLOG_OWN(BADGE_BITS) };

unsigned badges_used()
{
	unsigned n = 0;

	for (unsigned slot = 0; slot < cap_space.map.count; slot++)
		n += cap_space.map.badge[slot] != 0;
	return n;
}

bool is_free(unsigned long badge) { return !t_find((uint32_t)badge); }

void test_badges()
{
	Cap_id_allocator &ids = *new Cap_id_allocator(heap);

	/* in turn: one that was freed does not come at once */
	unsigned const first = ids.alloc();
	ids.free(first);
	check(first % STEP == 0);
	check(first);
	unsigned const second = ids.alloc();
	check(second > first);
	check(second % STEP == 0);

	/* one that core has an object for is left out, at the end of all as well */
	unsigned const taken = second + STEP;
	Cap_index * const used = the(cap_map()).insert(taken);
	check(used);
	check(ids.alloc() == taken + STEP);
	unsigned last = taken + STEP;
	for (unsigned next = ids.alloc(); next > last; next = ids.alloc())
		last = next;
	check(last == END - STEP);
	unsigned n = 0;
	for (unsigned next = ids.alloc(); n < 100000; n++, next = ids.alloc()) {
		check(next != taken);
		check(next);
	}
	the(cap_map()).remove(used);
}
