/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_REGION_MAP_COMPONENT_H
#define GENODE_API_CORE_REGION_MAP_COMPONENT_H

#include <dataspace_component.h>
#include <pager.h>

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

	/* One region, `at` an address within the component's own map */
	struct Region_map_component
	{
		Rm_region region { 0, 0, 0, nullptr };
		addr_t    at = 0;

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
