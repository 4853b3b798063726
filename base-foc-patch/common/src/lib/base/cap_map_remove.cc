/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component's entries come with messages, and go with their last reference
 *
 * Core does both in another way (rpc_cap_factory.cc).
 */
#include <foc/native_capability.h>

#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>

using namespace Genode;
using namespace Foc;


namespace {

	/* The kernel's answer to a yes-no question */
	int yes(l4_msgtag_t answer) { return l4_msgtag_label(answer) != 0; }

	int same_object(void *, uint32_t a, uint32_t b) {
		return yes(l4_task_cap_equal(L4_BASE_TASK_CAP, Cap_space::kcap_of(a), Cap_space::kcap_of(b))); }

	int occupied(void *, uint32_t slot) {
		return yes(l4_task_cap_valid(L4_BASE_TASK_CAP, Cap_space::kcap_of(slot))); }

	void move(void *, uint32_t from, uint32_t to)
	{
		l4_fpage_t const source = l4_obj_fpage(Cap_space::kcap_of(from), 0, L4_FPAGE_RWX);
		addr_t     const target = Cap_space::kcap_of(to) | L4_ITEM_MAP | L4_MAP_ITEM_GRANT;

		l4_task_map(L4_BASE_TASK_CAP, L4_BASE_TASK_CAP, source, target);
	}

	caplog_map_ops const kernel = { same_object, occupied, move, nullptr };

	/* The kernel's mapping stays until the slot is used again */
	void drop(Cap_index const *entry)
	{
		enum { STILL_MAPPED = 1 };

		caplog_map_remove(&cap_space.map, cap_space.slot(entry), STILL_MAPPED);
	}
}


Native_capability Capability_map::insert_map(unsigned long badge, addr_t arrived)
{
	Cap_index_allocator &memory = the(cap_idx_alloc());
	Cap_space::Hold      hold;
	Cap_space::Guard     guard;

	int            fresh;
	uint32_t const slot = caplog_map_insert_map(&cap_space.map, (uint32_t)badge, Cap_space::slot_at(arrived),
	                                            &kernel, &fresh);
	if (slot == CAPLOG_NONE)
		return Native_capability();

	return cap_of(fresh ? memory.construct(slot) : (Cap_index *)cap_space.data(slot));
}


void Capability_map::remove(Cap_index *entry)
{
	if (entry) {
		Cap_space::Hold  hold;
		Cap_space::Guard guard;
		drop(entry);
	}
}


void Capability_map::release(Cap_index *entry)
{
	Cap_space::Hold  hold;
	Cap_space::Guard guard;

	if (entry->last())
		drop(entry);
}
