/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_REGION_MAP_CLIENT_H
#define GENODE_API26_MONITOR_REGION_MAP_CLIENT_H

#include <region_map/region_map.h>

namespace Genode {

	struct Region_map_client : Region_map
	{
		explicit Region_map_client(Capability<Region_map>);

		Attach_result        attach(Dataspace_capability, Attr const &) override;
		void                 detach(addr_t) override;
		void                 fault_handler(Signal_context_capability) override;
		Fault                fault() override;
		Dataspace_capability dataspace() override;
	};
}

#endif
