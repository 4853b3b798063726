/* SPDX-License-Identifier: BSD-2-Clause */
#include "pd.h"
#include "region_map.h"
#include "target.h"
#include "targets.h"

namespace Caplog {


void Pd::assign_parent(Capability<Parent> parent) { target.parent().begin(parent); }

Pd_session::Map_result Pd::map(Virt_range range) { return target.core().pd.map(range); }

void Pd::upgrade(Session::Resources const &amount) { target.core().pd.upgrade(amount); }


/*
 * Memory
 */

Pd_session::Alloc_ram_result Pd::alloc_ram(size_t size, Cache cache)
{
	if (target.loading())
		return target.loaded().alloc(size);
	if (!target.objects().room(CAPLOG_OBJECT_DATASPACE))
		return Alloc_error::DENIED;

	/* the component pays: it upgrades its session and asks again */
	Alloc_ram_result const result = target.core().pd.alloc_ram(size, cache);

	result.with_result([&] (Ram_dataspace_capability ds) {
		caplog_words words = caplog_words();
		words.dataspace.size   = in_pages(size);
		words.dataspace.cached = cache;
		target.objects().give(CAPLOG_OBJECT_DATASPACE, ds, nullptr, words);
	}, [] (Alloc_error) { });
	return result;
}


void Pd::free_ram(Ram_dataspace_capability cap)
{
	Object * const o = target.objects().of(cap, CAPLOG_OBJECT_DATASPACE);

	if (!o)
		return;

	/* what a sibling attaches has to be found as long as core attaches it */
	target.objects().unmap_locally(*o);
	target.core().pd.free_ram(cap);
	target.objects().gone(*o);
}


int Pd::allocate(caplog_object &line, caplog_diag *diag)
{
	if (line.kind == CAPLOG_OBJECT_LOG_DS) {
		Dataspace_capability const log = target.make_log((size_t)line.log_ds.size);

		if (!log.valid())
			return caplog_say(diag, CAPLOG_ENOMEM, "the monitor has no memory for the log");
		target.objects().log_ds(target.objects().enter(line, log));
		return 0;
	}
	Alloc_ram_result const result = target.core().with_quota([&] {
		return target.core().pd.alloc_ram((size_t)line.dataspace.size, (Cache)line.dataspace.cached); });

	return result.convert<int>(
		[&] (Ram_dataspace_capability ds) { target.objects().enter(line, ds); return 0; },
		[&] (Alloc_error) { return caplog_say(diag, CAPLOG_ENOMEM, "out of memory"); });
}


size_t Pd::ram_size(Ram_dataspace_capability ds) { return target.core().pd.ram_size(ds); }

addr_t Pd::dma_addr(Ram_dataspace_capability ds) { return target.core().pd.dma_addr(ds); }

Pd_session::Attach_dma_result Pd::attach_dma(Dataspace_capability ds, addr_t at) {
	return target.core().pd.attach_dma(ds, at); }


/*
 * Quota
 */

Pd_session::Ref_account_result Pd::ref_account(Capability<Pd_account> cap) {
	return target.core().pd.ref_account(target.targets().at_core(cap)); }

Pd_session::Transfer_result Pd::transfer_quota(Capability<Pd_account> to, Cap_quota amount) {
	return target.core().pd.transfer_quota(target.targets().at_core(to), amount); }

Pd_session::Transfer_result Pd::transfer_quota(Capability<Pd_account> to, Ram_quota amount) {
	return target.core().pd.transfer_quota(target.targets().at_core(to), amount); }

Cap_quota Pd::cap_quota() const { return target.core().pd.cap_quota(); }
Cap_quota Pd::used_caps() const { return target.core().pd.used_caps(); }
Ram_quota Pd::ram_quota() const { return target.core().pd.ram_quota(); }
Ram_quota Pd::used_ram()  const { return target.core().pd.used_ram(); }


/*
 * Signals
 */

/* Core reports the semaphore of a signal source to any holder of the source */
static Native_capability semaphore_of(Capability<Signal_source> source)
{
	return Capability<Foc_signal_source>(static_cap_cast<Foc_signal_source>(source))
	       .call<Foc_signal_source::Rpc_request_semaphore>();
}


/* Core has one source per PD */
static Capability<Signal_source> source_of(Core &core)
{
	return core.with_quota([&] { return core.pd.signal_source(); })
	       .convert<Capability<Signal_source> >(
		[] (Capability<Signal_source> cap) { return cap; },
		[] (Alloc_error) { return Capability<Signal_source>(); });
}


/* Components do not always name it */
uint64_t Pd::_source_id()
{
	caplog_ledger &ledger = target.objects().ledger();

	if (!caplog_ledger_first(&ledger, CAPLOG_OBJECT_SOURCE))
		(void)signal_source();

	caplog_object const *source = caplog_ledger_first(&ledger, CAPLOG_OBJECT_SOURCE);
	return source ? source->id : 0;
}


Pd_session::Signal_source_result Pd::signal_source()
{
	Objects &objects = target.objects();
	Signal_source_result const result = target.core().pd.signal_source();

	bool full = false;
	result.with_result([&] (Capability<Signal_source> source) {
		if (objects.by_cap(source))
			return;
		full = !objects.room(CAPLOG_OBJECT_SOURCE) || !objects.room(CAPLOG_OBJECT_SEMAPHORE);
		if (full)
			return;
		caplog_words words = caplog_words();
		words.semaphore.source = objects.give(CAPLOG_OBJECT_SOURCE, source).id;
		objects.give(CAPLOG_OBJECT_SEMAPHORE, semaphore_of(source), nullptr, words);
	}, [] (Alloc_error) { });

	if (full)
		return Alloc_error::DENIED;
	return result;
}


void Pd::free_signal_source(Capability<Signal_source> cap) {
	target.core().pd.free_signal_source(cap); }


Pd_session::Alloc_context_result Pd::alloc_context(Capability<Signal_source> source, Imprint imprint)
{
	if (!target.objects().room(CAPLOG_OBJECT_CONTEXT))
		return Alloc_error::DENIED;

	Alloc_context_result const result = target.core().pd.alloc_context(source, imprint);

	result.with_result([&] (Signal_context_capability cap) {
		caplog_words words = caplog_words();
		words.context.imprint = imprint.value;
		words.context.source  = _source_id();
		target.objects().give(CAPLOG_OBJECT_CONTEXT, cap, nullptr, words);
	}, [] (Alloc_error) { });
	return result;
}


void Pd::free_context(Signal_context_capability cap)
{
	Object * const o = target.objects().of(cap, CAPLOG_OBJECT_CONTEXT);

	if (!o)
		return;
	/* core complains of a signal to a context that is gone */
	target.objects().for_each(CAPLOG_OBJECT_TIMER, [&] (Object &timer, caplog_object &) {
		if (timer.session)
			timer.session->forget(cap); });
	target.objects().gone(*o);
	target.core().pd.free_context(cap);
}


void Pd::submit(Signal_context_capability cap, unsigned count) {
	target.core().pd.submit(cap, count); }


int Pd::make_source(Target &t, caplog_object &line, Saved const &, caplog_diag *)
{
	t.objects().enter(line, source_of(t.core()));
	return 0;
}


int Pd::make_semaphore(Target &t, caplog_object &line, Saved const &, caplog_diag *)
{
	t.objects().enter(line, semaphore_of(source_of(t.core())));
	return 0;
}


int Pd::make_context(Target &t, caplog_object &line, Saved const &saved, caplog_diag *diag)
{
	Core &core = t.core();
	Capability<Signal_source> const source = source_of(core);

	return core.with_quota([&] { return core.pd.alloc_context(source, Imprint { (addr_t)line.context.imprint }); })
	       .convert<int>(
		[&] (Signal_context_capability cap) {
			t.objects().enter(line, cap).pending = saved.pending;
			return 0;
		},
		[&] (Alloc_error) { return caplog_say(diag, CAPLOG_ENOMEM, "core makes no signal context"); });
}


uint64_t Pd::pending(Target &t, Object &o)
{
	return t.core().native_pd.pending_signals(reinterpret_cap_cast<Signal_context>(o.cap));
}


void Pd::finish_context(Target &t, Object &o, caplog_object &)
{
	if (o.pending)
		t.core().pd.submit(reinterpret_cap_cast<Signal_context>(o.cap), (unsigned)o.pending);
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
			core.pd.upgrade(Session::Resources { Ram_quota { 64*1024 }, Cap_quota { 64 } });
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


Pd_session::Alloc_rpc_cap_result Pd::alloc_rpc_cap(Native_capability ep)
{
	Thread_info * const thread = target.threads().of_gate(ep);

	/* anything else would get a gate of core's own entrypoint */
	if (!thread || !target.objects().room(CAPLOG_OBJECT_GATE))
		return Alloc_error::DENIED;

	/* the component pays: it upgrades its session and asks again */
	Alloc_rpc_cap_result const result =
		target.core().pd.alloc_rpc_cap(target.threads().object_of(*thread));

	result.with_result([&] (Native_capability cap) {
		caplog_words words = caplog_words();
		words.gate.entrypoint = target.threads().slot_of(*thread);
		target.objects().give(CAPLOG_OBJECT_GATE, cap, nullptr, words);
	}, [] (Alloc_error) { });
	return result;
}


void Pd::free_rpc_cap(Native_capability cap)
{
	Object * const o = target.objects().of(cap, CAPLOG_OBJECT_GATE);

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


Capability<Pd_session::System_control> Pd::system_control_cap(Affinity::Location location)
{
	Capability<System_control> const cap = target.core().pd.system_control_cap(location);

	if (cap.valid() && !target.objects().by_cap(cap) && target.objects().room(CAPLOG_OBJECT_UNKNOWN))
		target.objects().give(CAPLOG_OBJECT_UNKNOWN, cap, "system control");
	return cap;
}


Dataspace_capability Pd::cap_space_dataspace()
{
	Objects &objects = target.objects();
	size_t const size = target.log_size();

	if (objects.log_ds())
		return reinterpret_cap_cast<Dataspace>(objects.log_ds()->cap);
	if (!size || !objects.room(CAPLOG_OBJECT_LOG_DS))
		return Dataspace_capability();

	Dataspace_capability const log = target.make_log(size);
	if (!log.valid()) {
		warning(target.name(), ": no memory for its log of ", size, " bytes: it runs, but cannot be "
		        "checkpointed. Give the monitor more RAM, or the checkpoint node a smaller log");
		return log;
	}
	caplog_words words = caplog_words();
	words.log_ds.size = size;
	objects.log_ds(objects.give(CAPLOG_OBJECT_LOG_DS, log, nullptr, words));
	return log;
}


int Pd::make(Target &t, caplog_object &line, Saved const &saved, caplog_diag *) {
	return t.enter_own(line, t.pd(), saved); }

} /* namespace Caplog */
