/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capability entries of core and of components, on top of caplog/map.h
 */
#include <base/log.h>
#include <foc/capability_space.h>

#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/foc_assert.h>

using namespace Genode;
using namespace Fiasco;

Cap_space Genode::cap_space;

static_assert(Cap_space::kcap_of(1)                      == 1UL << L4_CAP_SHIFT, "flavour");
static_assert(Cap_space::kcap_of(Cap_space::PARENT)      == PARENT_CAP,          "flavour");
static_assert(Cap_space::kcap_of(Cap_space::MAIN_THREAD) == MAIN_THREAD_CAP,     "flavour");
static_assert(Cap_space::kcap_of(Cap_space::USER_BASE)   == USER_BASE_CAP,       "flavour");


/*
 * Cap_index
 */

/* Nobody counts references to what core put there */
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


uint8_t Cap_index::inc() { return is_counted(cap_space.slot(this)) ? add(&_references,  1) : 1; }
uint8_t Cap_index::dec() { return is_counted(cap_space.slot(this)) ? add(&_references, -1) : 1; }


addr_t   Cap_index::kcap() const { return Cap_space::kcap_of(cap_space.slot(this)); }
uint16_t Cap_index::id()   const { return cap_space.map.badge[cap_space.slot(this)]; }


void Cap_index::id(uint16_t changed)
{
	Cap_space::Guard guard;
	caplog_map_set_badge(&cap_space.map, cap_space.slot(this), changed);
}


/*
 * Capability_map
 */

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

	/* What every operation needs: the memory, no checkpoint, the lock */
	struct Access
	{
		Cap_index_allocator &memory { *cap_idx_alloc() };
		Cap_space::Hold      hold;
		Cap_space::Guard     guard;

		Cap_index *made(uint32_t slot) {
			return slot == CAPLOG_NONE ? nullptr : memory.construct(slot); }
	};
}


Cap_index *Capability_map::insert_map(unsigned long badge, addr_t arrived)
{
	Access         access;
	int            fresh;
	uint32_t const slot = caplog_map_insert_map(&cap_space.map, badge, Cap_space::slot_at(arrived),
	                                            &kernel, &fresh);

	if (fresh)
		return access.made(slot);

	return slot == CAPLOG_NONE ? nullptr : (Cap_index *)cap_space.data(slot);
}


Cap_index *Capability_map::insert(unsigned long badge, addr_t kcap)
{
	Access      access;
	caplog_map &map = cap_space.map;

	if (kcap != ANYWHERE) {
		uint32_t const slot = Cap_space::slot_at(kcap);
		return caplog_map_insert_at(&map, badge, slot) ? nullptr : access.made(slot);
	}
	ASSERT(caplog_map_find(&map, badge) == CAPLOG_NONE, "badge is in the cap map already");
	return access.made(caplog_map_insert(&map, badge));
}


Capability_map *Genode::cap_map()
{
	static Capability_map only;
	return &only;
}


/*
 * Cap_index_allocator
 */

Cap_index *Cap_index_allocator::alloc_range(size_t count)
{
	uint32_t first;
	{
		Cap_space::Guard guard;
		first = caplog_map_alloc(&cap_space.map, count);
	}
	if (first == CAPLOG_NONE) {
		ASSERT(0, "out of capability slots");
		return nullptr;
	}
	for (uint32_t slot = first; slot < first + count; slot++)
		construct(slot);
	return (Cap_index *)cap_space.data(first);
}


void Cap_index_allocator::free_range(unsigned slot, size_t count)
{
	int error;
	{
		Cap_space::Guard guard;
		error = caplog_map_free(&cap_space.map, slot, count);
	}
	ASSERT(!error, "slots to free are not all in the cap space");
}


/*
 * Capability_space: slots for L4Linux, which fills them itself
 */

l4_cap_idx_t Capability_space::alloc_kcap()
{
	Cap_index const * const entry = cap_idx_alloc()->alloc_range(1);
	return entry ? entry->kcap() : (addr_t)L4_INVALID_CAP;
}


void Capability_space::free_kcap(l4_cap_idx_t kcap)
{
	cap_idx_alloc()->free_range(Cap_space::slot_at(kcap), 1);
}


l4_cap_idx_t Capability_space::kcap(Native_capability of)
{
	if (of.data())
		return of.data()->kcap();

	raw("caplog: selector of an invalid capability requested");
	return (addr_t)L4_INVALID_CAP;
}
