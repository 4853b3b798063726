/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPU session, its threads' interface, and what Fiasco.OC adds to it
 */
#ifndef CAPLOG_CPU_H
#define CAPLOG_CPU_H

#include <cpu_session/cpu_session.h>
#include <cpu_thread/client.h>
#include <foc_native_cpu/foc_native_cpu.h>

#include "gate.h"
#include "kind.h"
#include "session_base.h"


/*
 * A thread's capability
 *
 * The monitor has to know which threads were started, and which the component
 * itself wants to stand still.
 */
struct Caplog::Cpu_thread_server : Served<Cpu_thread>, Session_base
{
	Target      &target;
	Thread_info &thread;

	Cpu_thread_server(Target &, Thread_info &);

	Cpu_thread_client at_core();

	/* The component wants it to stand still */
	bool paused() const { return saved.thread.paused; }

	void start(addr_t ip, addr_t sp) override;
	void pause() override;
	void resume() override;
	Thread_state state() override;
	void exception_sigh(Signal_context_capability) override;

	Dataspace_capability utcb() override                { return at_core().utcb(); }
	void state(Thread_state const &s) override          { at_core().state(s); }
	void single_step(bool on) override                  { at_core().single_step(on); }
	void affinity(Affinity::Location location) override { at_core().affinity(location); }
	unsigned trace_control_index() override             { return at_core().trace_control_index(); }
	Dataspace_capability trace_buffer() override        { return at_core().trace_buffer(); }
	Dataspace_capability trace_policy() override        { return at_core().trace_policy(); }

	Native_capability given() const override { return cap(); }
	void restored() override;
};


/*
 * What the base library asks when it starts a thread, and when it fetches signals
 */
struct Caplog::Native_cpu_server : Served<Cpu_session::Native_cpu>, Session_base
{
	Target &target;

	Native_cpu_server(Target &target, Gate &gate) : Served(gate), target(target) { }

	Native_capability native_cap(Thread_capability) override;
	Foc_thread_state  thread_state(Thread_capability) override;

	Native_capability given() const override { return cap(); }

	static int make(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int make_object(Target &, caplog_object &, Saved const &, caplog_diag *);
};


struct Caplog::Cpu : Served<Cpu_session>, Session_base
{
	Target &target;
	bool    traced = false;

	Cpu(Target &target, Gate &gate) : Served(gate), target(target) { }

	void upgrade(Session::Resources const &);

	Create_thread_result   create_thread(Capability<Pd_session>, Name const &, Affinity::Location,
	                                     addr_t) override;
	void                   kill_thread(Thread_capability) override;
	void                   exception_sigh(Signal_context_capability) override;
	Affinity::Space        affinity_space() const override;
	Dataspace_capability   trace_control() override;
	Capability<Native_cpu> native_cpu() override;

	Native_capability given() const override { return cap(); }
	void restored() override;

	static int make(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int make_thread(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int make_trace_ds(Target &, caplog_object &, Saved const &, caplog_diag *);
};

#endif
