/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities that core makes: badges, gates, mappings into components
 *
 * Unlike base-foc's, it refuses an entrypoint capability that denotes no
 * thread, where base-foc's assertion stops the whole system, and a component
 * without memory for one more gate, where base-foc's exception ends core.
 */
#include <base/capability.h>
#include <base/log.h>
#include <base/memory.h>

#include <cap_id_alloc.h>
#include <cap_index.h>
#include <cap_mapping.h>
#include <platform.h>
#include <rpc_cap_factory.h>

#include <base/internal/cap_storage.h>

#include <foc/syscall.h>

using namespace Core;
using namespace Foc;


/********************
 ** Core's own map **
 ********************/

Cap_index_allocator &Genode::cap_idx_alloc()
{
	/* core has no log */
	static Cap_storage<Core_cap_index, CAPLOG_OWN(CORE_SLOTS), 32768> space;
	return space;
}


/************
 ** Badges **
 ************/

static bool used(Cap_index::id_t badge)
{
	Cap_space::Guard guard;

	return caplog_map_find(&cap_space.map, badge) != CAPLOG_NONE;
}


Cap_id_allocator::id_t Cap_id_allocator::alloc()
{
	/* so many can be used, and as many may be on their way into the map */
	enum { MOST = 2*CAPLOG_OWN(CORE_SLOTS) };

	Mutex::Guard one_at_a_time(_mutex);

	for (unsigned n = 0; n < MOST; n++) {
		_last += STEP;
		if (_last >= END)
			_last = STEP; /* 0 marks a free entry of a map */
		if (!used(_last))
			return _last;
	}
	throw Out_of_ids();
}


namespace {

	Cap_id_allocator &badges() { return platform_specific().cap_id_alloc(); }

	/* The entry as core knows it */
	Core_cap_index *entry_of(Native_capability const &cap)
	{
		return const_cast<Core_cap_index *>(static_cast<Core_cap_index const *>(cap.data()));
	}

