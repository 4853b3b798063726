/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/child.h>
#include <base/internal/elf.h>
#include <cpu_session/client.h>
#include <foc_native_cpu/client.h>
#include <os/config.h>
#include <pd_session/pd_session.h>
#include <rom_session/rom_session.h>
#include <signal_source/foc_signal_source.h>
#include <timer_session/connection.h>
#include <util/arg_string.h>

#include <caplog/flavour.h>

#include <map>
#include <new>
#include <stdio.h>
#include <stdlib.h>
#include <string>
#include <vector>

#include "core.h"


/*
 * Capabilities
 */

class Genode::Native_capability::Data
{
	public:

		long             badge;
		Rpc_object_base *object  = nullptr; /* nullptr: gone, or nothing that is called */
		Rpc_entrypoint  *ep      = nullptr;
		Signal_context  *context = nullptr;

		/* badges are never reused here, so no line is found by a mistake */
		Data() : badge(++last*8) { }

	private:

		static long last;
};

long Genode::Native_capability::Data::last = 100;


namespace Genode {

void Native_capability::_inc() { }
void Native_capability::_dec() { }

bool Native_capability::valid()      const { return _data; }
long Native_capability::local_name() const { return _data ? _data->badge : -1; }

Native_capability::Raw Native_capability::raw() const
{
	Raw raw = { { (unsigned long)local_name(), 0, 0, 0 } };
	return raw;
}


static Native_capability fresh() { return Native_capability(*new Native_capability::Data()); }

static Native_capability::Data *data(Native_capability const &cap) {
	return const_cast<Native_capability::Data *>(cap.data()); }


Rpc_call::Rpc_call(Native_capability const &dst, long opcode)
{
	Native_capability::Data *d = data(dst);

	if (!d || !d->object)
		throw Ipc_error();

	Rpc_object_base::Function const f = d->object->function(opcode);
	if (!f.function)
		throw Ipc_error();
	function   = f.function;
	server     = f.server;
	entrypoint = d->ep;
	d->ep->take_turn();
}

Rpc_call::~Rpc_call() { ((Rpc_entrypoint *)entrypoint)->end_turn(); }


/* Core's own takes calls at any time, from any thread */
static Rpc_entrypoint &core_ep()
{
	static Rpc_entrypoint *ep = new Rpc_entrypoint(nullptr, 0, "core");
	return *ep;
}

Rpc_entrypoint::Rpc_entrypoint(Pd_session *, size_t, char const *name, bool start, Affinity::Location)
: Thread(name, 0), _active(start ? Lock::UNLOCKED : Lock::LOCKED) { }

Rpc_entrypoint::~Rpc_entrypoint() { }

void Rpc_entrypoint::activate() { _active.unlock(); }

void Rpc_entrypoint::take_turn()
{
	if (this == &core_ep())
		return;
	{ Lock::Guard until_active(_active); }
	_turn.lock();
}

void Rpc_entrypoint::end_turn()
{
	if (this != &core_ep())
		_turn.unlock();
}

Untyped_capability Rpc_entrypoint::_manage(Rpc_object_base *object)
{
	object->_cap = fresh();
	data(object->_cap)->object = object;
	data(object->_cap)->ep     = this;
	return object->_cap;
}

void Rpc_entrypoint::_dissolve(Rpc_object_base *object)
{
	if (data(object->_cap))
		data(object->_cap)->object = nullptr;
}

Rpc_object_base *Rpc_entrypoint::_object(Native_capability const &cap) {
	return data(cap) ? data(cap)->object : nullptr; }


Signal_context_capability Signal_receiver::manage(Signal_context *context)
{
	Lock::Guard guard(_lock);

	context->_receiver = this;
	context->_next     = _contexts;
	context->_cap      = reinterpret_cap_cast<Signal_context>(fresh());
	_contexts = context;
	data(context->_cap)->context = context;
	return context->_cap;
}

} /* namespace Genode */


