/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_PD_SESSION_PD_SESSION_H
#define GENODE_API_PD_SESSION_PD_SESSION_H

#include <base/exception.h>
#include <base/rpc_list.h>
#include <region_map/region_map.h>
#include <session/session.h>
#include <thread/capability.h>

/* check.cc compares some opcodes with those that the overlay relies on */
#define PD_SESSION_RPC(F)                                                               \
	F(Rpc_assign_parent, void, assign_parent, (Capability<Parent> by), (by))              \
	F(Rpc_assign_pci, bool, assign_pci, (addr_t config, uint16_t device), (config, device)) \
	F(Rpc_alloc_signal_source, Signal_source_capability, alloc_signal_source, (), ())     \
	F(Rpc_free_signal_source, void, free_signal_source, (Signal_source_capability s), (s)) \
	F(Rpc_alloc_context, Context, alloc_context,                                          \
	  (Signal_source_capability at, unsigned long imprint), (at, imprint))                \
	F(Rpc_free_context, void, free_context, (Context c), (c))                             \
	F(Rpc_submit, void, submit, (Context to, unsigned count), (to, count))                \
	F(Rpc_alloc_rpc_cap, Native_capability, alloc_rpc_cap, (Native_capability ep), (ep))  \
	F(Rpc_free_rpc_cap, void, free_rpc_cap, (Native_capability gate), (gate))             \
	F(Rpc_address_space, Map, address_space, (), ())                                      \
	F(Rpc_stack_area, Map, stack_area, (), ())                                            \
	F(Rpc_linker_area, Map, linker_area, (), ())                                          \
	F(Rpc_native_pd, Capability<Native_pd>, native_pd, (), ())

namespace Genode {

	struct Parent;
	struct Signal_context;

	struct Pd_session : Session
	{
		struct Native_pd { };

		struct Invalid_signal_source : Exception { };
		struct Out_of_metadata       : Exception { };

		typedef Capability<Region_map>     Map;
		typedef Capability<Signal_context> Context;
		typedef Capability<Signal_source>  Signal_source_capability;

		static char const *service_name() { return "PD"; }

		RPC_INTERFACE(PD_SESSION_RPC);
	};
}

#endif
