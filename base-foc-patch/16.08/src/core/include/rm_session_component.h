/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's RM session, which destroys region maps of its own only
 *
 * Genode's destroys any region map, those that are part of a PD session too, and
 * does so while it uses it: core's entrypoint waits for itself then.
 */
#ifndef CAPLOG_RM_SESSION_COMPONENT_H
#define CAPLOG_RM_SESSION_COMPONENT_H

/* what Genode's header includes: the words below are not for this one */
#include <region_map_component.h>

#define Rm_session_component Base_rm_session_component
#define private              protected
#include_next <rm_session_component.h>
#undef private
#undef Rm_session_component

namespace Genode { struct Rm_session_component; }


struct Genode::Rm_session_component : Base_rm_session_component
{
	using Base_rm_session_component::Base_rm_session_component;

	void destroy(Capability<Region_map> cap) override
	{
		Lock::Guard guard(_region_maps_lock);

		Region_map_component *named = nullptr;
		_ep.apply(cap, [&] (Region_map_component *found) { named = found; });

		Region_map_component *own = _region_maps.first();
		while (own && own != named)
			own = own->next();
		if (own)
			_destroy(*own);
	}
};

#endif