namespace Core_model {

World world;

template <typename T> static T *server(Native_capability const &cap) {
	return data(cap) ? dynamic_cast<T *>(data(cap)->object) : nullptr; }

template <typename EXCEPTION> static void metadata()
{
	if (!world.out_of_metadata)
		return;
	world.out_of_metadata--;
	throw EXCEPTION();
}


/*
 * Memory
 */

template <typename INTERFACE> struct Memory : Rpc_object<INTERFACE>
{
	std::vector<char> bytes;

	Memory(size_t size) : bytes(size) { world.allocated += size; core_ep().manage(this); }
	~Memory() { world.allocated -= bytes.size(); core_ep().dissolve(this); }

	size_t size()      override { return bytes.size(); }
	addr_t phys_addr() override { return 0; }
	bool   writable()  override { return true; }
};

typedef Memory<Dataspace>     Ds;


struct Ram : Rpc_object<Ram_session>
{
	Ram   *ref = nullptr;
	size_t limit, taken = 0;

	std::vector<Ds *> all;

	Ram(size_t limit) : limit(limit) { core_ep().manage(this); }

	~Ram()
	{
		while (!all.empty())
			free(reinterpret_cap_cast<Ram_dataspace>(all.back()->cap()));
		if (ref)
			ref->limit += limit;
		core_ep().dissolve(this);
	}

	Ram_dataspace_capability alloc(size_t size, Cache_attribute) override
	{
		metadata<Out_of_metadata>();
		size = (size + 4095) & ~4095UL;
		if (size > limit - taken)
			throw Quota_exceeded();
		taken += size;
		all.push_back(new Ds(size));
		return reinterpret_cap_cast<Ram_dataspace>(all.back()->cap());
	}

	void free(Ram_dataspace_capability cap) override
	{
		for (size_t i = 0; i < all.size(); i++)
			if (all[i]->cap() == cap) {
				taken -= all[i]->bytes.size();
				delete all[i];
				all.erase(all.begin() + i);
				return;
			}
	}

	int ref_account(Ram_session_capability cap) override
	{
		ref = server<Ram>(cap);
		return ref ? 0 : -1;
	}

	int transfer_quota(Ram_session_capability to, size_t amount) override
	{
		Ram *other = server<Ram>(to);

		if (!other || amount > limit - taken)
			return -3;
		limit -= amount;
		other->limit += amount;
		return 0;
	}

	size_t quota() override { return limit; }
	size_t used()  override { return taken; }
};


/* Map of a component's address space, or of the monitor's, where host addresses are */
struct Rm : Rpc_object<Region_map>
{
	struct Region { addr_t at; size_t size; Dataspace_capability ds; };

	std::map<addr_t, Region> regions;
	bool const               local;
	Ds                       own { 1UL << 20 };

	Rm(bool local) : local(local) { core_ep().manage(this); }

	Local_addr attach(Dataspace_capability cap, size_t size, off_t offset, bool fixed,
	                  Local_addr where, bool) override
	{
		metadata<Out_of_metadata>();

		Ds *ds = server<Ds>(cap);
		if (!ds)
			throw Invalid_dataspace();
		if (local)
			return ds->bytes.data() + offset;

		addr_t at = where;
		if (!size)
			size = ds->bytes.size() - offset;
		if (!fixed)
			for (at = 0x400000; regions.count(at); at += 0x100000);
		if (regions.count(at))
			throw Region_conflict();
		regions[at] = Region { at, size, cap };
		return at;
	}

	void  detach(Local_addr at) override               { regions.erase((addr_t)at); }
	void  fault_handler(Signal_context_capability) override { }
	State state() override                             { return State(); }
	Dataspace_capability dataspace() override          { return own.cap(); }
};


/*
 * PD and CPU
 */

struct Thread_object : Rpc_object<Cpu_thread>
{
	bool started = false, running = false;

	Thread_state           regs;
	Foc_native_pd::Stopped stopped { Foc_native_pd::Stopped::BLOCKED, 0, 0 };
	Native_capability      gate = fresh();

