/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_PD_SESSION_PD_SESSION_H
#define GENODE_API_PD_SESSION_PD_SESSION_H

#include <base/exception.h>
#include <region_map/region_map.h>
#include <session/session.h>
#include <thread/capability.h>

namespace Genode { struct Pd_session; struct Parent; struct Signal_context; }


struct Genode::Pd_session : Session
{
	static char const *service_name() { return "PD"; }

	struct Out_of_metadata       : Exception { };
	struct Invalid_signal_source : Exception { };
	struct Native_pd             { };

	typedef Capability<Signal_source> Signal_source_capability;

	virtual ~Pd_session() { }

	virtual void assign_parent(Capability<Parent>) = 0;
	virtual bool assign_pci(addr_t pci_config_memory_address, uint16_t bdf) = 0;

	virtual Signal_source_capability alloc_signal_source() = 0;
	virtual void                     free_signal_source(Signal_source_capability) = 0;

	virtual Capability<Signal_context> alloc_context(Signal_source_capability,
	                                                 unsigned long imprint) = 0;
	virtual void free_context(Capability<Signal_context>) = 0;
	virtual void submit(Capability<Signal_context>, unsigned cnt = 1) = 0;

	virtual Native_capability alloc_rpc_cap(Native_capability ep) = 0;
	virtual void              free_rpc_cap(Native_capability) = 0;

	virtual Capability<Region_map> address_space() = 0;
	virtual Capability<Region_map> stack_area() = 0;
	virtual Capability<Region_map> linker_area() = 0;
	virtual Capability<Native_pd>  native_pd() = 0;

	GENODE_RPC(Rpc_assign_parent, void, assign_parent, Capability<Parent>);
	GENODE_RPC(Rpc_assign_pci, bool, assign_pci, addr_t, uint16_t);
	GENODE_RPC_THROW(Rpc_alloc_signal_source, Signal_source_capability, alloc_signal_source,
	                 GENODE_TYPE_LIST(Out_of_metadata));
	GENODE_RPC(Rpc_free_signal_source, void, free_signal_source, Signal_source_capability);
	GENODE_RPC_THROW(Rpc_alloc_context, Capability<Signal_context>, alloc_context,
	                 GENODE_TYPE_LIST(Out_of_metadata, Invalid_signal_source),
	                 Signal_source_capability, unsigned long);
	GENODE_RPC(Rpc_free_context, void, free_context, Capability<Signal_context>);
	GENODE_RPC(Rpc_submit, void, submit, Capability<Signal_context>, unsigned);
	GENODE_RPC_THROW(Rpc_alloc_rpc_cap, Native_capability, alloc_rpc_cap,
	                 GENODE_TYPE_LIST(Out_of_metadata), Native_capability);
	GENODE_RPC(Rpc_free_rpc_cap, void, free_rpc_cap, Native_capability);
	GENODE_RPC(Rpc_address_space, Capability<Region_map>, address_space);
	GENODE_RPC(Rpc_stack_area, Capability<Region_map>, stack_area);
	GENODE_RPC(Rpc_linker_area, Capability<Region_map>, linker_area);
	GENODE_RPC(Rpc_native_pd, Capability<Native_pd>, native_pd);

	/* an opcode is a place in this list */
	GENODE_RPC_INTERFACE(Rpc_assign_parent, Rpc_assign_pci, Rpc_alloc_signal_source,
	                     Rpc_free_signal_source, Rpc_alloc_context, Rpc_free_context,
	                     Rpc_submit, Rpc_alloc_rpc_cap, Rpc_free_rpc_cap, Rpc_address_space,
	                     Rpc_stack_area, Rpc_linker_area, Rpc_native_pd);
};

#endif
