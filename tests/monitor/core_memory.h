/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory in core: dataspaces, RAM sessions, region maps */
#ifndef MONITOR_TEST_CORE_MEMORY_H
#define MONITOR_TEST_CORE_MEMORY_H

#include <pd_session/pd_session.h>
#include <ram_session/ram_session.h>
#include <region_map/region_map.h>

#include <vector>

#include "capabilities.h"
#include "core.h"

namespace Core_model {

template <typename EXCEPTION> void metadata()
{
	if (!world.out_of_metadata)
		return;
	world.out_of_metadata--;
	throw EXCEPTION();
}


template <typename INTERFACE> struct Memory : Rpc_object<INTERFACE>
{
	std::vector<char> bytes;

	Memory(size_t size) : bytes(size) { world.allocated += size; core_ep().manage(this); }
	~Memory() { world.allocated -= bytes.size(); core_ep().dissolve(this); }

	size_t size()      override { return bytes.size(); }
	addr_t phys_addr() override { return 0; }
	bool   writable()  override { return true; }
};

typedef Memory<Dataspace>     Ds;


struct Ram : Rpc_object<Ram_session>
{
	Ram   *ref = nullptr;
	size_t limit, taken = 0;

	std::vector<Ds *> all;

	Ram(size_t limit) : limit(limit) { core_ep().manage(this); }

	~Ram()
	{
		while (!all.empty())
			free(reinterpret_cap_cast<Ram_dataspace>(all.back()->cap()));
		if (ref)
			ref->limit += limit;
		core_ep().dissolve(this);
	}

	Ram_dataspace_capability alloc(size_t size, Cache_attribute) override
	{
		Core_turn const turn;
		metadata<Out_of_metadata>();
		size = (size + 4095) & ~4095UL;
		if (size > limit - taken)
			throw Quota_exceeded();
		taken += size;
		all.push_back(new Ds(size));
		return reinterpret_cap_cast<Ram_dataspace>(all.back()->cap());
	}

	void free(Ram_dataspace_capability cap) override
	{
		Core_turn const turn;
		for (size_t i = 0; i < all.size(); i++)
			if (all[i]->cap() == cap) {
				taken -= all[i]->bytes.size();
				delete all[i];
				all.erase(all.begin() + i);
				return;
			}
	}

	int ref_account(Ram_session_capability cap) override
	{
		Core_turn const turn;
		ref = server<Ram>(cap);
		return ref ? 0 : -1;
	}

	int transfer_quota(Ram_session_capability to, size_t amount) override
	{
		Core_turn const turn;
		Ram *other = server<Ram>(to);

		/* as core does it, with what that means for an amount that is nearly negative */
		if (!other || limit < amount + taken)
			return -3;
		limit -= amount;
		other->limit += amount;
		return 0;
	}

	size_t quota() override { Core_turn const turn; return limit; }
	size_t used()  override { Core_turn const turn; return taken; }
};


/* Map of a component's address space, or of the monitor's, where host addresses are */
struct Rm : Rpc_object<Region_map>
{
	struct Region { addr_t at; size_t size; Dataspace_capability ds; };

	std::map<addr_t, Region> regions;
	bool const               local;
	Ds                       own { 1UL << 20 };

	Rm(bool local) : local(local) { core_ep().manage(this); }

	Local_addr attach(Dataspace_capability cap, size_t size, off_t offset, bool fixed,
	                  Local_addr where, bool) override
	{
		Core_turn const turn;
		metadata<Out_of_metadata>();

		Ds *ds = server<Ds>(cap);
		if (!ds)
			throw Invalid_dataspace();
		if (local)
			return ds->bytes.data() + offset;

		addr_t at = where;
		if (!size)
			size = ds->bytes.size() - offset;
		if (!fixed)
			for (at = 0x400000; regions.count(at); at += 0x100000);
		if (regions.count(at))
			throw Region_conflict();
		regions[at] = Region { at, size, cap };
		return at;
	}

	void detach(Local_addr at) override
	{
		Core_turn const turn;
		regions.erase((addr_t)at);
	}

	void  fault_handler(Signal_context_capability) override { }
	State state() override                             { return State(); }
	Dataspace_capability dataspace() override          { return own.cap(); }
};

} /* namespace Core_model */

#endif
