/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_RPC_CLIENT_H
#define GENODE_API_MONITOR_BASE_RPC_CLIENT_H

#include <base/capability.h>
#include <base/ipc.h>

namespace Genode {

	template <typename RPC_INTERFACE>
	struct Rpc_client : Capability<RPC_INTERFACE>, RPC_INTERFACE
	{
		typedef RPC_INTERFACE Rpc_interface;

		Rpc_client(Capability<RPC_INTERFACE> const &cap) : Capability<RPC_INTERFACE>(cap) { }
	};
}

#endif
