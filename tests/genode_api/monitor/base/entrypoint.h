/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_ENTRYPOINT_H
#define GENODE_API_MONITOR_BASE_ENTRYPOINT_H

#include <base/rpc_server.h>
#include <base/signal.h>

namespace Genode {

	class Entrypoint
	{
		private:

			Rpc_entrypoint &_rpc;

		public:

			Entrypoint(Rpc_entrypoint &rpc) : _rpc(rpc) { }

			Rpc_entrypoint &rpc_ep() { return _rpc; }

			template <typename RPC_INTERFACE, typename SERVER>
			Capability<RPC_INTERFACE> manage(Rpc_object<RPC_INTERFACE, SERVER> &obj) {
				return _rpc.manage(&obj); }

			template <typename RPC_INTERFACE, typename SERVER>
			void dissolve(Rpc_object<RPC_INTERFACE, SERVER> &obj) { _rpc.dissolve(&obj); }

			Signal_context_capability manage(Signal_dispatcher_base &);
			void                      dissolve(Signal_dispatcher_base &);
	};
}

#endif
