/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_PD_SESSION_CLIENT_H
#define GENODE_API26_MONITOR_PD_SESSION_CLIENT_H

#include <base/rpc_client.h>
#include <pd_session/pd_session.h>

namespace Genode {

	struct Pd_session_client : Rpc_client<Pd_session>
	{
		explicit Pd_session_client(Capability<Pd_session>);

		void assign_parent(Capability<Parent>) override;
		bool assign_pci(addr_t, uint16_t) override;
		Map_result map(Virt_range) override;
		Alloc_ram_result alloc_ram(size_t, Cache = CACHED) override;
		void free_ram(Ram_dataspace_capability) override;
		size_t ram_size(Ram_dataspace_capability) override;
		Signal_source_result signal_source() override;
		void free_signal_source(Capability<Signal_source>) override;
		Alloc_context_result alloc_context(Capability<Signal_source>, Imprint) override;
		void free_context(Capability<Signal_context>) override;
		void submit(Capability<Signal_context>, unsigned = 1) override;
		Alloc_rpc_cap_result alloc_rpc_cap(Native_capability) override;
		void free_rpc_cap(Native_capability) override;
		Capability<Region_map> address_space() override;
		Capability<Region_map> stack_area() override;
		Capability<Region_map> linker_area() override;
		Ref_account_result ref_account(Capability<Pd_account>) override;
		Transfer_result transfer_quota(Capability<Pd_account>, Cap_quota) override;
		Transfer_result transfer_quota(Capability<Pd_account>, Ram_quota) override;
		Cap_quota cap_quota() const override;
		Cap_quota used_caps() const override;
		Ram_quota ram_quota() const override;
		Ram_quota used_ram() const override;
		Capability<Native_pd> native_pd() override;
		Capability<System_control> system_control_cap(Affinity::Location) override;
		addr_t dma_addr(Ram_dataspace_capability) override;
		Attach_dma_result attach_dma(Dataspace_capability, addr_t) override;
	};
}

#endif
