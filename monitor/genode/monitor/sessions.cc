/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>
#include <base/session_label.h>
#include <dataspace/client.h>
#include <os/session_policy.h>
#include <signal_source/foc_signal_source.h>

#include "sessions.h"

namespace Caplog {

static size_t in_pages(size_t size) { return (size + 4095) & ~4095UL; }


/*
 * RAM
 */

Ram_dataspace_capability Ram::alloc_real(size_t size, Cache_attribute cached)
{
	return with_quota<Ram_session::Out_of_metadata>(target, target.real_ram.cap(), [&] () {
		return target.real_ram.alloc(size, cached); });
}


Ram_dataspace_capability Ram::alloc(size_t size, Cache_attribute cached)
{
	/* the component pays: it upgrades its session and asks again */
	Ram_dataspace_capability const ds = target.real_ram.alloc(size, cached);

	target.give(DATASPACE, ds, "dataspace", in_pages(size), cached).size = in_pages(size);
	return ds;
}


void Ram::free(Ram_dataspace_capability cap)
{
	Object *o = target.by_cap(cap);

	if (!o || o->kind != DATASPACE)
		return;
	target.gone(*o);
	target.real_ram.free(cap);
}


int    Ram::ref_account(Ram_session_capability cap) { return target.real_ram.ref_account(cap); }
size_t Ram::quota() { return target.real_ram.quota(); }
size_t Ram::used()  { return target.real_ram.used(); }

int Ram::transfer_quota(Ram_session_capability cap, size_t amount) {
	return target.real_ram.transfer_quota(cap, amount); }


/*
 * Region maps
 */

Region_map::Local_addr Rm::attach_real(Dataspace_capability ds, size_t size, off_t offset,
                                       Local_addr at, bool exec)
{
	return with_quota<Region_map::Out_of_metadata>(target, target.real_pd.cap(), [&] () {
		return real.attach(ds, size, offset, true, at, exec); });
}


Region_map::Local_addr Rm::attach(Dataspace_capability ds, size_t size, off_t offset,
                                  bool use_local_addr, Local_addr local_addr, bool exec)
{
	Local_addr at = real.attach(ds, size, offset, use_local_addr, local_addr, exec);

	Object *d = target.by_cap(ds);
	bool const known = d && d->kind != CAPLOG_OBJECT_UNKNOWN;

	if (known && !d->size)
		d->size = in_pages(Dataspace_client(ds).size());
	if (!size && known)
		size = d->size - offset;

	addr_t const address = at;
	target.add_region(target.give(known ? (uint32_t)REGION : (uint32_t)CAPLOG_OBJECT_UNKNOWN,
	                              Native_capability(), known ? "region" : "foreign memory",
	                              address, in_pages(size),
	                              (known ? d->id : 0) | (uint64_t)which << 32,
	                              (uint64_t)offset | (exec ? EXECUTABLE : 0)));
	return at;
}


Object *Rm::region_at(uint64_t address)
{
	for (Object *o = target.regions; o; o = o->next) {
		caplog_object const &l = target.line(*o);
		if (l.arg[2] >> 32 == which && address - l.arg[0] < l.arg[1])
			return o;
	}
	return nullptr;
}


void Rm::detach(Local_addr at)
{
	addr_t const address = at;

	if (Object *o = region_at(address))
		target.gone(*o);
	real.detach(at);
}


void Rm::fault_handler(Signal_context_capability cap)
{
	Session_base::state.handler[0] = target.context_id(cap);
	real.fault_handler(cap);
}


void Rm::restored()
{
	if (Session_base::state.handler[0])
		real.fault_handler(target.context(Session_base::state.handler[0]));
}


Dataspace_capability Rm::dataspace()
{
	if (!own_ds) {
		own_ds = &target.give(REGION_MAP_DS, real.dataspace(), "region map", which);
		own_ds->size = which == STACK_AREA ? 256UL*1024*1024 : Pd_session::LINKER_AREA_SIZE;
	}
	return reinterpret_cap_cast<Dataspace>(own_ds->cap);
}


/*
 * CPU
 */

void Cpu_thread_server::start(addr_t ip, addr_t sp)
{
	real().start(ip, sp);

	Lock::Guard guard(target.threads_lock);
	if (thread.state == Thread_info::NEW)
		thread.state = Thread_info::STARTED;
}


void Cpu_thread_server::pause()
{
	Session_base::state.word[PAUSED] = true;
	if (thread.state != Thread_info::NEW)
		target.native_pd.pause(thread.cap);
}


void Cpu_thread_server::resume()
{
	Session_base::state.word[PAUSED] = false;
	if (thread.state != Thread_info::NEW)
		real().resume();
}


Thread_state Cpu_thread_server::state()
{
	/* ip and sp of a thread that is blocked, without waiting for it */
	if (paused() && thread.state != Thread_info::NEW)
		target.native_pd.pause(thread.cap);
	return real().state();
}


void Cpu_thread_server::exception_sigh(Signal_context_capability cap)
{
	Session_base::state.handler[0] = target.context_id(cap);
	real().exception_sigh(cap);
}


void Cpu_thread_server::restored()
{
	if (Session_base::state.handler[0])
		real().exception_sigh(target.context(Session_base::state.handler[0]));
}


Thread_capability Cpu::create_thread(Capability<Pd_session> pd, Name const &name,
                                     Affinity::Location location, Weight weight, addr_t)
{
	if (pd.local_name() != target.pd->cap().local_name())
		throw Thread_creation_failed();

	uint32_t slot;
	Thread_info &thread = target.make_thread(name, location, weight, slot);

	target.give(THREAD, thread.server->cap(), name.string(), slot).session = thread.server;
	return thread.server->cap();
}


void Cpu::kill_thread(Thread_capability cap)
{
	Object *o = target.by_cap(cap);

	if (!o || o->kind != THREAD)
		return;
	Thread_info *thread = target.thread_at(target.line(*o).arg[0]);
	target.gone(*o);
	if (thread)
		target.kill_thread(*thread);
}


void Cpu::exception_sigh(Signal_context_capability cap)
{
	Session_base::state.handler[0] = target.context_id(cap);
	target.real_cpu.exception_sigh(cap);
}


void Cpu::restored()
{
	if (Session_base::state.handler[0])
		target.real_cpu.exception_sigh(target.context(Session_base::state.handler[0]));
}


Dataspace_capability Cpu::trace_control()
{
	Dataspace_capability const ds = target.real_cpu.trace_control();

	if (ds.valid() && !traced) {
		target.give(TRACE_DS, ds, "trace control");
		traced = true;
	}
	return ds;
}


Affinity::Space Cpu::affinity_space() const { return target.real_cpu.affinity_space(); }
Cpu_session::Quota Cpu::quota()             { return target.real_cpu.quota(); }

int Cpu::ref_account(Cpu_session_capability cap) { return target.real_cpu.ref_account(cap); }

int Cpu::transfer_quota(Cpu_session_capability cap, size_t amount) {
	return target.real_cpu.transfer_quota(cap, amount); }


Capability<Cpu_session::Native_cpu> Cpu::native_cpu()
{
	Capability<Native_cpu> const cap = target.real_cpu.native_cpu();

	if (!target.by_cap(cap))
		target.give(CAPLOG_OBJECT_UNKNOWN, cap, "native CPU");
	return cap;
}


/*
 * PD
 */

void Pd::assign_parent(Capability<Parent> cap) { target.real_pd.assign_parent(cap); }
bool Pd::assign_pci(addr_t, uint16_t)          { return false; }


Native_capability Pd::semaphore_of(Capability<Signal_source> source)
{
	return Capability<Foc_signal_source>(static_cap_cast<Foc_signal_source>(source))
	       .call<Foc_signal_source::Rpc_request_semaphore>();
}


Capability<Signal_source> Pd::alloc_signal_source()
{
	Capability<Signal_source> const source = target.real_pd.alloc_signal_source();

	/* core has one per PD */
	if (!target.by_cap(source)) {
		target.give(SOURCE, source, "signal source");
		target.give(SEMAPHORE, semaphore_of(source), "semaphore");
	}
	return source;
}


void Pd::free_signal_source(Capability<Signal_source> cap) { target.real_pd.free_signal_source(cap); }


Capability<Signal_context> Pd::alloc_context(Capability<Signal_source> source,
                                             unsigned long imprint)
{
	Signal_context_capability const cap = target.real_pd.alloc_context(source, imprint);

	target.give(CONTEXT, cap, "signal context", imprint);
	return cap;
}


void Pd::free_context(Capability<Signal_context> cap)
{
	Object *o = target.by_cap(cap);

	if (!o || o->kind != CONTEXT)
		return;
	target.gone(*o);
	target.real_pd.free_context(cap);
}


void Pd::submit(Capability<Signal_context> cap, unsigned count) {
	target.real_pd.submit(cap, count); }


Native_capability Pd::gate_of(Thread_info &thread)
{
	return with_quota<Pd_session::Out_of_metadata>(target, target.real_pd.cap(), [&] () {
		return target.real_pd.alloc_rpc_cap(target.object_of(thread)); });
}


Native_capability Pd::alloc_rpc_cap(Native_capability ep)
{
	Thread_info *thread = target.thread_of_gate(ep);

	/* anything else would get a gate of core's own entrypoint, or stop core */
	if (!thread)
		return Native_capability();

	/* the component pays: it upgrades its session and asks again */
	Native_capability const cap = target.real_pd.alloc_rpc_cap(target.object_of(*thread));

	target.give(CAPLOG_OBJECT_GATE, cap, "rpc", target.slot_of(thread - target.threads));
	return cap;
}


void Pd::free_rpc_cap(Native_capability cap)
{
	Object *o = target.by_cap(cap);

	if (!o || o->kind != CAPLOG_OBJECT_GATE)
		return;
	target.gone(*o);
	target.real_pd.free_rpc_cap(cap);
}


Capability<Region_map> Pd::address_space() { return target.rm[ADDRESS_SPACE]->cap(); }
Capability<Region_map> Pd::stack_area()    { return target.rm[STACK_AREA]->cap(); }
Capability<Region_map> Pd::linker_area()   { return target.rm[LINKER_AREA]->cap(); }


Capability<Pd_session::Native_pd> Pd::native_pd()
{
	Capability<Native_pd> const cap = target.real_pd.native_pd();

	if (!target.by_cap(cap))
		target.give(CAPLOG_OBJECT_UNKNOWN, cap, "native PD");
	return cap;
}


Dataspace_capability Pd::cap_space_dataspace()
{
	if (target.log_ds || !target.config.log)
		return target.log_ds ? reinterpret_cap_cast<Dataspace>(target.log_ds->cap)
		                     : Dataspace_capability();

	size_t const size = in_pages(target.config.log);
	try {
		target.log_ds = &target.give(LOG_DS, target.env.ram().alloc(size), "log", size);
	} catch (...) {
		warning(target.config.name.string(), ": no memory for its log");
		return Dataspace_capability();
	}
	target.log_ds->size = size;
	return reinterpret_cap_cast<Dataspace>(target.log_ds->cap);
}


/*
 * ROM
 */

static Session_label module_of(char const *args) { return label_from_args(args).last_element(); }


Rom::Rom(Target &target, char const *args) : target(target)
{
	strncpy(state.args, args, sizeof(state.args));

	if (module_of(args) == "config" && target.config.node.has_sub_node("config")) {
		Xml_node const node = target.config.node.sub_node("config");
		text = target.env.ram().alloc(node.size() + 1);
		char *at = target.env.rm().attach(text);
		memcpy(at, node.addr(), node.size());
		at[node.size()] = 0;
		target.env.rm().detach(at);
		return;
	}
	/* by this name the dynamic linker asks for the program, and the monitor's parent knows
	 * the monitor's own */
	char labeled[Parent::Session_args::MAX_SIZE];
	strncpy(labeled, args, sizeof(labeled));
	if (module_of(args) == "binary")
		Arg_string::set_arg_string(labeled, sizeof(labeled), "label",
		                           prefixed_label(target.config.name, target.config.binary).string());

	real = static_cap_cast<Rom_session>(target.open_at_parent("ROM", labeled));
}


Rom::~Rom()
{
	if (text.valid())
		target.env.ram().free(text);
	if (real.valid())
		target.env.parent().close(real);
}


Dataspace_capability Rom::real_dataspace()
{
	return text.valid() ? Dataspace_capability(text)
	                    : Dataspace_capability(Rom_session_client(real).dataspace());
}


Rom_dataspace_capability Rom::dataspace()
{
	Dataspace_capability const cap = real_dataspace();

	if (ds && ds->cap.local_name() != cap.local_name()) {
		target.gone(*ds);
		ds = nullptr;
	}
	if (!ds && cap.valid())
		ds = &target.give(ROM_DS, cap, "ROM dataspace", object->id);
	return static_cap_cast<Rom_dataspace>(cap);
}


bool Rom::update() { return real.valid() && Rom_session_client(real).update(); }


void Rom::sigh(Signal_context_capability cap)
{
	state.handler[0] = target.context_id(cap);
	if (real.valid())
		Rom_session_client(real).sigh(cap);
}


void Rom::restored()
{
	if (state.handler[0])
		sigh(target.context(state.handler[0]));
}


/*
 * Timer
 */

void Timers::entry()
{
	for (;;) {
		Signal signal = receiver.wait_for_signal();
		static_cast<Timer_session *>(signal.context())->fired(signal.num());
	}
}


void Timers::flush(Target &target)
{
	Lock::Guard guard(lock);

	for (Timer_session *t = all.first(); t; t = t->next())
		if (&t->target == &target) {
			Lock::Guard guard(t->lock);
			t->hand_on();
		}
}


Timer_session::Timer_session(Target &target, char const *args)
:
	target(target),
	real(static_cap_cast< ::Timer::Session>(target.open_at_parent("Timer", args)))
{
	strncpy(state.args, args, sizeof(state.args));
	real.call< ::Timer::Session::Rpc_sigh>(target.timers.receiver.manage(this));

	Lock::Guard guard(target.timers.lock);
	target.timers.all.insert(this);
}


Timer_session::~Timer_session()
{
	{
		Lock::Guard guard(target.timers.lock);
		target.timers.all.remove(this);
	}
	target.timers.receiver.dissolve(this);
	target.env.parent().close(real);
}


void Timer_session::trigger_once(unsigned us)
{
	Lock::Guard guard(lock);

	state.word[MODE]         = ONCE;
	state.word[MICROSECONDS] = us;
	started = real_ms();
	real.call< ::Timer::Session::Rpc_trigger_once>(us);
}


void Timer_session::trigger_periodic(unsigned us)
{
	Lock::Guard guard(lock);

	state.word[MODE]         = us ? PERIODIC : IDLE;
	state.word[MICROSECONDS] = us;
	real.call< ::Timer::Session::Rpc_trigger_periodic>(us);
}


void Timer_session::sigh(Signal_context_capability cap)
{
	Lock::Guard guard(lock);

	state.handler[0] = target.context_id(cap);
}


/* The caller has the lock */
void Timer_session::hand_on()
{
	Signal_context_capability const context = target.context(state.handler[0]);

	if (!target.frozen && state.word[FIRED] && context.valid()) {
		target.real_pd.submit(context, state.word[FIRED]);
		state.word[FIRED] = 0;
	}
}


void Timer_session::fired(unsigned count)
{
	Lock::Guard guard(lock);

	/* unless it was set anew meanwhile */
	if (state.word[MODE] == ONCE && (real_ms() - started + 1)*1000 >= state.word[MICROSECONDS])
		state.word[MODE] = IDLE;
	state.word[FIRED] += count;
	hand_on();
}


void Timer_session::settle()
{
	Lock::Guard guard(lock);

	unsigned long const now = real_ms(), passed = (now - started)*1000;

	state.word[ELAPSED] = before + now;
	if (state.word[MODE] != ONCE)
		return;

	state.word[MICROSECONDS] = passed < state.word[MICROSECONDS]
	                         ? state.word[MICROSECONDS] - passed : 1;
	started = now;
}


void Timer_session::restored()
{
	before = state.word[ELAPSED] - real_ms();
	if (state.word[MODE] == ONCE)
		trigger_once(state.word[MICROSECONDS] ? state.word[MICROSECONDS] : 1);
	if (state.word[MODE] == PERIODIC)
		trigger_periodic(state.word[MICROSECONDS]);

	Lock::Guard guard(lock);
	hand_on();
}


/*
 * LOG
 */

Opened_session::Opened_session(Target &target, char const *args)
:
	target(target), real(target.open_at_parent("LOG", args))
{
	strncpy(state.args, args, sizeof(state.args));
}


Opened_session::~Opened_session() { target.env.parent().close(real); }

} /* namespace Caplog */
