/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities that core makes: badges, gates, mappings into components
 *
 * Differs from base-foc's file in this: a capability that denotes no thread is
 * refused as an entrypoint, where base-foc's assertion stops the whole system;
 * and a second map that nobody uses is left out.
 */
#include <base/capability.h>
#include <base/log.h>

#include <cap_id_alloc.h>
#include <cap_index.h>
#include <platform.h>
#include <rpc_cap_factory.h>

#include <base/internal/cap_alloc.h>

namespace Fiasco {
#include <l4/sys/consts.h>
#include <l4/sys/debugger.h>
#include <l4/sys/factory.h>
#include <l4/sys/task.h>
#include <l4/sys/types.h>
}

using namespace Genode;
using namespace Fiasco;


/********************
 ** Core's own map **
 ********************/

Cap_index_allocator *Genode::cap_idx_alloc()
{
	/* core logs nothing */
	static Cap_index_allocator_tpl<Core_cap_index, 10*1024> slots;
	return &slots;
}


/************
 ** Badges **
 ************/

Cap_id_allocator::Cap_id_allocator(Allocator *)
{
	for (unsigned i = 0; i < WORDS; i++)
		_free[i] = ~0UL;

	_free[0] &= ~1UL; /* says that an entry is unused */
}


unsigned long Cap_id_allocator::alloc()
{
	Lock::Guard one_at_a_time(_lock);

	/* the word of the next badge once more at the end: its lower part */
	for (unsigned n = 0; n <= WORDS; n++) {
		unsigned      const word   = _next/BITS;
		unsigned long const usable = _free[word] & (~0UL << _next % BITS);

		if (!usable) {
			_next = (word + 1) % WORDS*BITS;
			continue;
		}
		unsigned const bit = __builtin_ctzl(usable);
		_free[word] &= ~(1UL << bit);
		_next = (word*BITS + bit + 1) % BADGES;
		return (unsigned long)(word*BITS + bit)*STEP;
	}
	throw Out_of_ids();
}


void Cap_id_allocator::free(unsigned long badge)
{
	Lock::Guard one_at_a_time(_lock);

	unsigned long const i = badge/STEP;

	if (i && i < BADGES)
		_free[i/BITS] |= 1UL << i % BITS;
}


namespace {

	Cap_id_allocator &badges() { return *platform_specific()->cap_id_alloc(); }

	/* The entry as core knows it */
	Core_cap_index const *entry_of(Native_capability const &cap)
	{
		return static_cast<Core_cap_index const *>(cap.data());
	}

	/* A slot for an object with this badge; nullptr: there is none left */
	Core_cap_index *new_entry(unsigned long badge)
	{
		return static_cast<Core_cap_index *>(cap_map()->insert(badge));
	}

	l4_fpage_t page_of(addr_t kcap) { return l4_obj_fpage(kcap, 0, L4_FPAGE_RWX); }
}


/******************
 ** Core's slots **
 ******************/

/*
 * The last reference to an object of the kernel is gone: so is the object, in
 * all protection domains, and its badge can be used again
 */
void Capability_map::remove(Cap_index *i)
{
	if (!i)
		return;

	unsigned const slot = cap_space.slot(i);
	unsigned long  badge;
	bool           owned;
	{
		Cap_space::Guard guard;

		/* an entry that left the index has no badge and no object of its own */
		badge = cap_space.map.badge[slot];
		owned = caplog_map_find(&cap_space.map, badge) == slot;

		if (owned) {
			unsigned long const all = L4_FP_ALL_SPACES | L4_FP_DELETE_OBJ;
			l4_msgtag_t   const tag = l4_task_unmap(L4_BASE_TASK_CAP, page_of(i->kcap()), all);

			if (l4_msgtag_has_error(tag))
				raw("destroying the object of slot ", Hex(slot), " failed");
		}
		caplog_map_remove(&cap_space.map, slot, 0);
	}
	if (owned)
		badges().free(badge);
}


/**************
 ** Mappings **
 **************/

Core_cap_index *Cap_mapping::_get_cap() { return new_entry(badges().alloc()); }


Cap_mapping::Cap_mapping(bool alloc, l4_cap_idx_t slot)
:
	local(alloc ? Native_capability(*_get_cap()) : Native_capability()), remote(slot)
{ }


Cap_mapping::Cap_mapping(Native_capability cap, l4_cap_idx_t slot) : local(cap), remote(slot) { }


void Cap_mapping::map(l4_cap_idx_t task)
{
	bool const wanted = local.valid() && Fiasco::Capability::valid(remote);

	if (wanted && l4_msgtag_has_error(l4_task_map(task, L4_BASE_TASK_CAP,
	                                              page_of(local.data()->kcap()),
	                                              remote | L4_ITEM_MAP)))
		error("mapping a capability to selector ", Hex(remote), " failed");
}


/***********
 ** Gates **
 ***********/

/* Who made the gate; core's entries have the type of its only user */
static Pd_session_component *owner(Rpc_cap_factory *factory)
{
	return (Pd_session_component *)factory;
}


/*
 * Slot with a new badge
 *
 * \return  nullptr if core ran out of one of them
 */
static Core_cap_index *entry_with_badge(unsigned long &badge)
{
	try {
		badge = badges().alloc();

		Core_cap_index * const entry = new_entry(badge);
		if (entry)
			return entry;

		error("no capability slots left");
		badges().free(badge);
	} catch (Cap_id_allocator::Out_of_ids) {
		error("no badges left");
	}
	return nullptr;
}


Native_capability Rpc_cap_factory::alloc(Native_capability ep)
{
	Platform_thread const *thread = ep.data() ? entry_of(ep)->pt() : nullptr;
	if (!thread) {
		warning("RPC capability requested for something that is not a thread");
		return Native_capability();
	}

	unsigned long          badge;
	Core_cap_index * const gate = entry_with_badge(badge);
	if (!gate)
		return Native_capability();

	/* from here on the entry goes away with its last reference, and the badge with it */
	Native_capability const cap(*gate);
	addr_t            const thread_kcap = thread->thread().local.data()->kcap();

	if (l4_msgtag_has_error(l4_factory_create_gate(L4_BASE_FACTORY_CAP, gate->kcap(),
	                                               thread_kcap, badge))) {
		error("creating a gate failed");
		return Native_capability();
	}

	/* the kernel debugger shows the name of the thread */
	l4_debugger_set_object_name(gate->kcap(), thread->name());

	gate->session(owner(this));
	gate->pt(thread);

	/* those that are left are destroyed with the factory */
	{
		Lock::Guard guard(_slab_lock);
		_pool.insert(new (_slab) Entry(cap));
	}
	return cap;
}


void Rpc_cap_factory::free(Native_capability gate)
{
	/* nobody frees what somebody else made */
	if (!gate.data() || entry_of(gate)->session() != owner(this))
		return;

	Entry * const kept = _pool.apply(gate, [&] (Entry *found) {
		if (found)
			_pool.remove(found);
		return found;
	});
	if (!kept) {
		warning("capability to be freed is not known");
		return;
	}
	Lock::Guard guard(_slab_lock);
	destroy(_slab, kept);
}


Rpc_cap_factory::~Rpc_cap_factory()
{
	auto forget = [&] (Entry *kept) { destroy(_slab, kept); };

	_pool.remove_all(forget);
}
