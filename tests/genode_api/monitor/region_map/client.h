/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_REGION_MAP_CLIENT_H
#define GENODE_API_MONITOR_REGION_MAP_CLIENT_H

#include <base/rpc_client.h>
#include <region_map/region_map.h>

namespace Genode {

	struct Region_map_client : Rpc_client<Region_map>
	{
		explicit Region_map_client(Capability<Region_map> cap) : Rpc_client<Region_map>(cap) { }

		Local_addr attach(Dataspace_capability ds, size_t size = 0, off_t offset = 0,
		                  bool use_local_addr = false, Local_addr local_addr = (void *)0,
		                  bool executable = false) override {
			return call<Rpc_attach>(ds, size, offset, use_local_addr, local_addr, executable); }

		void detach(Local_addr at) override { call<Rpc_detach>(at); }

		void fault_handler(Signal_context_capability cap) override { call<Rpc_fault_handler>(cap); }

		State state() override { return call<Rpc_state>(); }

		Dataspace_capability dataspace() override { return call<Rpc_dataspace>(); }
	};
}

#endif
