/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_PD_SESSION_CLIENT_H
#define GENODE_API_PD_SESSION_CLIENT_H

#include <base/rpc_client.h>
#include <pd_session/capability.h>

namespace Genode {

	struct Pd_session_client : Rpc_client<Pd_session>
	{
		using Rpc_client::Rpc_client;
		RPC_CLIENT(PD_SESSION_RPC)
	};
}

#endif
