/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_RM_SESSION_CONNECTION_H
#define GENODE_API_MONITOR_RM_SESSION_CONNECTION_H

#include <region_map/region_map.h>

namespace Genode {

	/* Of core: region maps besides those of a PD */
	struct Rm_connection
	{
		Capability<Region_map> create(size_t);
		void                   destroy(Capability<Region_map>);
	};
}

#endif