	Thread_object(uint32_t slot)
	{
		world.threads++;
		regs.kcap = (addr_t)slot << caplog_flavours(nullptr)->slot_shift;
		regs.id   = gate.local_name();
		core_ep().manage(this);
	}

	~Thread_object()
	{
		world.threads--;
		core_ep().dissolve(this);
	}

	void start(addr_t ip, addr_t sp) override { started = running = true; regs.ip = ip; regs.sp = sp; }
	void pause()                     override { running = false; }
	void resume()                    override { running = started; }
	void cancel_blocking()           override { }
	Thread_state state()             override { return regs; }
	void state(Thread_state const &s) override { regs = s; }
	void exception_sigh(Signal_context_capability) override { }
	void single_step(bool)           override { }
	void affinity(Affinity::Location) override { }
	unsigned trace_control_index()   override { return 0; }
	Dataspace_capability utcb()         override { return Dataspace_capability(); }
	Dataspace_capability trace_buffer() override { return Dataspace_capability(); }
	Dataspace_capability trace_policy() override { return Dataspace_capability(); }
};


struct Pd;

struct Native : Rpc_object<Foc_native_pd>
{
	std::map<addr_t, Native_capability> slots;

	Native() { core_ep().manage(this); }

	Native_capability task_cap() override { return Native_capability(); }

	Result install(Native_capability cap, addr_t kcap) override
	{
		if (slots.count(kcap))
			return OCCUPIED;
		slots[kcap] = cap;
		return DONE;
	}

	Result compare(Native_capability cap, addr_t kcap) override
	{
		if (!slots.count(kcap))
			return EMPTY;
		return !cap.valid() || slots[kcap] == cap ? DONE : DIFFERENT;
	}

	Result irq_attach(Native_capability, Thread_capability, unsigned long) override { return DONE; }
	Result irq_detach(Native_capability) override { return DONE; }

	Stopped pause(Thread_capability cap) override
	{
		Thread_object *thread = server<Thread_object>(cap);

		if (!thread || !thread->started)
			return Stopped { Stopped::UNKNOWN, 0, 0 };
		thread->running = false;
		return thread->stopped;
	}

	unsigned pending_signals(Signal_context_capability) override { return 3; }
};


struct Source : Rpc_object<Foc_signal_source, Source>
{
	Native_capability semaphore = fresh();

	Source() { core_ep().manage(this); }

	Native_capability _request_semaphore() { return semaphore; }
};


struct Pd : Rpc_object<Pd_session>
{
	Rm     maps[3] { { false }, { false }, { false } };
	Native native;
	Source source;

	std::map<uint32_t, Thread_object *> threads;

	Pd() { core_ep().manage(this); }

	void assign_parent(Capability<Parent>) override { }
	bool assign_pci(addr_t, uint16_t) override { return false; }

	Signal_source_capability alloc_signal_source() override {
		return reinterpret_cap_cast<Signal_source>(source.cap()); }

	void free_signal_source(Signal_source_capability) override { }

	Capability<Signal_context> alloc_context(Signal_source_capability, unsigned long) override
	{
		metadata<Out_of_metadata>();
		return reinterpret_cap_cast<Signal_context>(fresh());
	}

	void free_context(Capability<Signal_context>) override { }
	void submit(Capability<Signal_context>, unsigned count) override { world.submitted += count; }

	Native_capability alloc_rpc_cap(Native_capability) override
	{
		metadata<Out_of_metadata>();
		return fresh();
	}

	void free_rpc_cap(Native_capability) override { }

	Capability<Region_map> address_space() override { return maps[0].cap(); }
	Capability<Region_map> stack_area()    override { return maps[1].cap(); }
	Capability<Region_map> linker_area()   override { return maps[2].cap(); }

	Capability<Native_pd> native_pd() override {
		return reinterpret_cap_cast<Native_pd>(native.cap()); }
};


struct Cpu : Rpc_object<Cpu_session>
{
	struct Native : Rpc_object<Foc_native_cpu>
	{
		Native() { core_ep().manage(this); }

