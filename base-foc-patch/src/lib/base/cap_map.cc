/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cap map of core and of components, on top of caplog/map.h
 */
#include <base/log.h>
#include <foc/capability_space.h>

#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/foc_assert.h>
#include <base/internal/lock_helper.h>

using namespace Genode;
using namespace Fiasco;


/***************
 ** Cap_space **
 ***************/

Cap_space Genode::cap_space;

void Cap_space::wait_for_lock() { thread_yield(); }


/***************
 ** Cap_index **
 ***************/

/* The counters of core's part of the space are never used */
static bool is_counted(unsigned slot) { return slot >= cap_space.map.first; }


#ifdef __GCC_HAVE_SYNC_COMPARE_AND_SWAP_1

static uint8_t add(uint8_t *to, int n) { return __atomic_add_fetch(to, n, __ATOMIC_ACQ_REL); }

#else /* ARMv6 without byte-wide exclusive access */

static uint8_t add(uint8_t *to, int n)
{
	Cap_space::Guard guard;
	return *to += n;
}

#endif


uint8_t Cap_index::inc() { return is_counted(cap_space.slot(this)) ? add(&_ref_cnt,  1) : 1; }
uint8_t Cap_index::dec() { return is_counted(cap_space.slot(this)) ? add(&_ref_cnt, -1) : 1; }


addr_t   Cap_index::kcap() const { return (addr_t)cap_space.slot(this) << L4_CAP_SHIFT; }
uint16_t Cap_index::id()   const { return cap_space.map.badge[cap_space.slot(this)]; }
bool     Cap_index::used() const { return id() != 0; }


void Cap_index::id(uint16_t id)
{
	Cap_space::Guard guard;
	caplog_map_set_badge(&cap_space.map, cap_space.slot(this), id);
}


/********************
 ** Capability_map **
 ********************/

namespace {

	int equal(void *, uint32_t slot, uint32_t other)
	{
		return l4_msgtag_label(l4_task_cap_equal(L4_BASE_TASK_CAP,
		                                         (addr_t)slot  << L4_CAP_SHIFT,
		                                         (addr_t)other << L4_CAP_SHIFT)) != 0;
	}

	int valid(void *, uint32_t slot)
	{
		return l4_msgtag_label(l4_task_cap_valid(L4_BASE_TASK_CAP,
		                                         (addr_t)slot << L4_CAP_SHIFT)) != 0;
	}

	void grant(void *, uint32_t from, uint32_t to)
	{
		l4_task_map(L4_BASE_TASK_CAP, L4_BASE_TASK_CAP,
		            l4_obj_fpage((addr_t)from << L4_CAP_SHIFT, 0, L4_FPAGE_RWX),
		            (addr_t)to << L4_CAP_SHIFT | L4_ITEM_MAP | L4_MAP_ITEM_GRANT);
	}

	caplog_map_ops const kernel = { equal, valid, grant, nullptr };

	Cap_index *entry(uint32_t slot)
	{
		return slot == CAPLOG_NONE ? nullptr : (Cap_index *)cap_space.data(slot);
	}

	/*
	 * What every operation on the map needs: a map, no checkpoint, the lock
	 */
	struct Access
	{
		Cap_index_allocator &slots { *cap_idx_alloc() };
		Cap_space::Hold      hold;
		Cap_space::Guard     guard;

		Cap_index *made(uint32_t slot) {
			return slot == CAPLOG_NONE ? nullptr : slots.construct(slot); }
	};
}


Cap_index *Capability_map::find(int id)
{
	Access access;
	return entry(caplog_map_find(&cap_space.map, id));
}


Cap_index *Capability_map::insert(int id)
{
	Access access;

	ASSERT(caplog_map_find(&cap_space.map, id) == CAPLOG_NONE, "badge is in the map already");

	return access.made(caplog_map_insert(&cap_space.map, id));
}


Cap_index *Capability_map::insert(int id, addr_t kcap)
{
	Access access;

	uint32_t const slot = kcap >> L4_CAP_SHIFT;

	return caplog_map_insert_at(&cap_space.map, id, slot) ? nullptr : access.made(slot);
}


Cap_index *Capability_map::insert_map(int id, addr_t kcap)
{
	Access access;

	int            fresh;
	uint32_t const slot = caplog_map_insert_map(&cap_space.map, id, kcap >> L4_CAP_SHIFT, &kernel,
	                                            &fresh);

	return fresh ? access.made(slot) : entry(slot);
}


Capability_map *Genode::cap_map()
{
	static Capability_map map;
	return &map;
}


/**********************
 ** Capability_space **
 **********************/

l4_cap_idx_t Capability_space::alloc_kcap()
{
	Cap_index *i = cap_idx_alloc()->alloc_range(1);
	return i ? i->kcap() : (l4_cap_idx_t)L4_INVALID_CAP;
}


void Capability_space::free_kcap(l4_cap_idx_t kcap)
{
	cap_idx_alloc()->free(cap_idx_alloc()->kcap_to_idx(kcap), 1);
}


l4_cap_idx_t Capability_space::kcap(Native_capability cap)
{
	if (!cap.data()) {
		raw("kcap of an invalid capability requested");
		return (l4_cap_idx_t)L4_INVALID_CAP;
	}
	return cap.data()->kcap();
}
