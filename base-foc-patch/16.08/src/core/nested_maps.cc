/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's region maps: all that base's source has, and a check before it attaches
 */
#include <cpu_session_component.h>
#include <region_map_component.h>

#define attach attach_unchecked
#include <region_map_component.cc>
#undef attach

using namespace Genode;


namespace {

	/*
	 * Base looks for a page in five maps, one within the other. Core serves nobody
	 * while it looks here, so it looks at no more than so many regions.
	 */
	enum { DEPTH = 5, REGIONS = 10000 };

	/* The map that a dataspace stands for */
	Region_map_component *map_of(Rpc_entrypoint &ep, Dataspace_component *ds)
	{
		Native_capability     const cap = ds ? ds->sub_rm() : Native_capability();
		Region_map_component       *map = nullptr;

		if (cap.valid())
			ep.apply(cap, [&] (Region_map_component *found) { map = found; });
		return map;
	}
}


/* Also true if it is too much to look at. Only core's entrypoint changes the regions */
bool Region_map_component::contains(Region_map_component const &other, unsigned depth, unsigned &regions)
{
	if (this == &other || !depth)
		return true;

	for (Rm_region_ref *r = _regions.first(); r; r = r->next()) {
		if (!regions--)
			return true;
		Region_map_component * const map = map_of(*_session_ep, r->region()->dataspace());
		if (map && map->contains(other, depth - 1, regions))
			return true;
	}
	return false;
}


Region_map::Local_addr
Region_map_component::attach(Dataspace_capability cap, size_t size, off_t offset,
                             bool use_local_addr, Region_map::Local_addr local_addr,
                             bool executable)
{
	Region_map_component *map     = nullptr;
	unsigned              regions = REGIONS;

	_ds_ep->apply(cap, [&] (Dataspace_component *ds) { map = map_of(*_session_ep, ds); });
	if (map && map->contains(*this, DEPTH, regions))
		throw Region_conflict();
	return attach_unchecked(cap, size, offset, use_local_addr, local_addr, executable);
}
