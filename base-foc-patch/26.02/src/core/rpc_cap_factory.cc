/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities that core makes: badges, gates, mappings into components
 *
 * Refuses an entrypoint capability that denotes no thread.
 */
#include <base/capability.h>
#include <base/log.h>

#include <cap_id_alloc.h>
#include <cap_index.h>
#include <cap_mapping.h>
#include <platform.h>
#include <rpc_cap_factory.h>

#include <base/internal/cap_storage.h>

#include <foc/syscall.h>

using namespace Core;
using namespace Foc;


Cap_index_allocator &Genode::cap_idx_alloc()
{
	/* core has no log */
	static Cap_storage<Core_cap_index, CAPLOG_OWN(CORE_SLOTS), 32768> space;
	return space;
}


Cap_id_allocator::Cap_id_allocator(Allocator &memory) : _id_alloc(&memory)
{
	(void)_id_alloc.add_range(CAP_ID_OFFSET, unsigned(CAP_ID_RANGE) - unsigned(CAP_ID_OFFSET));
}


Cap_id_allocator::id_t Cap_id_allocator::alloc()
{
	Mutex::Guard one_at_a_time(_mutex);

	return _id_alloc.try_alloc(CAP_ID_OFFSET).convert<id_t>(
		[&] (Range_allocator::Allocation &badge) {
			badge.deallocate = false;
			return id_t((addr_t)badge.ptr & ID_MASK); },
		[&] (Alloc_error) -> id_t { throw Out_of_ids(); });
}


void Cap_id_allocator::free(id_t badge)
{
	Mutex::Guard one_at_a_time(_mutex);

	if (badge && badge < CAP_ID_RANGE)
		_id_alloc.free((void *)addr_t(badge), CAP_ID_OFFSET);
}


namespace {

	Cap_id_allocator &badges() { return platform_specific().cap_id_alloc(); }

	Core_cap_index *entry_of(Native_capability const &cap)
	{
		return const_cast<Core_cap_index *>(static_cast<Core_cap_index const *>(cap.data()));
	}

	Core_cap_index *new_entry(Cap_index::id_t badge)
	{
		return static_cast<Core_cap_index *>(cap_map().insert(badge));
	}

	l4_fpage_t page_of(addr_t kcap) { return l4_obj_fpage(kcap, 0, L4_FPAGE_RWX); }

	bool yes(l4_msgtag_t answer) { return l4_msgtag_label(answer) != 0; }

	bool same_object(addr_t arrived, addr_t known)
	{
		/* two empty slots are equal to the kernel */
		return yes(l4_task_cap_valid(L4_BASE_TASK_CAP, arrived))
		    && yes(l4_task_cap_equal(L4_BASE_TASK_CAP, arrived, known));
	}

	Cap_index::id_t drop(Cap_index const *entry)
	{
		unsigned        const slot  = cap_space.slot(entry);
		Cap_index::id_t const badge = cap_space.map.badge[slot];

		/* an entry that left the index has no badge and no object of its own */
		bool const owned = caplog_map_find(&cap_space.map, badge) == slot;

		if (owned) {
			unsigned long const all = L4_FP_ALL_SPACES | L4_FP_DELETE_OBJ;
			l4_msgtag_t   const tag = l4_task_unmap(L4_BASE_TASK_CAP, page_of(entry->kcap()), all);

			if (l4_msgtag_has_error(tag))
				raw("core: the kernel did not destroy the object of slot ", Hex(slot));
		}
		caplog_map_remove(&cap_space.map, slot, 0);
		return owned ? badge : 0;
	}
}


