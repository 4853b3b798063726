/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PD session: RPC objects, signals, region maps, and the log
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

	void assign_parent(Capability<Parent>) override;
	bool assign_pci(addr_t, uint16_t) override;
	Capability<Signal_source> alloc_signal_source() override;
	void free_signal_source(Capability<Signal_source>) override;
	Capability<Signal_context> alloc_context(Capability<Signal_source>, unsigned long) override;
	void free_context(Capability<Signal_context>) override;
	void submit(Capability<Signal_context>, unsigned) override;
	Native_capability alloc_rpc_cap(Native_capability) override;
	void free_rpc_cap(Native_capability) override;
	Capability<Region_map> address_space() override;
	Capability<Region_map> stack_area() override;
	Capability<Region_map> linker_area() override;
	Capability<Native_pd>  native_pd() override;
	Dataspace_capability   cap_space_dataspace() override;

	Native_capability  given() const override { return cap(); }
	Session_capability real()  const override;

	static int make(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int make_source(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int make_semaphore(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int make_context(Target &, caplog_object &, Saved const &, caplog_diag *);

	static uint64_t pending(Target &, Object &);
	static void finish_context(Target &, Object &, caplog_object &);

	private:

		uint64_t _source_id();
};

#endif
