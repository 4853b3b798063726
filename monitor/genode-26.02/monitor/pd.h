/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PD session: memory, RPC objects, signals, region maps, and the log
 *
 * The sandbox library calls it directly, in the main thread: for quota, and for
 * the program that it loads before the component runs.
 */
#ifndef CAPLOG_PD_H
#define CAPLOG_PD_H

#include <pd_session/pd_session.h>
#include <signal_source/foc_signal_source.h>

#include "gate.h"
#include "kind.h"
#include "session_base.h"


struct Caplog::Pd : Served<Pd_session>, Session_base
{
	Target &target;

	Pd(Target &target, Gate &gate) : Served(gate), target(target) { }

	/* Gates bound to a thread, for lines that exist; core keeps the capabilities */
	int make_gates(Thread_info &, caplog_object *const *lines, uint32_t count, caplog_diag *);

	/* Capability of a gate, which is asked for when it is needed */
	Native_capability gate(Object &);

	/* Fresh memory for a line that carries some, the log's as well */
	int allocate(caplog_object &, caplog_diag *);

	/* Quota that a session of the target got, for core's session */
	void upgrade(Session::Resources const &);

	void                   assign_parent(Capability<Parent>) override;
	bool                   assign_pci(addr_t, uint16_t) override { return false; }
	Map_result             map(Virt_range) override;
	Alloc_ram_result       alloc_ram(size_t, Cache) override;
	void                   free_ram(Ram_dataspace_capability) override;
	size_t                 ram_size(Ram_dataspace_capability) override;
	Signal_source_result   signal_source() override;
	void                   free_signal_source(Capability<Signal_source>) override;
	Alloc_context_result   alloc_context(Capability<Signal_source>, Imprint) override;
	void                   free_context(Signal_context_capability) override;
	void                   submit(Signal_context_capability, unsigned) override;
	Alloc_rpc_cap_result   alloc_rpc_cap(Native_capability) override;
	void                   free_rpc_cap(Native_capability) override;
	Capability<Region_map> address_space() override;
	Capability<Region_map> stack_area() override;
	Capability<Region_map> linker_area() override;
	Ref_account_result     ref_account(Capability<Pd_account>) override;
	Transfer_result        transfer_quota(Capability<Pd_account>, Cap_quota) override;
	Transfer_result        transfer_quota(Capability<Pd_account>, Ram_quota) override;
	Cap_quota              cap_quota() const override;
	Cap_quota              used_caps() const override;
	Ram_quota              ram_quota() const override;
	Ram_quota              used_ram() const override;
	Capability<Native_pd>  native_pd() override;
	Capability<System_control> system_control_cap(Affinity::Location) override;
	addr_t                 dma_addr(Ram_dataspace_capability) override;
	Attach_dma_result      attach_dma(Dataspace_capability, addr_t) override;
	Dataspace_capability   cap_space_dataspace() override;

	Native_capability given() const override { return cap(); }

	static int make(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int make_source(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int make_semaphore(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int make_context(Target &, caplog_object &, Saved const &, caplog_diag *);

	static uint64_t pending(Target &, Object &);
	static void finish_context(Target &, Object &, caplog_object &);

	private:

		uint64_t _source_id();
		int      _make_log(Object *&, size_t);
};

#endif
