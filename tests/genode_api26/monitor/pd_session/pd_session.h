/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_PD_SESSION_PD_SESSION_H
#define GENODE_API26_MONITOR_PD_SESSION_PD_SESSION_H

#include <base/affinity.h>
#include <base/alloc_error.h>
#include <base/ram.h>
#include <base/signal.h>
#include <region_map/region_map.h>
#include <session/session.h>
#include <util/attempt.h>

namespace Genode {

	struct Parent;
	struct Signal_context;
	class  Signal_source;

	struct Pd_account : Interface
	{
		enum class Transfer_result { OK, EXCEEDED, INVALID };
	};

	struct Pd_session : Session, Pd_account
	{
		struct Native_pd;
		struct System_control;

		struct Virt_range { addr_t start; size_t num_bytes; };
		struct Imprint    { addr_t value; };

		enum class Map_result         { OK, OUT_OF_RAM, OUT_OF_CAPS };
		enum class Ref_account_result { OK, INVALID_SESSION };

		typedef Attempt<Ram_dataspace_capability, Alloc_error>    Alloc_ram_result;
		typedef Attempt<Capability<Signal_source>, Alloc_error>   Signal_source_result;
		typedef Attempt<Capability<Signal_context>, Alloc_error>  Alloc_context_result;
		typedef Attempt<Native_capability, Alloc_error>           Alloc_rpc_cap_result;
		typedef Attempt<Ok, Alloc_error>                          Attach_dma_result;

		enum { RAM_QUOTA = 1 };

		virtual void assign_parent(Capability<Parent>) = 0;
		virtual bool assign_pci(addr_t, uint16_t) = 0;
		virtual Map_result map(Virt_range) = 0;
		virtual Alloc_ram_result alloc_ram(size_t, Cache = CACHED) = 0;
		virtual void free_ram(Ram_dataspace_capability) = 0;
		virtual size_t ram_size(Ram_dataspace_capability) = 0;
		virtual Signal_source_result signal_source() = 0;
		virtual void free_signal_source(Capability<Signal_source>) = 0;
		virtual Alloc_context_result alloc_context(Capability<Signal_source>, Imprint) = 0;
		virtual void free_context(Capability<Signal_context>) = 0;
		virtual void submit(Capability<Signal_context>, unsigned = 1) = 0;
		virtual Alloc_rpc_cap_result alloc_rpc_cap(Native_capability) = 0;
		virtual void free_rpc_cap(Native_capability) = 0;
		virtual Capability<Region_map> address_space() = 0;
		virtual Capability<Region_map> stack_area() = 0;
		virtual Capability<Region_map> linker_area() = 0;
		virtual Ref_account_result ref_account(Capability<Pd_account>) = 0;
		virtual Transfer_result transfer_quota(Capability<Pd_account>, Cap_quota) = 0;
		virtual Transfer_result transfer_quota(Capability<Pd_account>, Ram_quota) = 0;
		virtual Cap_quota cap_quota() const = 0;
		virtual Cap_quota used_caps() const = 0;
		virtual Ram_quota ram_quota() const = 0;
		virtual Ram_quota used_ram() const = 0;
		virtual Capability<Native_pd> native_pd() = 0;
		virtual Capability<System_control> system_control_cap(Affinity::Location) = 0;
		virtual addr_t dma_addr(Ram_dataspace_capability) = 0;
		virtual Attach_dma_result attach_dma(Dataspace_capability, addr_t) = 0;

		GENODE_RPC(Rpc_ram_quota, Ram_quota, ram_quota);
		GENODE_RPC_INTERFACE(Rpc_ram_quota);
	};
}

#endif
