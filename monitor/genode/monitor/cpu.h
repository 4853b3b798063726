/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPU session, and its threads' interface
 */
#ifndef CAPLOG_CPU_H
#define CAPLOG_CPU_H

#include <cpu_session/cpu_session.h>
#include <cpu_thread/client.h>

#include "gate.h"
#include "kind.h"
#include "session_base.h"


/*
 * A thread's capability
 *
 * The monitor has to know which threads were started: Fiasco.OC revives one
 * that was not when it is asked for its registers.
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
	void cancel_blocking() override                     { at_core().cancel_blocking(); }
	void state(Thread_state const &s) override          { at_core().state(s); }
	void single_step(bool on) override                  { at_core().single_step(on); }
	void affinity(Affinity::Location location) override { at_core().affinity(location); }
	unsigned trace_control_index() override             { return at_core().trace_control_index(); }
	Dataspace_capability trace_buffer() override        { return at_core().trace_buffer(); }
	Dataspace_capability trace_policy() override        { return at_core().trace_policy(); }

	Native_capability given() const override { return cap(); }
	void restored() override;
};


struct Caplog::Cpu : Served<Cpu_session>, Session_base
{
	Target &target;
	bool    traced = false;

	Cpu(Target &target, Gate &gate) : Served(gate), target(target) { }

	Thread_capability create_thread(Capability<Pd_session>, Name const &, Affinity::Location,
	                                Weight, addr_t) override;
	void                 kill_thread(Thread_capability) override;
	void                 exception_sigh(Signal_context_capability) override;
	Affinity::Space      affinity_space() const override;
	Dataspace_capability trace_control() override;
	int                  ref_account(Cpu_session_capability) override;
	int                  transfer_quota(Cpu_session_capability, size_t) override;
	Quota                quota() override;
	Capability<Native_cpu> native_cpu() override;

	Native_capability  given() const override { return cap(); }
	Session_capability real()  const override;
	void restored() override;

	static int make(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int make_thread(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int make_trace_ds(Target &, caplog_object &, Saved const &, caplog_diag *);
};

#endif
