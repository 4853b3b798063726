/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_SIGNAL_SOURCE_COMPONENT_H
#define GENODE_API_CORE_SIGNAL_SOURCE_COMPONENT_H

#include <base/rpc_server.h>
#include <base/signal.h>

namespace Genode {

	struct Signal_context { GENODE_RPC_INTERFACE(); };

	struct Signal_context_component : Rpc_object<Signal_context>
	{
		int count = 0;

		int cnt() { return count; }
	};
}

#endif
