/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_RAM_SESSION_RAM_SESSION_H
#define GENODE_API_MONITOR_RAM_SESSION_RAM_SESSION_H

#include <base/cache.h>
#include <dataspace/client.h>
#include <ram_session/capability.h>
#include <session/session.h>

namespace Genode {

	struct Ram_dataspace : Dataspace { };

	typedef Capability<Ram_dataspace> Ram_dataspace_capability;

	struct Ram_session : Session
	{
		static char const *service_name() { return "RAM"; }

		struct Alloc_failed    : Exception    { };
		struct Quota_exceeded  : Alloc_failed { };
		struct Out_of_metadata : Alloc_failed { };

		virtual ~Ram_session() { }

		virtual Ram_dataspace_capability alloc(size_t size, Cache_attribute cached = CACHED) = 0;
		virtual void   free(Ram_dataspace_capability) = 0;
		virtual int    ref_account(Ram_session_capability) = 0;
		virtual int    transfer_quota(Ram_session_capability, size_t amount) = 0;
		virtual size_t quota() = 0;
		virtual size_t used() = 0;

		GENODE_RPC_THROW(Rpc_alloc, Ram_dataspace_capability, alloc,
		                 GENODE_TYPE_LIST(Quota_exceeded, Out_of_metadata), size_t, Cache_attribute);
		GENODE_RPC(Rpc_free, void, free, Ram_dataspace_capability);
		GENODE_RPC(Rpc_ref_account, int, ref_account, Ram_session_capability);
		GENODE_RPC(Rpc_transfer_quota, int, transfer_quota, Ram_session_capability, size_t);
		GENODE_RPC(Rpc_quota, size_t, quota);
		GENODE_RPC(Rpc_used, size_t, used);
		GENODE_RPC_INTERFACE(Rpc_alloc, Rpc_free, Rpc_ref_account, Rpc_transfer_quota, Rpc_quota,
		                     Rpc_used);
	};
}

#endif
