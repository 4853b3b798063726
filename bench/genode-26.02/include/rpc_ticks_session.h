/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Service that does nothing, and hands out capabilities
 */
#ifndef RPC_TICKS_SESSION_H
#define RPC_TICKS_SESSION_H

#include <base/rpc.h>
#include <session/session.h>

namespace Rpc_ticks {

	enum { OBJECTS = 16 };

	struct Session : Genode::Session
	{
		static char const *service_name() { return "Rpc_ticks"; }

		enum { CAP_QUOTA = 4, RAM_QUOTA = 16*1024 };

		virtual void nop() = 0;
		virtual Genode::Native_capability object(unsigned i) = 0;

		GENODE_RPC(Rpc_nop, void, nop);
		GENODE_RPC(Rpc_object, Genode::Native_capability, object, unsigned);
		GENODE_RPC_INTERFACE(Rpc_nop, Rpc_object);
	};
}

#endif
