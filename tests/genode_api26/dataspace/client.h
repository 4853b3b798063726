/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_DATASPACE_CLIENT_H
#define GENODE_API26_DATASPACE_CLIENT_H

#include <base/rpc_client.h>
#include <base/rpc_list.h>
#include <dataspace/capability.h>

#define DATASPACE_RPC(F)                         \
	F(Rpc_size,      size_t, size,      (), ())    \
	F(Rpc_writeable, bool,   writeable, (), ())

namespace Genode {

	struct Dataspace { RPC_INTERFACE(DATASPACE_RPC); };

	struct Dataspace_client : Rpc_client<Dataspace>
	{
		using Rpc_client::Rpc_client;

		RPC_CLIENT(DATASPACE_RPC)
	};
}

#endif
