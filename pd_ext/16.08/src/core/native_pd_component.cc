/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Foc_native_pd of a PD session: what it knows of the session
 */
#include <cap_index.h>
#include <cpu_thread_component.h>
#include <dataspace_component.h>
#include <native_pd_component.h>
#include <pd_session_component.h>
#include <signal_source_component.h>

using namespace Genode;


Native_pd_component::Native_pd_component(Pd_session_component &session, char const *)
: _session(session), _written(session._md_alloc), _space(session._pd.Address_space::weak_ptr())
{
	_entrypoint().manage(this);
}


Native_pd_component::~Native_pd_component() { _entrypoint().dissolve(this); }


Rpc_entrypoint &Native_pd_component::_entrypoint() { return _session._thread_ep; }


Native_capability Native_pd_component::task_cap() { return _session._pd.native_task(); }


Native_capability Native_pd_component::gate(unsigned badge) {
	return _session._rpc_cap_factory.gate(badge); }


bool Native_pd_component::_own(Cpu_thread_component &thread)
{
	return thread.platform_thread().address_space() == _space;
}


Foc_native_pd::Result Native_pd_component::_make_gate(Native_capability const &thread,
                                                      caplog_badge &badge)
{
	try {
		Native_capability const gate =
			_session._rpc_cap_factory.alloc(thread, Rpc_cap_factory::UNNAMED);

		if (!gate.valid())
			return NO_BADGE;
		badge = (caplog_badge)gate.local_name();
		return DONE;
	}
	catch (Allocator::Out_of_memory) { return NO_QUOTA; }
}


unsigned Native_pd_component::pending_signals(Signal_context_capability context)
{
	return _entrypoint().apply(context, [&] (Signal_context_component *c) {
		return c && c->cnt() > 0 ? (unsigned)c->cnt() : 0; });
}


Foc_native_pd::Result Native_pd_component::track(Dataspace_capability cap, uint32_t id)
{
	return _entrypoint().apply(cap, [&] (Dataspace_component *ds) {
		return ds ? _written.track(*ds, id) : INVALID_CAP; });
}


Foc_native_pd::Written Native_pd_component::take_written() { return _written.take(); }


Foc_native_pd::Result Native_pd_component::keep(Dataspace_capability room)
{
	if (!room.valid()) {
		_written.keep_no_more();
		return DONE;
	}
	return _entrypoint().apply(room, [&] (Dataspace_component *ds) {
		return ds ? _written.keep(*ds) : INVALID_CAP; });
}
