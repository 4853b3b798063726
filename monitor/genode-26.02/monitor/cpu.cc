/* SPDX-License-Identifier: BSD-2-Clause */
#include "cpu.h"
#include "target.h"
#include "targets.h"

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
 * Native CPU
 */

Native_capability Native_cpu_server::native_cap(Thread_capability cap)
{
	Thread_info * const thread = target.threads().of_cap(cap);

	if (!thread)
		return Native_capability();

	Native_capability const object = target.threads().object_of(*thread);

	if (!target.objects().by_cap(object)) {
		if (!target.objects().room(CAPLOG_OBJECT_THREAD_OBJECT))
			return Native_capability();
		caplog_words words = caplog_words();
		words.thread_object.slot = target.threads().slot_of(*thread);
		target.objects().give(CAPLOG_OBJECT_THREAD_OBJECT, object, nullptr, words);
	}
	return object;
}


Foc_thread_state Native_cpu_server::thread_state(Thread_capability cap)
{
	Thread_info * const thread = target.threads().of_cap(cap);

	return thread ? target.core().cpu->native.thread_state(thread->cap) : Foc_thread_state { };
}


int Native_cpu_server::make(Target &t, caplog_object &line, Saved const &saved, caplog_diag *) {
	return t.enter_own(line, t.native_cpu(), saved); }


int Native_cpu_server::make_object(Target &t, caplog_object &line, Saved const &, caplog_diag *diag)
{
	Thread_info * const thread = t.threads().existing((uint32_t)line.thread_object.slot);

	if (!thread)
		return caplog_say(diag, CAPLOG_EINVAL, "the image has no thread in slot %x",
		                  (uint32_t)line.thread_object.slot);
	t.objects().enter(line, t.threads().object_of(*thread));
	return 0;
}


/*
 * Session
 */

void Cpu::upgrade(Session::Resources const &amount) { target.core().cpu->session.upgrade(amount); }


Cpu_session::Create_thread_result
Cpu::create_thread(Capability<Pd_session> pd, Name const &name, Affinity::Location location, addr_t utcb)
{
	/* of a child of its own, in a PD of another target or of core */
	if (pd.local_name() != target.pd().cap().local_name())
		return target.core().cpu->session.create_thread(
			reinterpret_cap_cast<Pd_session>(target.targets().at_core(pd)), name, location, utcb);

	if (!target.objects().room(CAPLOG_OBJECT_THREAD))
		return Create_thread_error::DENIED;

	/* the component pays: it upgrades its session and asks again */
	return target.threads().create(target, name, location).convert<Create_thread_result>(
		[&] (Thread_info *thread) -> Create_thread_result {
			target.give_thread(*thread, name.string());
			return thread->server->cap();
		},
		[] (Create_thread_error e) -> Create_thread_result { return e; });
}


void Cpu::kill_thread(Thread_capability cap)
{
	Object * const o = target.objects().of(cap, CAPLOG_OBJECT_THREAD);

	if (!o) {
		target.core().cpu->session.kill_thread(cap);
		return;
	}
	Thread_info * const thread =
		target.threads().existing((uint32_t)target.objects().line(*o).thread.slot);
	target.objects().gone(*o);
	if (thread)
		target.threads().kill(*thread);
}


void Cpu::exception_sigh(Signal_context_capability cap)
{
	saved.handler[0] = target.objects().context_id(cap);
	target.core().cpu->session.exception_sigh(cap);
}


void Cpu::restored()
{
	if (saved.handler[0])
		target.core().cpu->session.exception_sigh(target.objects().context(saved.handler[0]));
}


Dataspace_capability Cpu::trace_control()
{
	Dataspace_capability const ds = target.core().cpu->session.trace_control();

	if (ds.valid() && !traced && !target.objects().room(CAPLOG_OBJECT_TRACE_DS))
		return Dataspace_capability();
	if (ds.valid() && !traced) {
		target.objects().give(CAPLOG_OBJECT_TRACE_DS, ds);
		traced = true;
	}
	return ds;
}


Affinity::Space Cpu::affinity_space() const { return target.core().cpu->session.affinity_space(); }


Capability<Cpu_session::Native_cpu> Cpu::native_cpu() { return target.native_cpu().cap(); }


int Cpu::make(Target &t, caplog_object &line, Saved const &saved, caplog_diag *) {
	return t.enter_own(line, t.cpu(), saved); }


int Cpu::make_thread(Target &t, caplog_object &line, Saved const &saved, caplog_diag *diag)
{
	Thread_info * const thread = t.threads().existing((uint32_t)line.thread.slot);

	return thread ? t.enter_own(line, *thread->server, saved)
	              : caplog_say(diag, CAPLOG_EINVAL, "the image has no thread in slot %x",
	                           (uint32_t)line.thread.slot);
}


int Cpu::make_trace_ds(Target &t, caplog_object &line, Saved const &, caplog_diag *diag)
{
	Dataspace_capability const ds = t.core().cpu->session.trace_control();

	if (!ds.valid())
		return caplog_say(diag, CAPLOG_ENOENT, "core has no trace-control dataspace for it");
	t.objects().enter(line, ds);
	t.cpu().traced = true;
	return 0;
}

} /* namespace Caplog */
