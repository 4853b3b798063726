/* SPDX-License-Identifier: BSD-2-Clause */
/* The monitor's parent and environment */
#include <base/heap.h>
#include <base/session_label.h>
#include <os/config.h>
#include <parent/client.h>
#include <util/arg_string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string>
#include <unistd.h>

#include "core_pd.h"
#include "services.h"

namespace Core_model {

World world;

std::vector<Timer_model *> Timer_model::all;


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

	/* not core's: a request that is never answered does not hold up core */
	Rpc_entrypoint ep { nullptr, 0, "parent" };

	Parent_model() { ep.manage(this); }

	static Rpc_object_base *serve(std::string const &service)
	{
		if (service == "RAM")   return new Ram(0);
		if (service == "PD")    return new Pd();
		if (service == "CPU")   return new Cpu();
		if (service == "ROM")   return new Rom();
		if (service == "Timer") return new Timer_model();
		if (service == "LOG")   return new Log();
		if (service == "Nic")   return new Other();
		if (service == "Slow")  return new Other();
		throw Service_denied();
	}

	Session_capability session(Service_name const &name, Session_args const &args,
	                           Affinity const &) override
	{
		/* it waits for the server, and answers nothing else meanwhile */
		if (!strcmp(name.string(), "Slow"))
			wait_while_silent();

		Core_turn const turn;
		Rpc_object_base *s = serve(name.string());
		strncpy(world.last_label, label_from_args(args.string()).string(), sizeof(world.last_label));
		size_t const donated = Arg_string::find_arg(args.string(), "ram_quota").ulong_value(0);

		if (donated < world.least)
			throw Quota_exceeded();

		world.opened[name.string()[0] - 'A']++;
		monitor_ram().limit -= donated;
		sessions[s->cap().local_name()] = Open { s, donated, name.string()[0] };
		return reinterpret_cap_cast<Session>(s->cap());
	}

	void close(Session_capability cap) override
	{
		if (world.on_close)
			world.on_close();

		Core_turn const turn;
		auto const at = sessions.find(cap.local_name());

		if (at == sessions.end())
			return;
		world.closed[at->second.letter - 'A']++;
		monitor_ram().limit += at->second.donated;
		object_of(cap, nullptr, nullptr);

		Signal_context_capability late;
		if (Timer_model *t = dynamic_cast<Timer_model *>(at->second.server))
			late = world.late ? t->handler : late;
		delete at->second.server;
		sessions.erase(at);
		if (late.valid()) {
			data(late)->context->submit(1);
			usleep(20000); /* it is received */
		}
	}

	void upgrade(Session_capability cap, Upgrade_args const &args) override
	{
		Core_turn const turn;
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
	void resource_request(Resource_args const &) override { world.requests++; }
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
	Parent_client client { parts().parent.cap() };

	Parent      &parent() override { return client; }
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
	Core_turn const turn;

	for (Timer_model *t : Timer_model::all)
		if (data(t->handler) && data(t->handler)->context)
			data(t->handler)->context->submit(count);
}

unsigned pass_time(unsigned long ms)
{
	Core_turn const turn;
	unsigned signals = 0;

	world.now_ms += ms;
	for (Timer_model *t : Timer_model::all)
		if (unsigned const count = t->expire()) {
			signals += count;
			if (data(t->handler) && data(t->handler)->context)
				data(t->handler)->context->submit(count);
		}
	return signals;
}

unsigned attached(Capability<Region_map> cap)
{
	Rm *rm = server<Rm>(cap);
	return rm ? rm->regions.size() : 0;
}

void stands(Thread_capability cap, Foc_native_pd::Stopped::State state, addr_t ip, addr_t sp) {
	server<Thread_object>(cap)->stopped = Foc_native_pd::Stopped { state, ip, sp }; }

void excepts(Thread_capability cap, addr_t sp, unsigned strays, addr_t stops_at)
{
	Thread_object &thread = *server<Thread_object>(cap);

	thread.regs.sp  = sp;
	thread.strays   = strays;
	thread.stops_at = stops_at;
}

bool runs(Thread_capability cap)
{
	Thread_object *thread = server<Thread_object>(cap);
	return thread && thread->running;
}

Capability<Cpu_thread> own_thread(Thread &thread)
{
	static Thread_object *object = new Thread_object(caplog_own_flavour()->thread_base);

	Native_capability const cap = fresh();
	data(cap)->thread = &thread;
	object_of(cap, object, &core_ep());
	return reinterpret_cap_cast<Cpu_thread>(cap);
}

Native_capability foreign() { return fresh(); }

void sleep_us(unsigned us) { ::usleep(us); }

void wait_while_silent()
{
	while (__atomic_load_n(&world.silent, __ATOMIC_ACQUIRE)) {
		if (Thread::myself()->take_cancel())
			throw Blocking_canceled();
		sleep_us(1000);
	}
}

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

Heap::~Heap()
{
	while (chunks)
		ram.free(chunk[--chunks]);
}

bool Heap::alloc(size_t size, void **out)
{
	if (used + size > room) {
		try { chunk[chunks] = ram.alloc((size_t)CHUNK << chunks); }
		catch (Ram_session::Alloc_failed) { return false; }
		room += (size_t)CHUNK << chunks++;
	}
	used += size;
	return env()->heap()->alloc(size, out);
}

void Heap::free(void *at, size_t size)
{
	used -= size;
	env()->heap()->free(at, size);
}


Session_capability session_of(Parent &parent, char const *service, char const *format,
                              __builtin_va_list list)
{
	char args[160];

	vsnprintf(args, sizeof(args), format, list);
	return parent.session(service, args);
}

} /* namespace Genode */
