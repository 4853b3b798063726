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
using namespace Foc;

Cap_space Genode::cap_space { };

static_assert(Cap_space::kcap_of(1)                      == 1UL << L4_CAP_SHIFT, "flavour");
static_assert(Cap_space::kcap_of(Cap_space::PARENT)      == PARENT_CAP,          "flavour");
static_assert(Cap_space::kcap_of(Cap_space::MAIN_THREAD) == MAIN_THREAD_CAP,     "flavour");
static_assert(Cap_space::kcap_of(Cap_space::USER_BASE)   == USER_BASE_CAP,       "flavour");


/*
 * Cap_index
 */

/*
 * A count that reached this stays here. Above it is room for one reference of
 * each thread that counts before it finds that out.
 */
enum : uint8_t { MOST = 192 };

#ifdef __GCC_HAVE_SYNC_COMPARE_AND_SWAP_1

static uint8_t one_more(uint8_t *count) { return __atomic_add_fetch(count, 1, __ATOMIC_ACQ_REL); }

static bool replace(uint8_t *count, uint8_t &expected, uint8_t now)
{
	return __atomic_compare_exchange_n(count, &expected, now, true,
	                                   __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

#else /* ARMv6 without byte-wide exclusive access: one lock for all counts */

static int locked;

static void lock()
{
	while (__atomic_exchange_n(&locked, 1, __ATOMIC_ACQUIRE))
		Cap_space::wait_for_lock();
}

static void unlock() { __atomic_store_n(&locked, 0, __ATOMIC_RELEASE); }

static uint8_t one_more(uint8_t *count)
{
	lock();
	uint8_t const n = ++*count;
	unlock();
	return n;
}

static bool replace(uint8_t *count, uint8_t &expected, uint8_t now)
{
	lock();
	bool const same = *count == expected;
	if (same)
		*count = now;
	else
		expected = *count;
	unlock();
	return same;
}

#endif


uint8_t Cap_index::inc()
{
	if (!cap_space.counts(this))
		return 1;

	uint8_t const n = one_more(&_references);
	if (n < MOST)
		return n;

	__atomic_store_n(&_references, MOST, __ATOMIC_RELEASE);
	return MOST;
}


uint8_t Cap_index::dec()
{
	if (!cap_space.counts(this))
		return 1;

	uint8_t n = __atomic_load_n(&_references, __ATOMIC_RELAXED);
	while (n > 1 && n < MOST)
		if (replace(&_references, n, uint8_t(n - 1)))
			return uint8_t(n - 1);

	if (n < MOST)
		the(cap_map()).release(this);
	return 1;
}


bool Cap_index::last()
{
	uint8_t n = __atomic_load_n(&_references, __ATOMIC_RELAXED);

	while (n && n < MOST)
		if (replace(&_references, n, uint8_t(n - 1)))
			return n == 1;
	return false;
}


addr_t          Cap_index::kcap() const { return Cap_space::kcap_of(cap_space.slot(this)); }
Cap_index::id_t Cap_index::id()   const { return cap_space.map.badge[cap_space.slot(this)]; }


void Cap_index::id(id_t changed)
{
	Cap_space::Hold  hold;
	Cap_space::Guard guard;
	caplog_map_set_badge(&cap_space.map, cap_space.slot(this), changed);
}


/*
 * Capability_map
 */

Cap_index *Capability_map::insert(unsigned long wide_badge, addr_t kcap)
{
	uint32_t const badge = (uint32_t)wide_badge;

	Cap_index_allocator &memory = the(cap_idx_alloc());
	Cap_space::Hold      hold;
	Cap_space::Guard     guard;
	caplog_map          &map  = cap_space.map;
	uint32_t             slot = Cap_space::slot_at(kcap);

	if (kcap == ANYWHERE) {
		ASSERT(caplog_map_find(&map, badge) == CAPLOG_NONE, "badge is in the cap map already");
		slot = caplog_map_insert(&map, badge);
	} else if (caplog_map_insert_at(&map, badge, slot)) {
		slot = CAPLOG_NONE;
	}
	return slot == CAPLOG_NONE ? nullptr : memory.construct(slot);
}


Only<Capability_map> Genode::cap_map()
{
	static Capability_map map { };
	return only(map);
}


/*
 * Cap_index_allocator
 */

Cap_index *Cap_index_allocator::alloc_range(size_t count)
{
	uint32_t first;
	{
		Cap_space::Guard guard;
		first = caplog_map_alloc(&cap_space.map, uint32_t(count));
	}
	if (first == CAPLOG_NONE) {
		ASSERT(0, "out of capability slots");
		return nullptr;
	}
	for (uint32_t slot = first; slot < first + count; slot++)
		construct(slot);
	return (Cap_index *)cap_space.data(first);
}


void Cap_index_allocator::free(Cap_index *first, size_t count)
{
	free_range(cap_space.slot(first), count);
}


size_t Cap_index_allocator::max_caps() const { return cap_space.map.count; }


void Cap_index_allocator::free_range(unsigned slot, size_t count)
{
	int error;
	{
		/* the index is valid until a restore writes other badges */
		Cap_space::Hold  hold;
		Cap_space::Guard guard;
		error = caplog_map_free(&cap_space.map, slot, uint32_t(count));
	}
	ASSERT(!error, "slots to free are not all in the cap space");
}


/*
 * Capability_space: slots for L4Linux, which fills them itself
 */

l4_cap_idx_t Capability_space::alloc_kcap()
{
	Cap_index const * const entry = the(cap_idx_alloc()).alloc_range(1);
	return entry ? entry->kcap() : (addr_t)L4_INVALID_CAP;
}


void Capability_space::free_kcap(l4_cap_idx_t kcap)
{
	the(cap_idx_alloc()).free_range(Cap_space::slot_at(kcap), 1);
}


l4_cap_idx_t Capability_space::kcap(Native_capability of)
{
	if (of.data())
		return of.data()->kcap();

	raw("caplog: selector of an invalid capability requested");
	return (addr_t)L4_INVALID_CAP;
}
