/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>

#include "pd.h"
#include "region_map.h"
#include "target.h"

namespace Caplog {


void Pd::assign_parent(Capability<Parent> cap) { target.core().pd.assign_parent(cap); }
bool Pd::assign_pci(addr_t, uint16_t)          { return false; }
Session_capability Pd::real() const            { return target.core().pd.cap(); }


/*
 * Signals
 */

/* Core reports the semaphore of a signal source to any holder of the source */
static Native_capability semaphore_of(Capability<Signal_source> source)
{
	return Capability<Foc_signal_source>(static_cap_cast<Foc_signal_source>(source))
	       .call<Foc_signal_source::Rpc_request_semaphore>();
}


/* Core has one source per PD, and components do not always name it */
uint64_t Pd::_source_id()
{
	caplog_ledger &ledger = target.objects().ledger();

	if (!caplog_ledger_first(&ledger, CAPLOG_OBJECT_SOURCE))
		alloc_signal_source();

	caplog_object const *source = caplog_ledger_first(&ledger, CAPLOG_OBJECT_SOURCE);
	return source ? source->id : 0;
}


Capability<Signal_source> Pd::alloc_signal_source()
{
	Capability<Signal_source> const source = target.core().pd.alloc_signal_source();

	if (!target.objects().by_cap(source)) {
		if (!target.objects().room(CAPLOG_OBJECT_SOURCE)
		 || !target.objects().room(CAPLOG_OBJECT_SEMAPHORE))
			throw Out_of_metadata();
		caplog_words words = caplog_words();
		words.semaphore.source = target.objects().give(CAPLOG_OBJECT_SOURCE, source).id;
		target.objects().give(CAPLOG_OBJECT_SEMAPHORE, semaphore_of(source), nullptr, words);
	}
	return source;
}


void Pd::free_signal_source(Capability<Signal_source> cap) {
	target.core().pd.free_signal_source(cap); }


Capability<Signal_context> Pd::alloc_context(Capability<Signal_source> source,
                                             unsigned long imprint)
{
	if (!target.objects().room(CAPLOG_OBJECT_CONTEXT))
		throw Out_of_metadata();

	Signal_context_capability const cap = target.core().pd.alloc_context(source, imprint);

	caplog_words words = caplog_words();
	words.context.imprint = imprint;
	words.context.source  = _source_id();
	target.objects().give(CAPLOG_OBJECT_CONTEXT, cap, nullptr, words);
	return cap;
}


void Pd::free_context(Capability<Signal_context> cap)
{
	Object *o = target.objects().of(cap, CAPLOG_OBJECT_CONTEXT);

	if (!o)
		return;
	/* core complains of a signal to a context that is gone */
	target.timers().forget(target, cap);
	target.objects().gone(*o);
	target.core().pd.free_context(cap);
}


void Pd::submit(Capability<Signal_context> cap, unsigned count) {
	target.core().pd.submit(cap, count); }


int Pd::make_source(Target &t, caplog_object &line, Saved const &, caplog_diag *)
{
	t.objects().enter(line, t.core().pd.alloc_signal_source());
	return 0;
}


int Pd::make_semaphore(Target &t, caplog_object &line, Saved const &, caplog_diag *)
{
	t.objects().enter(line, semaphore_of(t.core().pd.alloc_signal_source()));
	return 0;
}


int Pd::make_context(Target &t, caplog_object &line, Saved const &saved, caplog_diag *)
{
	Core &core = t.core();

	Object &o = t.objects().enter(line,
		core.with_quota<Pd_session::Out_of_metadata>(core.pd.cap(), [&] () {
			return core.pd.alloc_context(core.pd.alloc_signal_source(), line.context.imprint); }));
	o.pending = saved.pending;
	return 0;
}


uint64_t Pd::pending(Target &t, Object &o)
{
	return t.core().native_pd.pending_signals(reinterpret_cap_cast<Signal_context>(o.cap));
}


void Pd::finish_context(Target &t, Object &o, caplog_object &)
{
	if (o.pending)
		t.core().pd.submit(reinterpret_cap_cast<Signal_context>(o.cap), o.pending);
	o.pending = 0;
}


/*
 * RPC objects
 */

int Pd::make_gates(Thread_info &thread, caplog_object *const *lines, uint32_t count,
                   caplog_diag *diag)
{
	typedef Foc_native_pd::Made Made;

	Core &core = target.core();

	for (uint32_t done = 0; done < count; ) {
		Made const gates = core.native_pd.make_gates(target.threads().object_of(thread), count - done);

		for (uint32_t i = 0; i < gates.count; i++)
			target.objects().enter_gate(*lines[done++], gates.made.badge[i]);

		if (gates.result == Foc_native_pd::NO_QUOTA)
			core.advance(core.pd.cap());
		else if (gates.result != Foc_native_pd::DONE)
			return caplog_say(diag, CAPLOG_EIO, "core refuses to make an RPC object: reason %u of "
			                  "foc_native_pd.h", gates.result);
	}
	return 0;
}


Native_capability Pd::gate(Object &o)
{
	if (!o.cap.valid())
		o.cap = target.core().native_pd.gate(target.objects().line(o).badge);
	return o.cap;
}


Native_capability Pd::alloc_rpc_cap(Native_capability ep)
{
	Thread_info *thread = target.threads().of_gate(ep);

	/* anything else would get a gate of core's own entrypoint, or stop core */
	if (!thread)
		return Native_capability();

	if (!target.objects().room(CAPLOG_OBJECT_GATE))
		throw Out_of_metadata();

	/* the component pays: it upgrades its session and asks again */
	Native_capability const cap =
		target.core().pd.alloc_rpc_cap(target.threads().object_of(*thread));

	caplog_words words = caplog_words();
	words.gate.entrypoint = target.threads().slot_of(*thread);
	target.objects().give(CAPLOG_OBJECT_GATE, cap, nullptr, words);
	return cap;
}


void Pd::free_rpc_cap(Native_capability cap)
{
	Object *o = target.objects().of(cap, CAPLOG_OBJECT_GATE);

	if (!o)
		return;
	target.objects().gone(*o);
	target.core().pd.free_rpc_cap(cap);
}


/*
 * Parts of the PD
 */

Capability<Region_map> Pd::address_space() { return target.rm(CAPLOG_MAP_ADDRESS_SPACE).cap(); }
Capability<Region_map> Pd::stack_area()    { return target.rm(CAPLOG_MAP_STACK_AREA).cap(); }
Capability<Region_map> Pd::linker_area()   { return target.rm(CAPLOG_MAP_LINKER_AREA).cap(); }


Capability<Pd_session::Native_pd> Pd::native_pd()
{
	Capability<Native_pd> const cap = target.core().pd.native_pd();

	if (target.objects().by_cap(cap))
		return cap;
	if (!target.objects().room(CAPLOG_OBJECT_UNKNOWN))
		return Capability<Native_pd>();
	target.objects().give(CAPLOG_OBJECT_UNKNOWN, cap, "native PD");
	return cap;
}


Dataspace_capability Pd::cap_space_dataspace()
{
	Objects &objects = target.objects();
	size_t const size = in_pages(target.config().log);

	if (objects.log_ds())
		return reinterpret_cap_cast<Dataspace>(objects.log_ds()->cap);
	if (!size || !objects.room(CAPLOG_OBJECT_LOG_DS))
		return Dataspace_capability();

	try {
		caplog_words words = caplog_words();
		words.log_ds.size = size;
		Object &o = objects.give(CAPLOG_OBJECT_LOG_DS, target.env().ram().alloc(size), nullptr,
		                         words);
		objects.log_ds(o);
		return reinterpret_cap_cast<Dataspace>(o.cap);
	}
	catch (Ram_session::Alloc_failed) {
		warning(target.name(), ": no memory for its log of ", size, " bytes: it runs, but cannot be "
		        "checkpointed. Give the monitor more RAM, or the target a smaller log");
		return Dataspace_capability();
	}
}


int Pd::make(Target &t, caplog_object &line, Saved const &saved, caplog_diag *diag)
{
	int const err = t.repay(t.core().pd.cap(), saved, diag);

	return err ? err : t.enter_own(line, t.pd(), saved);
}

} /* namespace Caplog */
