/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_SIGNAL_SOURCE_COMPONENT_H
#define GENODE_API_CORE_SIGNAL_SOURCE_COMPONENT_H

#include <base/rpc_server.h>
#include <base/signal.h>
#include <signal_source/rpc_object.h>

namespace Genode {

	struct Signal_context { GENODE_RPC_INTERFACE(); };

	struct Signal_context_component : Rpc_object<Signal_context>
	{
		int count = 0;

		int cnt() { return count; }
	};

	/* The entry becomes that of an IRQ object */
	struct Signal_source_component : Signal_source_rpc_object
	{
		explicit Signal_source_component(Cap_index &entry) : Signal_source_rpc_object(entry) { }

		Signal wait_for_signal() override { return Signal(); }
	};
}

#endif
