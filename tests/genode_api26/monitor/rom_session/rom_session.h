/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_ROM_SESSION_ROM_SESSION_H
#define GENODE_API26_MONITOR_ROM_SESSION_ROM_SESSION_H

#include <base/signal.h>
#include <dataspace/capability.h>
#include <session/session.h>
#include <util/interface.h>

namespace Genode {

	struct Rom_dataspace : Dataspace { };

	typedef Capability<Rom_dataspace> Rom_dataspace_capability;

	struct Rom_session : Session, Interface
	{
		virtual Rom_dataspace_capability dataspace() = 0;
		virtual bool update() = 0;
		virtual void sigh(Signal_context_capability) = 0;

		GENODE_RPC(Rpc_dataspace, Rom_dataspace_capability, dataspace);
		GENODE_RPC(Rpc_sigh, void, sigh, Signal_context_capability);
		GENODE_RPC(Rpc_update, bool, update);
		GENODE_RPC_INTERFACE(Rpc_dataspace, Rpc_update, Rpc_sigh);
	};
}

#endif