	/* A slot for an object with a new badge; nullptr: there is none left */
	Core_cap_index *new_entry()
	{
		return static_cast<Core_cap_index *>(cap_map().insert(badges().alloc()));
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
	 */
	void drop(Cap_index const *entry)
	{
		unsigned const slot = cap_space.slot(entry);

		/* an entry that left the index has no badge and no object of its own */
		if (caplog_map_find(&cap_space.map, cap_space.map.badge[slot]) == slot) {
			unsigned long const all = L4_FP_ALL_SPACES | L4_FP_DELETE_OBJ;
			l4_msgtag_t   const tag = l4_task_unmap(L4_BASE_TASK_CAP, page_of(entry->kcap()), all);

			if (l4_msgtag_has_error(tag))
				raw("core: the kernel did not destroy the object of slot ", Hex(slot));
		}
		caplog_map_remove(&cap_space.map, slot, 0);
	}

	/* With the cap space locked; nullptr: core has no object with this badge */
	Cap_index *entry_with(Cap_index::id_t badge)
	{
		uint32_t const slot = caplog_map_find(&cap_space.map, badge);

		return slot != CAPLOG_NONE && badge == cap_space.map.badge[slot]
		     ? static_cast<Cap_index *>(cap_space.data(slot)) : nullptr;
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

	Cap_index * const entry = entry_with(Cap_index::id_t(badge));
	bool        const known = entry && same_object(arrived, entry->kcap());

	/* from core's slot only, since this does not ask for the object's end */
	l4_task_unmap(L4_BASE_TASK_CAP, page_of(arrived), L4_FP_ALL_SPACES);

	return known ? Native_capability(entry) : Native_capability();
}


Native_capability Core::core_cap(Cap_index::id_t badge)
{
	Cap_space::Guard guard;

	Cap_index * const entry = entry_with(badge);
	return entry ? Native_capability(entry) : Native_capability();
}


/* An entry ends, and with a thread its gate */
template <typename FN>
static void end(Core_cap_index *entry, FN const &ends)
{
	Core_cap_index *gate = nullptr;
	{
		Cap_space::Guard guard;
		if (ends()) {
			gate = entry->take_first_gate();
			drop(entry);
		}
	}
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

Core_cap_index *Cap_mapping::_get_cap() { return new_entry(); }


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


/***********
 ** Gates **
 ***********/

/* Who made the gate; core's entries have the type of its only user */
static Pd_session_component *owner(Rpc_cap_factory *factory)
{
	return (Pd_session_component *)factory;
}


/*
 * A gate with a new badge that leads to a thread
 *
 * \return  an invalid capability if core or the kernel ran out of something
 */
static Native_capability new_gate(Platform_thread const &thread)
{
	Core_cap_index * const entry = new_entry();
	if (!entry) {
		error("core: out of capability slots: no RPC object can be created");
		return Native_capability();
	}

	/* without this reference, entry and badge are free again */
	Native_capability const gate(entry);
	addr_t            const kcap = thread.thread().local.data()->kcap();
	Cap_index::id_t   const badge = entry->id();

	if (l4_msgtag_has_error(l4_factory_create_gate(L4_BASE_FACTORY_CAP, entry->kcap(), kcap, badge))) {
		error("core: the kernel did not create a gate for badge ", badge);
		return Native_capability();
	}
	/* the kernel debugger shows the name of the thread */
	l4_debugger_set_object_name(entry->kcap(), thread.name().string());

	entry->pt(&thread);
	return gate;
}


/*
 * A thread ends: its entry, and those of its gates, may live on, as long as
 * anybody in core holds their capabilities
 */
static void forget(Platform_thread const *thread)
{
	for (unsigned slot = 0; slot < cap_space.map.count; slot++) {
		if (!cap_space.map.badge[slot])
			continue;

		Core_cap_index * const entry =
			static_cast<Core_cap_index *>(static_cast<Cap_index *>(cap_space.data(slot)));

		if (entry->pt() == thread)
			entry->pt(nullptr);
	}
}


/*
 * The thread that an entrypoint's capability denotes: the thread itself, or a gate
 * of it, but not that of an object of core, whose threads serve no others
 */
static Platform_thread const *thread_of(Native_capability const &ep)
{
	if (!ep.data() || !entry_of(ep)->pt())
		return nullptr;

	Core_cap_index  const &entry  = *entry_of(ep);
	Platform_thread const *thread = entry.pt();

	return entry.session() && !entry.is_first_gate() && thread->core_thread() ? nullptr : thread;
}


Rpc_cap_factory::Alloc_result Rpc_cap_factory::alloc(Native_capability ep)
{
	Platform_thread const * const thread = thread_of(ep);
	if (!thread) {
		warning("core: no RPC capability made: the entrypoint is not a thread");
		return Alloc_error::DENIED;
	}

	try {
		Native_capability const gate = new_gate(*thread);
		if (!gate.data())
			return Alloc_error::DENIED;

		entry_of(gate)->session(owner(this));
		if (!entry_of(ep)->session() && !entry_of(ep)->has_first_gate())
			entry_of(ep)->first_gate(*entry_of(gate));

		using Objects = Memory::Constrained_obj_allocator<Entry>;
		Objects entries(_entry_slab);

		return entries.create(gate).convert<Alloc_result>(
			[&] (Objects::Allocation &entry) {
				entry.deallocate = false;
				_pool.insert(&entry.obj);
				return gate;
			},
			[&] (Alloc_error e) { return e; });
	}
	catch (Cap_id_allocator::Out_of_ids) {
		error("core: out of badges: no RPC object can be created"); }
	return Alloc_error::DENIED;
}


/* A freed gate may live on, as long as anybody in core holds it: it is nobody's, and leads nowhere */
static void disown(Native_capability const &gate)
{
	entry_of(gate)->session(nullptr);
	entry_of(gate)->pt(nullptr);
}


void Rpc_cap_factory::free(Native_capability gate)
{
	bool const ours = gate.data() && entry_of(gate)->session() == owner(this);
	if (!ours)
		return;

	Entry *freed = nullptr;
	_pool.apply(gate, [&] (Entry *known) {
		if (known)
			_pool.remove(known);
		freed = known;
	});
	if (!freed)
		return;

	if (entry_of(gate)->is_first_gate())
		forget(entry_of(gate)->pt());

	disown(gate);
	destroy(_entry_slab, freed);
}


Rpc_cap_factory::~Rpc_cap_factory()
{
	_pool.remove_all([&] (Entry *gate) {
		disown(gate->cap());
		destroy(_entry_slab, gate);
	});
}
