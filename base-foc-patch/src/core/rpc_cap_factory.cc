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

		if (owned && l4_msgtag_has_error(
		    	l4_task_unmap(L4_BASE_TASK_CAP,
		    	              l4_obj_fpage((addr_t)slot << L4_CAP_SHIFT, 0, L4_FPAGE_RWX),
		    	              L4_FP_ALL_SPACES | L4_FP_DELETE_OBJ)))
			raw("destroying the object of slot ", Hex(slot), " failed");

		caplog_map_remove(&cap_space.map, slot, 0);
	}
	if (owned)
		platform_specific()->cap_id_alloc()->free(badge);
}


/************
 ** Badges **
 ************/

Cap_id_allocator::Cap_id_allocator(Allocator *alloc) : _id_alloc(alloc)
{
	_id_alloc.add_range(CAP_ID_OFFSET, CAP_ID_RANGE);
}


unsigned long Cap_id_allocator::alloc()
{
	Lock::Guard guard(_lock);

	void *id = nullptr;
	if (!_id_alloc.alloc(CAP_ID_OFFSET, &id))
		throw Out_of_ids();

	return (addr_t)id;
}


void Cap_id_allocator::free(unsigned long id)
{
	Lock::Guard guard(_lock);

	if (id < CAP_ID_RANGE)
		_id_alloc.free((void *)(id & CAP_ID_MASK), CAP_ID_OFFSET);
}


/**************
 ** Mappings **
 **************/

Core_cap_index *Cap_mapping::_get_cap()
{
	return static_cast<Core_cap_index *>(
		cap_map()->insert(platform_specific()->cap_id_alloc()->alloc()));
}


Cap_mapping::Cap_mapping(bool alloc, l4_cap_idx_t remote)
: local(alloc ? Native_capability(*_get_cap()) : Native_capability()), remote(remote) { }


Cap_mapping::Cap_mapping(Native_capability cap, l4_cap_idx_t remote)
: local(cap), remote(remote) { }


void Cap_mapping::map(l4_cap_idx_t task)
{
	if (!local.valid() || !Fiasco::Capability::valid(remote))
		return;

	l4_msgtag_t const tag =
		l4_task_map(task, L4_BASE_TASK_CAP,
		            l4_obj_fpage(local.data()->kcap(), 0, L4_FPAGE_RWX),
		            (l4_cap_idx_t)remote | L4_ITEM_MAP);

	if (l4_msgtag_has_error(tag))
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


Native_capability Rpc_cap_factory::alloc(Native_capability ep)
{
	Core_cap_index const *ref = static_cast<Core_cap_index const *>(ep.data());

	if (!ref || !ref->pt()) {
		warning("RPC capability requested for something that is not a thread");
		return Native_capability();
	}

	unsigned long id;
	try { id = platform_specific()->cap_id_alloc()->alloc(); }
	catch (Cap_id_allocator::Out_of_ids) {
		error("out of capability IDs");
		return Native_capability();
	}

	Core_cap_index *gate = static_cast<Core_cap_index *>(cap_map()->insert(id));
	if (!gate) {
		error("out of capability slots");
		platform_specific()->cap_id_alloc()->free(id);
		return Native_capability();
	}

	/* from here on the entry goes away with its last reference, and the id with it */
	Native_capability const cap(*gate);

	l4_msgtag_t const tag =
		l4_factory_create_gate(L4_BASE_FACTORY_CAP, gate->kcap(),
		                       ref->pt()->thread().local.data()->kcap(), id);
	if (l4_msgtag_has_error(tag)) {
		error("creating a gate failed");
		return Native_capability();
	}

	/* the kernel debugger shows the name of the thread */
	l4_debugger_set_object_name(gate->kcap(), ref->pt()->name());

	gate->session(owner(this));
	gate->pt(ref->pt());

	/* those that are left are destroyed with the factory */
	_pool.insert(new (_md_alloc) Entry(cap));
	return cap;
}


void Rpc_cap_factory::free(Native_capability cap)
{
	Core_cap_index const *gate = static_cast<Core_cap_index const *>(cap.data());

	/* nobody frees what somebody else made */
	if (!gate || gate->session() != owner(this))
		return;

	Entry *found = nullptr;
	_pool.apply(cap, [&] (Entry *entry) {
		found = entry;
		if (entry)
			_pool.remove(entry);
		else
			warning("capability to be freed is not known");
	});
	if (found)
		destroy(_md_alloc, found);
}


Rpc_cap_factory::~Rpc_cap_factory()
{
	_pool.remove_all([this] (Entry *entry) {
		if (entry)
			destroy(_md_alloc, entry);
	});
}
