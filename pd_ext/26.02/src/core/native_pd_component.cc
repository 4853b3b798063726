/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Foc_native_pd of a PD session: what it knows of the session
 */
#include <cap_index.h>
#include <cpu_thread_component.h>
#include <dataspace_component.h>
#include <native_pd_component.h>
#include <pd_session_component.h>
#include <pending_signals.h>

#include <util/arg_string.h>

using namespace Core;


Native_pd_component::Native_pd_component(Pd_session_component &session, char const *args)
:
	_session(session),
	_log_size(Arg_string::find_arg(args, "cap_log").ulong_value(0))
{
	_entrypoint().manage(this);
}


Native_pd_component::~Native_pd_component() { _entrypoint().dissolve(this); }


Rpc_entrypoint &Native_pd_component::_entrypoint() { return _session._ep; }


Native_capability Native_pd_component::task_cap() { return _session._pd.native_task(); }


unsigned Native_pd_component::pending_signals(Signal_context_capability context) {
	return Core::pending_signals(context); }


/* The entry of a gate names the factory of its session */
bool Native_pd_component::made(Pd_session_component &session, Native_capability const &gate)
{
	auto const maker = reinterpret_cast<Pd_session_component *>(&session._rpc_cap_factory);

	return gate.data() && static_cast<Core_cap_index const *>(gate.data())->session() == maker;
}


/* The session itself is locked: to look for it in the entrypoint would be to wait for oneself */
bool Native_pd_component::made(Pd_session_component &session, Ram_dataspace_capability const &cap)
{
	bool own = false;

	if (!(cap == session.cap()))
		session._ep.apply(cap, [&] (Dataspace_component *ds) {
			own = ds && ds->owner(session._ram_ds_factory); });
	return own;
}


bool Native_pd_component::made(Pd_session_component &session, Signal_context_capability const &context)
{
	return session._signal_broker.alloc_signal_source().convert<bool>(
		[&] (Capability<Signal_source> source) { return has_source(context, source); },
		[]  (Alloc_error)                      { return false; });
}


Native_capability Native_pd_component::gate(unsigned badge)
{
	Native_capability const cap = core_cap(badge);

	return made(_session, cap) ? cap : Native_capability();
}


/* A session has 128 threads at most */
bool Native_pd_component::_own(Cpu_thread_component &thread)
{
	bool own = false;

	_session._threads.for_each([&] (Cpu_thread_component &one) { own |= &one == &thread; });
	return own;
}


Foc_native_pd::Result Native_pd_component::_make_gate(Native_capability const &thread,
                                                      caplog_badge &badge)
{
	/* paid like one that the component asks for */
	return _session.alloc_rpc_cap(thread).convert<Result>(
		[&] (Native_capability gate) {
			badge = caplog_badge(gate.local_name());
			return DONE;
		},
		[] (Alloc_error e) { return e == Alloc_error::DENIED ? NO_BADGE : NO_QUOTA; });
}


Dataspace_capability Native_pd_component::log_dataspace(Pd_session_component &session)
{
	Native_pd_component &of = session._native_pd;

	if (of._log_size && !of._log.valid())
		session.alloc_ram(of._log_size, CACHED).with_result(
			[&] (Ram_dataspace_capability made) { of._log = made; },
			[&] (Alloc_error e) {
				warning("core: no log of capabilities for ", session.label(), ": the PD session has "
				        "no quota for ", of._log_size, " bytes: ", e); });
	return of._log;
}


Dataspace_capability Genode::log_dataspace(Pd_session &session)
{
	return Native_pd_component::log_dataspace(static_cast<Pd_session_component &>(session));
}
