/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_REGION_MAP_COMPONENT_H
#define GENODE_API_CORE_REGION_MAP_COMPONENT_H

#include <dataspace_component.h>
#include <pager.h>
#include <region_map/region_map.h>

namespace Genode {

	struct Rm_region
	{
		addr_t               _base;
		size_t               _size;
		addr_t               _offset; /* in the dataspace */
		Dataspace_component *_ds;

		addr_t               base()      const { return _base; }
		size_t               size()      const { return _size; }
		Dataspace_component *dataspace() const { return _ds; }
	};

	struct Served_region_map : Region_map { GENODE_RPC_INTERFACE(); };

	/* One region that has pages, `at` an address within the component's own map */
	struct Region_map_component : Rpc_object<Served_region_map>
	{
		struct Rm_region_ref
		{
			Rm_region     *_region;
			Rm_region_ref *_next;

			Rm_region     *region() { return _region; }
			Rm_region_ref *next()   { return _next; }
		};

		struct Regions
		{
			Rm_region_ref *_first = nullptr;

			Rm_region_ref *first()              { return _first; }
			void           insert(Rm_region &r) { _first = new Rm_region_ref { &r, _first }; }
		};

		/* Stands for the map, where that is attached in another */
		struct As_dataspace : Dataspace_component
		{
			Native_capability map;

			As_dataspace() : Dataspace_component(0, 4096, CACHED, true, false, true) { }

			Native_capability sub_rm() override { return map; }
		};

		Rm_region       region { 0, 0, 0, nullptr };
		addr_t          at = 0;
		Rpc_entrypoint *_ds_ep, *_session_ep;
		Regions         _regions;

		/* the next one of its session */
		Region_map_component *_next = nullptr;

		Region_map_component *next() const { return _next; }

		As_dataspace    _ds;

		explicit Region_map_component(Rpc_entrypoint *ep = nullptr) : _ds_ep(ep), _session_ep(ep) { }

		Local_addr attach(Dataspace_capability, size_t, off_t, bool, Local_addr, bool) override;
		void       detach(Local_addr) override { }

		template <typename FN> bool apply_to_dataspace(addr_t address, FN const &fn)
		{
			addr_t const in = address - at - region.base();

			return in < region.size() ? fn(this, &region, in + region._offset, at)
			                          : fn(this, nullptr, 0, 0);
		}
	};

	struct Rm_client : Pager_object
	{
		Region_map_component *_map = nullptr;

		Region_map_component *member_rm() { return _map; }
	};
}

#endif
