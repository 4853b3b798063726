/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Badges of 16 bits: they are few, and so they are given back
 */
#include "core.h"


/*
 * Badges that are left: all are taken, and given back
 *
 * \param with_none  what to do while there is none
 */
template <typename FN> static unsigned left(FN const &with_none)
{
	static unsigned long taken[0x10000];
	unsigned n = 0;

	try {
		for (;; n++) {
			taken[n] = badges().alloc();
			check(taken[n]);
			check(taken[n] % 4 == 0);
			check(taken[n] < 0x10000);
		}
	} catch (Cap_id_allocator::Out_of_ids) { }
	with_none();
	for (unsigned i = 0; i < n; i++)
		badges().free(taken[i]);
	return n;
}

unsigned badges_used() { return 0x4000 - left([] () { }); }

void test_badges()
{
	Cap_id_allocator &badges = *new Cap_id_allocator(&heap);
	static bool used[0x4000];

	/* in turn: one that was freed comes again when all others came */
	unsigned long const first = badges.alloc();
	badges.free(first);
	badges.free(first);
	for (unsigned i = 0; i < 0x3ffe; i++) {
		unsigned long const badge = badges.alloc();
		check(badge);
		check(badge % 4 == 0);
		check(badge < 0x10000);
		check(badge != first);
		check(!used[badge/4]);
		used[badge/4] = true;
	}
	check(badges.alloc() == first);

	bool none = false;
	try { badges.alloc(); } catch (Cap_id_allocator::Out_of_ids) { none = true; }
	check(none);

	/* no badges */
	badges.free(0);
	badges.free(0x10000);
	badges.free(~0UL);
	none = false;
	try { badges.alloc(); } catch (Cap_id_allocator::Out_of_ids) { none = true; }
	check(none);
	badges.free(0x8001);
	badges.free(0x8007);
	none = false;
	try { badges.alloc(); } catch (Cap_id_allocator::Out_of_ids) { none = true; }
	check(none);
	badges.free(0x8004);
	check(badges.alloc() == 0x8004);
}

/* Nothing is kept of a gate that there is no badge for */
void test_no_badge_left()
{
	Known_thread    thread(task_a, nullptr);
	Rpc_cap_factory factory(heap);
	uint32_t const  before = t_used();
	unsigned const  badges = badges_used(), blocks = heap.blocks;

	left([&] () { check(!factory.alloc(thread.cap.local).valid()); });
	check(t_used() == before);
	check(heap.blocks == blocks);
	check(badges_used() == badges);
}

bool is_free(unsigned long wanted)
{
	static unsigned long taken[0x10000];
	unsigned n     = 0;
	bool     found = false;

	try {
		for (;; n++)
			found |= (taken[n] = badges().alloc()) == wanted;
	} catch (Cap_id_allocator::Out_of_ids) { }
	while (n)
		badges().free(taken[--n]);
	return found;
}