/* See the variant of 16.08: core keeps nothing that it did not make */
Native_capability Capability_map::insert_map(unsigned long wide_badge, addr_t arrived)
{
	uint32_t const badge = (uint32_t)wide_badge;

	Cap_space::Guard guard;

	uint32_t const slot  = caplog_map_find(&cap_space.map, badge);
	bool     const known = slot != CAPLOG_NONE && badge == cap_space.map.badge[slot]
	                    && same_object(arrived, Cap_space::kcap_of(slot));

	/* from core's slot only, since this does not ask for the object's end */
	l4_task_unmap(L4_BASE_TASK_CAP, page_of(arrived), L4_FP_ALL_SPACES);

	return known ? Native_capability((Cap_index *)cap_space.data(slot)) : Native_capability();
}


void Capability_map::remove(Cap_index *entry)
{
	if (!entry)
		return;

	Cap_index::id_t badge;
	{
		Cap_space::Guard guard;
		badge = drop(entry);
	}
	badges().free(badge);
}


void Capability_map::release(Cap_index *entry)
{
	Cap_index::id_t badge = 0;
	{
		Cap_space::Guard guard;
		if (entry->last())
			badge = drop(entry);
	}
	if (badge)
		badges().free(badge);
}


Core_cap_index *Cap_mapping::_get_cap() { return new_entry(badges().alloc()); }


Cap_mapping::Cap_mapping(bool alloc, l4_cap_idx_t slot)
:
	local(alloc ? _get_cap() : (Native_capability::Data *)nullptr), remote(slot)
{ }


Cap_mapping::Cap_mapping(Native_capability cap, l4_cap_idx_t slot) : local(cap), remote(slot) { }


void Cap_mapping::map(l4_cap_idx_t task)
{
	bool const wanted = local.valid() && Foc::Capability::valid(remote);

	if (wanted && l4_msgtag_has_error(l4_task_map(task, L4_BASE_TASK_CAP,
	                                              page_of(local.data()->kcap()),
	                                              remote | L4_ITEM_MAP)))
		error("core: the kernel did not map a capability to selector ", Hex(remote));
}


Rpc_cap_factory::Alloc_result Rpc_cap_factory::alloc(Native_capability ep)
{
	Platform_thread const * const thread = ep.data() ? entry_of(ep)->pt() : nullptr;
	if (!thread) {
		warning("core: no RPC capability made: the entrypoint is not a thread");
		return Native_capability();
	}

	try {
		Cap_index::id_t  const badge = badges().alloc();
		Core_cap_index * const gate  = new_entry(badge);
		if (!gate) {
			error("core: out of capability slots: no RPC object can be created");
			badges().free(badge);
			return Native_capability();
		}

		/* without this reference, entry and badge are free again */
		Native_capability const cap(gate);
		addr_t            const thread_kcap = thread->thread().local.data()->kcap();

		if (l4_msgtag_has_error(l4_factory_create_gate(L4_BASE_FACTORY_CAP, gate->kcap(),
		                                               thread_kcap, badge))) {
			error("core: the kernel did not create a gate for badge ", badge);
			return Native_capability();
		}
		/* the kernel debugger shows the name of the thread */
		l4_debugger_set_object_name(gate->kcap(), thread->name().string());

		gate->session((Pd_session_component *)this);
		gate->pt(thread);
		_pool.insert(new (_entry_slab) Entry(cap));
		return cap;
	}
	catch (Cap_id_allocator::Out_of_ids) {
		error("core: out of badges: no RPC object can be created"); }
	return Native_capability();
}


void Rpc_cap_factory::free(Native_capability gate)
{
	if (!gate.data() || entry_of(gate)->session() != (Pd_session_component *)this)
		return;

	Entry *freed = nullptr;
	_pool.apply(gate, [&] (Entry *known) {
		if (known)
			_pool.remove(known);
		freed = known;
	});
	if (freed)
		destroy(_entry_slab, freed);
	else
		warning("core: RPC capability with badge ", gate.local_name(), " freed twice");
}


Rpc_cap_factory::~Rpc_cap_factory()
{
	_pool.remove_all([&] (Entry *gate) { if (gate) destroy(_entry_slab, gate); });
}
