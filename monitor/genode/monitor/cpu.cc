/* SPDX-License-Identifier: BSD-2-Clause */
#include "cpu.h"
#include "target.h"

namespace Caplog {


/*
 * Thread
 */

Cpu_thread_server::Cpu_thread_server(Target &target, Thread_info &thread)
: Served(target.gate()), target(target), thread(thread) { }


Cpu_thread_client Cpu_thread_server::at_core() { return Cpu_thread_client(thread.cap); }


void Cpu_thread_server::start(addr_t ip, addr_t sp)
{
	at_core().start(ip, sp);
	target.threads().started(thread);
}


void Cpu_thread_server::pause()
{
	target.threads().paused(thread, true);
	if (thread.started())
		target.core().native_pd.pause(thread.cap);
}


void Cpu_thread_server::resume()
{
	target.threads().paused(thread, false);
	if (thread.started())
		at_core().resume();
}


Thread_state Cpu_thread_server::state()
{
	/* ip and sp of a thread that is blocked, without waiting for it */
	if (paused() && thread.started())
		target.core().native_pd.pause(thread.cap);
	return at_core().state();
}


void Cpu_thread_server::exception_sigh(Signal_context_capability cap)
{
	saved.handler[0] = target.objects().context_id(cap);
	at_core().exception_sigh(cap);
}


void Cpu_thread_server::restored()
{
	if (saved.handler[0])
		at_core().exception_sigh(target.objects().context(saved.handler[0]));
}


/*
 * Session
 */

Thread_capability Cpu::create_thread(Capability<Pd_session> pd, Name const &name,
                                     Affinity::Location location, Weight weight, addr_t utcb)
{
	/* of a child of its own, in a PD that the monitor does not serve */
	if (pd.local_name() != target.pd().cap().local_name())
		return target.core().cpu.create_thread(target.at_core(pd), name, location, weight, utcb);

	if (!target.objects().room(CAPLOG_OBJECT_THREAD))
		throw Thread_creation_failed();

	/* the component pays: it upgrades its session and asks again */
	Thread_info &thread = target.threads().create(target, name, location, weight);

	target.give_thread(thread, name.string());
	return thread.server->cap();
}


void Cpu::kill_thread(Thread_capability cap)
{
	Object *o = target.objects().of(cap, CAPLOG_OBJECT_THREAD);

	if (!o) {
		target.core().cpu.kill_thread(cap);
		return;
	}
	Thread_info *thread = target.threads().existing(target.objects().line(*o).thread.slot);
	target.objects().gone(*o);
	if (thread)
		target.threads().kill(*thread);
}


void Cpu::exception_sigh(Signal_context_capability cap)
{
	saved.handler[0] = target.objects().context_id(cap);
	target.core().cpu.exception_sigh(cap);
}


void Cpu::restored()
{
	if (saved.handler[0])
		target.core().cpu.exception_sigh(target.objects().context(saved.handler[0]));
}


Dataspace_capability Cpu::trace_control()
{
	Dataspace_capability const ds = target.core().cpu.trace_control();

	if (ds.valid() && !traced && !target.objects().room(CAPLOG_OBJECT_TRACE_DS))
		return Dataspace_capability();
	if (ds.valid() && !traced) {
		target.objects().give(CAPLOG_OBJECT_TRACE_DS, ds);
		traced = true;
	}
	return ds;
}


Affinity::Space    Cpu::affinity_space() const { return target.core().cpu.affinity_space(); }
Cpu_session::Quota Cpu::quota()                { return target.core().cpu.quota(); }
Session_capability Cpu::real() const           { return target.core().cpu.cap(); }

int Cpu::ref_account(Cpu_session_capability cap) {
	return target.core().cpu.ref_account(target.at_core(cap)); }

int Cpu::transfer_quota(Cpu_session_capability cap, size_t amount) {
	return target.core().cpu.transfer_quota(target.at_core(cap), amount); }


Capability<Cpu_session::Native_cpu> Cpu::native_cpu()
{
	Capability<Native_cpu> const cap = target.core().cpu.native_cpu();

	if (target.objects().by_cap(cap))
		return cap;
	if (!target.objects().room(CAPLOG_OBJECT_UNKNOWN))
		return Capability<Native_cpu>();
	target.objects().give(CAPLOG_OBJECT_UNKNOWN, cap, "native CPU");
	return cap;
}


int Cpu::make(Target &t, caplog_object &line, Saved const &saved, caplog_diag *diag)
{
	int const err = t.repay(t.core().cpu.cap(), saved, diag);

	return err ? err : t.enter_own(line, t.cpu(), saved);
}


int Cpu::make_thread(Target &t, caplog_object &line, Saved const &saved, caplog_diag *diag)
{
	Thread_info *thread = t.threads().existing(line.thread.slot);

	return thread ? t.enter_own(line, *thread->server, saved)
	              : caplog_say(diag, CAPLOG_EINVAL, "the image has no thread in slot %x",
	                           (uint32_t)line.thread.slot);
}


int Cpu::make_trace_ds(Target &t, caplog_object &line, Saved const &, caplog_diag *diag)
{
	Dataspace_capability const ds = t.core().cpu.trace_control();

	if (!ds.valid())
		return caplog_say(diag, CAPLOG_ENOENT, "core has no trace-control dataspace for it");
	t.objects().enter(line, ds);
	t.cpu().traced = true;
	return 0;
}

} /* namespace Caplog */
