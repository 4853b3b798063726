/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_RPC_CLIENT_H
#define GENODE_API_BASE_RPC_CLIENT_H

#include <base/ipc.h>

namespace Genode {

	/* A capability that has its interface's functions: call<> of each */
	template <typename IF> class Rpc_client : public Capability<IF>, public IF
	{
		public:

			Rpc_client(Capability<IF> const &served_at) : Capability<IF>(served_at) { }
			virtual ~Rpc_client() { }
	};
}

#endif
