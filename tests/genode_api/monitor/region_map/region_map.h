/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_REGION_MAP_REGION_MAP_H
#define GENODE_API_MONITOR_REGION_MAP_REGION_MAP_H

#include <base/exception.h>
#include <base/signal.h>
#include <base/stdint.h>
#include <dataspace/capability.h>
#include <thread/capability.h>

namespace Genode {

	struct Region_map
	{
		struct State { int type = 0; addr_t addr = 0; };

		class Local_addr
		{
			private:

				void *_ptr = nullptr;

			public:

				Local_addr() { }
				template <typename T> Local_addr(T ptr) : _ptr((void *)ptr) { }
				template <typename T> operator T () { return (T)_ptr; }
		};

		struct Attach_failed     : Exception     { };
		struct Invalid_args      : Attach_failed { };
		struct Invalid_dataspace : Attach_failed { };
		struct Region_conflict   : Attach_failed { };
		struct Out_of_metadata   : Attach_failed { };

		virtual ~Region_map() { }

		virtual Local_addr attach(Dataspace_capability, size_t size = 0, off_t offset = 0,
		                          bool use_local_addr = false,
		                          Local_addr local_addr = (void *)0,
		                          bool executable = false) = 0;
		virtual void  detach(Local_addr) = 0;
		virtual void  fault_handler(Signal_context_capability) = 0;
		virtual State state() = 0;
		virtual Dataspace_capability dataspace() = 0;

		GENODE_RPC_THROW(Rpc_attach, Local_addr, attach,
		                 GENODE_TYPE_LIST(Invalid_dataspace, Region_conflict, Out_of_metadata,
		                                  Invalid_args),
		                 Dataspace_capability, size_t, off_t, bool, Local_addr, bool);
		GENODE_RPC(Rpc_detach, void, detach, Local_addr);
		GENODE_RPC(Rpc_fault_handler, void, fault_handler, Signal_context_capability);
		GENODE_RPC(Rpc_state, State, state);
		GENODE_RPC(Rpc_dataspace, Dataspace_capability, dataspace);
		GENODE_RPC_INTERFACE(Rpc_attach, Rpc_detach, Rpc_fault_handler, Rpc_state, Rpc_dataspace);
	};
}

#endif
