/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities that core makes: badges, gates, mappings into components
 *
 * Unlike base-foc's, it refuses an entrypoint capability that denotes no
 * thread; base-foc's assertion stops the whole system.
 */
#include <base/capability.h>
#include <base/log.h>

#include <cap_id_alloc.h>
#include <cap_index.h>
#include <platform.h>
#include <rpc_cap_factory.h>

#include <base/internal/cap_storage.h>

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
	/* core has no log */
	static Cap_storage<Core_cap_index, CAPLOG_OWN(CORE_SLOTS), 4096> space;
	return &space;
}


/************
 ** Badges **
 ************/

Cap_id_allocator::Cap_id_allocator(Allocator *)
{
	for (unsigned i = 0; i < WORDS; i++)
		_free[i] = ~0UL;

	_free[0] &= ~1UL; /* 0 marks a free entry of a map */
}


unsigned long Cap_id_allocator::alloc()
{
	Lock::Guard one_at_a_time(_lock);

	/* all words, and the lower part of the first once more at the end */
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

	if (i && i < BADGES && badge % STEP == 0)
		_free[i/BITS] |= 1UL << i % BITS;
}


namespace {

	Cap_id_allocator &badges() { return *platform_specific()->cap_id_alloc(); }

	/* The entry as core knows it */
	Core_cap_index *entry_of(Native_capability const &cap)
	{
		return const_cast<Core_cap_index *>(static_cast<Core_cap_index const *>(cap.data()));
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

namespace {

	/* The kernel's answer to a yes-no question */
	bool yes(l4_msgtag_t answer) { return l4_msgtag_label(answer) != 0; }

	bool same_object(addr_t arrived, addr_t known)
	{
		/* two empty slots are equal to the kernel */
		return yes(l4_task_cap_valid(L4_BASE_TASK_CAP, arrived))
		    && yes(l4_task_cap_equal(L4_BASE_TASK_CAP, arrived, known));
	}

	/*
	 * Without a reference in core the kernel's object is destroyed, in all
	 * protection domains
	 *
	 * \return  badge that can be handed out again; 0: none
	 */
	unsigned long drop(Cap_index const *entry)
	{
		unsigned      const slot  = cap_space.slot(entry);
		unsigned long const badge = cap_space.map.badge[slot];

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


/*
 * The badge in a message is the word of its sender. Core made every object that
 * it is asked about, so it returns the entry of that object, or nothing. What it
 * did not make it does not keep: the sender's object must neither stay alive by
 * core's slot, nor stand for a capability that a later sender only claims to have.
 */
Native_capability Capability_map::insert_map(unsigned long badge, addr_t arrived)
{
	Cap_space::Guard guard;

	uint32_t const slot  = caplog_map_find(&cap_space.map, badge);
	bool     const known = slot != CAPLOG_NONE && badge == cap_space.map.badge[slot]
	                    && same_object(arrived, Cap_space::kcap_of(slot));

	/* from core's slot only, since this does not ask for the object's end */
	l4_task_unmap(L4_BASE_TASK_CAP, page_of(arrived), L4_FP_ALL_SPACES);

	return known ? Native_capability(*(Cap_index *)cap_space.data(slot)) : Native_capability();
}


Native_capability Genode::core_cap(unsigned long badge)
{
	Cap_space::Guard guard;

	uint32_t const slot  = caplog_map_find(&cap_space.map, badge);
	bool     const known = slot != CAPLOG_NONE && badge == cap_space.map.badge[slot];

	return known ? Native_capability(*(Cap_index *)cap_space.data(slot)) : Native_capability();
}


/* An entry ends, and with a thread its gate */
template <typename FN>
static void end(Core_cap_index *entry, FN const &ends)
{
	Core_cap_index *gate  = nullptr;
	unsigned long   badge = 0;
	{
		Cap_space::Guard guard;
		if (ends()) {
			gate  = entry->take_first_gate();
			badge = drop(entry);
		}
	}
	badges().free(badge);
	if (gate)
		gate->dec();
}


void Capability_map::remove(Cap_index *entry)
{
	if (entry)
		end(static_cast<Core_cap_index *>(entry), [] () { return true; });
}


void Capability_map::release(Cap_index *entry)
{
	end(static_cast<Core_cap_index *>(entry), [&] () { return entry->last(); });
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
		error("core: the kernel did not map a capability to selector ", Hex(remote));
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

		error("core: out of capability slots: no RPC object can be created");
		badges().free(badge);
	} catch (Cap_id_allocator::Out_of_ids) {
		error("core: out of badges: no RPC object can be created");
	}
	return nullptr;
}


/*
 * A thread ends: its entry, and those of its gates, may live on, as long as
 * anybody in core holds their capabilities
 */
static void forget(Platform_thread const *thread)
{
	for (unsigned slot = 0; slot < cap_space.map.count; slot++) {
		Core_cap_index * const entry = static_cast<Core_cap_index *>((Cap_index *)cap_space.data(slot));

		if (entry->pt() == thread)
			entry->pt(nullptr);
	}
}


Native_capability Rpc_cap_factory::alloc(Native_capability ep, Naming naming)
{
	Platform_thread const *thread = ep.data() ? entry_of(ep)->pt() : nullptr;
	if (!thread) {
		warning("core: no RPC capability made: the entrypoint is not a thread");
		return Native_capability();
	}

	unsigned long          badge;
	Core_cap_index * const gate = entry_with_badge(badge);
	if (!gate)
		return Native_capability();

	/* without this reference, entry and badge are free again */
	Native_capability const cap(*gate);
	addr_t            const thread_kcap = thread->thread().local.data()->kcap();

	if (l4_msgtag_has_error(l4_factory_create_gate(L4_BASE_FACTORY_CAP, gate->kcap(),
	                                               thread_kcap, badge))) {
		error("core: the kernel did not create a gate for badge ", badge);
		return Native_capability();
	}

	/* the kernel looks for a place through all names that it has */
	if (naming == NAMED)
		l4_debugger_set_object_name(gate->kcap(), thread->name());

	gate->session(owner(this));
	gate->pt(thread);
	if (!entry_of(ep)->session() && !entry_of(ep)->has_first_gate())
		entry_of(ep)->first_gate(*gate);

	Lock::Guard guard(_memory_lock);
	_gates.insert(new (_memory) Gate(cap));
	return cap;
}


Native_capability Rpc_cap_factory::gate(unsigned long badge)
{
	Native_capability const cap = core_cap(badge);

	return cap.data() && entry_of(cap)->session() == owner(this) ? cap : Native_capability();
}


void Rpc_cap_factory::free(Native_capability gate)
{
	bool const ours = gate.data() && entry_of(gate)->session() == owner(this);
	if (!ours)
		return;

	Gate * const freed = _gates.apply(gate, [&] (Gate *known) {
		if (known)
			_gates.remove(known);
		return known;
	});
	if (!freed) {
		warning("core: RPC capability with badge ", gate.local_name(), " freed twice");
		return;
	}
	if (entry_of(gate)->is_first_gate())
		forget(entry_of(gate)->pt());

	Lock::Guard guard(_memory_lock);
	destroy(_memory, freed);
}


Rpc_cap_factory::~Rpc_cap_factory()
{
	auto destroy_gate = [&] (Gate *gate) { destroy(_memory, gate); };

	_gates.remove_all(destroy_gate);
}