		void enable_vcpu(Thread_capability, addr_t) override { }
		Native_capability alloc_irq() override { return fresh(); }

		Native_capability native_cap(Thread_capability cap) override
		{
			Thread_object *thread = server<Thread_object>(cap);
			return thread ? thread->gate : Native_capability();
		}
	} native;

	Ds control { 4096 };

	/* threads of this session, by PD */
	std::vector<std::pair<Pd *, Thread_object *>> threads;

	Cpu() { core_ep().manage(this); }
	~Cpu() { while (!threads.empty()) kill_thread(threads.back().second->cap()); }

	Thread_capability create_thread(Capability<Pd_session> cap, Name const &, Affinity::Location,
	                                Weight, addr_t) override
	{
		metadata<Out_of_metadata>();

		Pd *pd = server<Pd>(cap);
		if (!pd)
			throw Thread_creation_failed();

		caplog_flavour const &f = *caplog_flavours(nullptr);
		uint32_t slot = f.thread_base;
		while (pd->threads.count(slot))
			slot += f.thread_stride;

		Thread_object *thread = new Thread_object(slot);
		pd->threads[slot] = thread;
		pd->native.slots[thread->regs.kcap] = thread->gate;
		threads.push_back(std::make_pair(pd, thread));
		return thread->cap();
	}

	void kill_thread(Thread_capability cap) override
	{
		for (size_t i = 0; i < threads.size(); i++) {
			Thread_object *thread = threads[i].second;
			if (!(thread->cap() == cap))
				continue;
			for (auto &entry : threads[i].first->threads)
				if (entry.second == thread) {
					threads[i].first->threads.erase(entry.first);
					break;
				}
			threads[i].first->native.slots.erase(thread->regs.kcap);
			threads.erase(threads.begin() + i);
			delete thread;
			return;
		}
	}

	void exception_sigh(Signal_context_capability) override { }
	Affinity::Space affinity_space() const override { return Affinity::Space(); }
	Dataspace_capability trace_control() override { return control.cap(); }
	int ref_account(Cpu_session_capability) override { return 0; }
	int transfer_quota(Cpu_session_capability, size_t) override { return 0; }
	Quota quota() override { return Quota(); }

	Capability<Native_cpu> native_cpu() override {
		return reinterpret_cap_cast<Native_cpu>(native.cap()); }
};


/*
 * Other services
 */

struct Rom : Rpc_object<Rom_session>
{
	Ds module { 8192 };

	Rom() { core_ep().manage(this); }

	Rom_dataspace_capability dataspace() override {
		return reinterpret_cap_cast<Rom_dataspace>(module.cap()); }

	void sigh(Signal_context_capability) override { }
};


struct Timer_model : Rpc_object< ::Timer::Session>
{
	static std::vector<Timer_model *> all;

	Signal_context_capability handler;
	unsigned                  us = 0;

	Timer_model() { core_ep().manage(this); all.push_back(this); }

	~Timer_model()
	{
		for (size_t i = 0; i < all.size(); i++)
			if (all[i] == this)
				all.erase(all.begin() + i--);
	}

	void trigger_once(unsigned t) override     { us = t; }
	void trigger_periodic(unsigned t) override { us = t; }
	void sigh(Signal_context_capability cap) override { handler = cap; }
	unsigned long elapsed_ms() const override  { return world.now_ms; }
	void msleep(unsigned) override { }
	void usleep(unsigned) override { }
};

std::vector<Timer_model *> Timer_model::all;


struct Anything { GENODE_RPC_INTERFACE(); };

struct Other : Rpc_object<Anything, Other>
{
	Other() { core_ep().manage(this); }
};


/*
 * The monitor's parent
 */

static Ram &monitor_ram()
{
	static Ram *ram = new Ram(64UL << 20);
	return *ram;
}


struct Parent_model : Rpc_object<Parent>
{
	struct Open { Rpc_object_base *server; size_t donated; char letter; };

