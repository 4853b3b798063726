/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A PD session frees, and is paid for, only what it made
 */
#include "scene.h"

#include <dataspace_component.h>
#include <pd_root.h>


static Ram_dataspace_capability as_ram(Native_capability const &cap) {
	return reinterpret_cap_cast<Dataspace>(cap); }

static Pd_session_component &new_session(Pd_root &root)
{
	return *root._create_session("").convert<Pd_session_component *>(
		[] (Pd_session_component &session) { return &session; },
		[] (Session_error)                 { return (Pd_session_component *)nullptr; });
}

void test_frees()
{
	Scene                &s      = *new Scene;
	Heap                 &memory = *new Heap;
	Pd_root              &root   = *new Pd_root(s.ep, memory);
	Pd_session_component &pd     = new_session(root), &other = new_session(root);

	/* a gate: once, as long as anybody has it */
	Native_capability const thread = s.thread.platform_thread().thread().local;
	Native_capability const gate   = gate_of(pd.factory(), thread);
	check(gate.valid());
	other.free_rpc_cap(gate);
	pd.free_rpc_cap(thread);
	pd.free_rpc_cap(s.sem);
	pd.free_rpc_cap(Native_capability());
	check(!pd.freed);
	check(!other.freed);
	pd.free_rpc_cap(gate);
	pd.free_rpc_cap(gate);
	check(pd.freed == 1);
	check(!gate_of(pd.factory(), gate).valid());

	/* memory */
	Dataspace_component &ds = *new Dataspace_component(pd.ram());
	s.ep.manage(&ds);
	Ram_dataspace_capability const ram = as_ram(ds.Rpc_object_base::cap());
	other.free_ram(ram);
	pd.free_ram(as_ram(s.gate));
	pd.free_ram(Ram_dataspace_capability());
	check(pd.freed == 1);
	check(!other.freed);
	pd.free_ram(ram);
	check(pd.freed == 2);

	/* contexts: those of the one source of the session */
	Signal_source_component  &source  = *new Signal_source_component(s.ep), &foreign = *new Signal_source_component(s.ep);
	Signal_context_component &context = *new Signal_context_component(7, source);
	s.ep.manage(&source);
	s.ep.manage(&foreign);
	s.ep.manage(&context);
	Signal_context_capability const cap = reinterpret_cap_cast<Signal_context>(context.Rpc_object_base::cap());
	pd.free_context(cap);
	other.broker().result = reinterpret_cap_cast<Signal_source>(foreign.Rpc_object_base::cap());
	other.free_context(cap);
	check(pd.freed == 2);
	check(!other.freed);

	/* the source: as often as it was asked for */
	pd.free_signal_source(reinterpret_cap_cast<Signal_source>(source.Rpc_object_base::cap()));
	check(pd.signal_source().failed());
	pd.broker().result = reinterpret_cap_cast<Signal_source>(source.Rpc_object_base::cap());
	check(pd.signal_source().ok());
	pd.free_context(cap);
	pd.free_context(reinterpret_cap_cast<Signal_context>(s.gate));
	check(pd.freed == 3);
	for (unsigned n = 0; n < 3; n++)
		pd.free_signal_source(reinterpret_cap_cast<Signal_source>(source.Rpc_object_base::cap()));
	check(pd.freed == 4);
}
