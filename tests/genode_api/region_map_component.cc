/* SPDX-License-Identifier: BSD-2-Clause */
/* Source of base's region maps: one that attaches anything */
#include <region_map_component.h>

using namespace Genode;

Region_map::Local_addr
Region_map_component::attach(Dataspace_capability cap, size_t size, off_t, bool,
                             Region_map::Local_addr local_addr, bool)
{
	_ds_ep->apply(cap, [&] (Dataspace_component *ds) {
		if (!ds)
			throw Invalid_dataspace();
		_regions.insert(*new Rm_region { local_addr, size, 0, ds });
	});
	return local_addr;
}