	std::map<long, Open> sessions;

	Parent_model() { core_ep().manage(this); }

	static Rpc_object_base *serve(std::string const &service)
	{
		if (service == "RAM")   return new Ram(0);
		if (service == "PD")    return new Pd();
		if (service == "CPU")   return new Cpu();
		if (service == "ROM")   return new Rom();
		if (service == "Timer") return new Timer_model();
		if (service == "LOG")   return new Other();
		if (service == "Nic")   return new Other();
		throw Service_denied();
	}

	Session_capability session(Service_name const &name, Session_args const &args,
	                           Affinity const &) override
	{
		Rpc_object_base *s = serve(name.string());
		size_t const donated = Arg_string::find_arg(args.string(), "ram_quota").ulong_value(0);

		world.opened[name.string()[0] - 'A']++;
		monitor_ram().limit -= donated;
		sessions[s->cap().local_name()] = Open { s, donated, name.string()[0] };
		return reinterpret_cap_cast<Session>(s->cap());
	}

	void close(Session_capability cap) override
	{
		auto const at = sessions.find(cap.local_name());

		if (at == sessions.end())
			return;
		world.closed[at->second.letter - 'A']++;
		monitor_ram().limit += at->second.donated;
		data(cap)->object = nullptr;
		delete at->second.server;
		sessions.erase(at);
	}

	void upgrade(Session_capability cap, Upgrade_args const &args) override
	{
		auto const at = sessions.find(cap.local_name());
		size_t const amount = Arg_string::find_arg(args.string(), "ram_quota").ulong_value(0);

		if (at == sessions.end())
			return;
		world.upgrades++;
		monitor_ram().limit -= amount;
		at->second.donated += amount;
	}

	void exit(int) override { }
	void announce(Service_name const &, Root_capability) override { }
	Thread_capability main_thread_cap() const override { return Thread_capability(); }
	void resource_avail_sigh(Signal_context_capability) override { }
	void resource_request(Resource_args const &) override { }
	void yield_sigh(Signal_context_capability) override { }
	Resource_args yield_request() override { return Resource_args(); }
	void yield_response() override { }
};


struct Host_heap : Allocator
{
	using Allocator::alloc;

	bool alloc(size_t size, void **out) override
	{
		*out = ::calloc(1, size);
		return *out;
	}

	void free(void *at, size_t) override { ::free(at); }
};


struct Parts
{
	Parent_model   parent;
	Rm             local { true };
	Pd             pd;
	Cpu            cpu;
	Rpc_entrypoint rpc_ep { nullptr, 0, "monitor" };
	Entrypoint     ep { rpc_ep };
	Host_heap      heap;
};

static Parts &parts()
{
	static Parts *parts = new Parts();
	return *parts;
}


struct New_env : Env
{
	Parent      &parent() override { return parts().parent; }
	Ram_session &ram()    override { return monitor_ram(); }
	Cpu_session &cpu()    override { return parts().cpu; }
	Region_map  &rm()     override { return parts().local; }
	Pd_session  &pd()     override { return parts().pd; }
	Entrypoint  &ep()     override { return parts().ep; }

	Ram_session_capability ram_session_cap() override { return monitor_ram().cap(); }
	Cpu_session_capability cpu_session_cap() override { return parts().cpu.cap(); }
};


struct Old_env : Env_deprecated
{
	Parent      *parent()      override { return &parts().parent; }
	Ram_session *ram_session() override { return &monitor_ram(); }
	Cpu_session *cpu_session() override { return &parts().cpu; }
	Region_map  *rm_session()  override { return &parts().local; }
	Pd_session  *pd_session()  override { return &parts().pd; }
	Allocator   *heap()        override { return &parts().heap; }

