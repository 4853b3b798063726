/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_ROM_SESSION_ROM_SESSION_H
#define GENODE_API_MONITOR_ROM_SESSION_ROM_SESSION_H

#include <base/signal.h>
#include <dataspace/client.h>
#include <session/session.h>

namespace Genode {

	struct Rom_dataspace : Dataspace { };

	typedef Capability<Rom_dataspace> Rom_dataspace_capability;

	struct Rom_session : Session
	{
		static char const *service_name() { return "ROM"; }

		virtual ~Rom_session() { }

		virtual Rom_dataspace_capability dataspace() = 0;
		virtual bool update() { return false; }
		virtual void sigh(Signal_context_capability) = 0;

		GENODE_RPC(Rpc_dataspace, Rom_dataspace_capability, dataspace);
		GENODE_RPC(Rpc_sigh, void, sigh, Signal_context_capability);
		GENODE_RPC(Rpc_update, bool, update);
		GENODE_RPC_INTERFACE(Rpc_dataspace, Rpc_update, Rpc_sigh);
	};

	typedef Capability<Rom_session> Rom_session_capability;
}

#endif