	Ram_session_capability ram_session_cap() override { return monitor_ram().cap(); }
	Cpu_session_capability cpu_session_cap() override { return parts().cpu.cap(); }
	Pd_session_capability  pd_session_cap()  override { return parts().pd.cap(); }
};


/*
 * What a test asks
 */

Env &environment()
{
	static New_env env;
	return env;
}

Allocator &heap() { return parts().heap; }

char *memory(Native_capability const &cap)
{
	Ds *ds = server<Ds>(cap);
	return ds ? ds->bytes.data() : nullptr;
}

void fire_timers(unsigned count)
{
	for (Timer_model *t : Timer_model::all)
		if (data(t->handler) && data(t->handler)->context)
			data(t->handler)->context->submit(count);
}

unsigned attached(Capability<Region_map> cap)
{
	Rm *rm = server<Rm>(cap);
	return rm ? rm->regions.size() : 0;
}

void stands(Thread_capability cap, Foc_native_pd::Stopped::State state, addr_t ip, addr_t sp) {
	server<Thread_object>(cap)->stopped = Foc_native_pd::Stopped { state, ip, sp }; }

bool runs(Thread_capability cap)
{
	Thread_object *thread = server<Thread_object>(cap);
	return thread && thread->running;
}

Native_capability foreign() { return fresh(); }

static std::string config_text = "<config/>";

void configuration(char const *xml) { config_text = xml; }

} /* namespace Core_model */


/*
 * The monitor's own environment
 */

namespace Genode {

Env_deprecated *env()
{
	static Core_model::Old_env env;
	return &env;
}

Config *config()
{
	static Config config;
	return &config;
}

Xml_node Config::xml_node() { return Xml_node(Core_model::config_text.c_str()); }

bool Heap::alloc(size_t size, void **out) { return env()->heap()->alloc(size, out); }
void Heap::free(void *at, size_t size)    { env()->heap()->free(at, size); }


Session_capability session_of(Parent &parent, char const *service, char const *format,
                              __builtin_va_list list)
{
	char args[160];

	vsnprintf(args, sizeof(args), format, list);
	return parent.session(service, args);
}


/*
 * Child: the program is one dataspace, whose first word the parent writes
 */

Service &Child::_parent_service()
{
	static Parent_service service("");
	return service;
}

Child::Child(Dataspace_capability elf, Dataspace_capability, Pd_session_capability,
             Pd_session &pd, Ram_session_capability, Ram_session &ram, Cpu_session_capability,
             Initial_thread_base &main, Region_map &, Region_map &remote, Rpc_entrypoint &ep,
             Child_policy &, Service &, Service &, Service &)
:
	_ep(ep)
{
	enum { TEXT = 0x1000000, DATA = 0x2000000 };

	ep.manage(static_cast<Rpc_object<Parent> *>(this));
	if (!elf.valid())
		return;
	pd.assign_parent(parent_cap());
	remote.attach(elf, 0, 0, true, (addr_t)TEXT, true);
	remote.attach(ram.alloc(16384), 0, 0, true, (addr_t)DATA, false);
	main.start(TEXT);
}

Child::~Child() { _ep.dissolve(static_cast<Rpc_object<Parent> *>(this)); }

void Child::announce(Service_name const &, Root_capability) { }
Session_capability Child::session(Service_name const &, Session_args const &, Affinity const &) {
	throw Service_denied(); }
void Child::upgrade(Session_capability, Upgrade_args const &) { }
void Child::close(Session_capability) { }
void Child::exit(int) { }
Thread_capability Child::main_thread_cap() const { return Thread_capability(); }
void Child::resource_avail_sigh(Signal_context_capability) { }
void Child::resource_request(Resource_args const &) { }
void Child::yield_sigh(Signal_context_capability) { }
Parent::Resource_args Child::yield_request() { return Resource_args(); }
void Child::yield_response() { }


Elf_binary::Elf_binary(addr_t) { }
bool Elf_binary::dynamically_linked() const { return false; }

} /* namespace Genode */


void Timer::Connection::usleep(unsigned us) { Core_model::world.now_ms += us/1000; }
