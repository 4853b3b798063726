/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/env.h>
#include <base/log.h>
#include <base/thread.h>
#include <cpu_session/client.h>
#include <cpu_thread/client.h>
#include <parent/client.h>
#include <pd_session/client.h>
#include <ram_session/client.h>
#include <region_map/client.h>
#include <rom_session/client.h>
#include <timer_session/connection.h>

#include "storm.h"

using namespace Genode;

/* Whatever the monitor makes of it */
template <typename FN> static bool stands(FN const &fn)
{
	try { fn(); }
	catch (...) { return false; }
	return true;
}

template <typename IF> static Capability<IF> as(Native_capability const &cap) {
	return reinterpret_cap_cast<IF>(cap); }


/* A capability that two threads have; what they do with it is not ordered, but their own map is */
template <typename IF>
class Shared
{
	private:

		Lock           _lock;
		Capability<IF> _cap;

	public:

		void set(Capability<IF> const &cap)
		{
			Lock::Guard guard(_lock);
			_cap = cap;
		}

		Capability<IF> get()
		{
			Lock::Guard guard(_lock);
			return _cap;
		}
};


/* Does one thing again and again, each time it can */
template <typename FN>
struct Racer : Thread_deprecated<4*1024*sizeof(long)>
{
	FN const      &fn;
	bool volatile  end    = false;
	unsigned       rounds = 0;

	Racer(FN const &fn) : Thread_deprecated("racer"), fn(fn) { start(); }

	void entry() override
	{
		for (; !end; rounds++)
			stands(fn);
	}

	unsigned finish()
	{
		end = true;
		join();
		return rounds;
	}
};


struct Storm
{
	enum { PAGE = 4096, STORM_MS = 1200, CALM_MS = 400, CONTEXTS = 200, KILLS = 60 };

	/* not those of its environment, which ask the parent for what is missing */
	Pd_session_client  pd  { env()->pd_session_cap() };
	Ram_session_client ram { env()->ram_session_cap() };
	Cpu_session_client cpu { env()->cpu_session_cap() };

	Parent_client     parent { *static_cast<Parent_client *>(env()->parent()) };
	Timer::Connection timer;

	Region_map_client address_space { pd.address_space() }, stack_area { pd.stack_area() },
	                  linker_area   { pd.linker_area() };

	Pd_session::Signal_source_capability source { pd.alloc_signal_source() };

	Session_capability open(char const *service, char const *args) {
		return parent.session(service, args, Affinity()); }

	template <typename ONE, typename OTHER>
	void race(char const *what, ONE const &one, OTHER const &other)
	{
		log("attack: ", what);

		Racer<ONE>   a(one);
		Racer<OTHER> b(other);
		timer.msleep(STORM_MS);

		unsigned const of_a = a.finish(), of_b = b.finish();
		log(what, ": ", of_a, " and ", of_b, " times");
		timer.msleep(CALM_MS);
	}


	/*
	 * Races
	 */

	void maps()
	{
		enum { AT = 0x6000000, BESIDE = 0x7000000 };

		race("maps nested and taken out", [&] {
			address_space.attach(stack_area.dataspace(), PAGE, 0, true, (addr_t)AT, false);
			linker_area.attach(address_space.dataspace(), PAGE, 0, true, (addr_t)AT, false);
			linker_area.detach((addr_t)AT);
			address_space.detach((addr_t)AT);
		}, [&] {
			stack_area.attach(linker_area.dataspace(), PAGE, 0, true, (addr_t)BESIDE, false);
			address_space.detach((addr_t)AT);
			address_space.attach(address_space.dataspace(), PAGE, 0, true, (addr_t)BESIDE, false);
			linker_area.detach((addr_t)AT);
			address_space.detach((addr_t)BESIDE);
			stack_area.detach((addr_t)BESIDE);
		});
	}

	void memory()
	{
		Shared<Ram_dataspace> shared;

		race("memory freed while it is saved", [&] {
			Ram_dataspace_capability const ds = ram.alloc(64*PAGE);
			shared.set(ds);
			addr_t const at = address_space.attach(ds), beside = address_space.attach(ds);
			ram.free(ds);
			address_space.detach(at);
			address_space.detach(beside);
		}, [&] {
			/* what it does not hold any more, or not yet */
			ram.free(shared.get());
			Ram_dataspace_capability const ds = ram.alloc(PAGE);
			address_space.detach(address_space.attach(ds));
			ram.free(ds);
			ram.free(ds);
		});
	}

	/*
	 * Page faults, of which some are resolved later, while what is attached changes:
	 * core's pager and its entrypoint need the same region map
	 */
	enum { HOLE = 0x7800000 };

	static void touch() { for (;;) *(unsigned volatile *)HOLE = 1; }

	void faults()
	{
		Ram_dataspace_capability const one = ram.alloc(PAGE), other = ram.alloc(PAGE);

		/* one connection lets one thread wait at a time */
		Timer::Connection pauses;

		race("faults while memory is attached", [&] {
			Thread_capability const t[] = { thread(), thread() };
			for (Thread_capability const &c : t)
				Cpu_thread_client(c).start((addr_t)touch, 0x10);
			pauses.msleep(30);
			stands([&] { address_space.attach(one, 0, 0, true, (addr_t)HOLE, false); });
			pauses.msleep(10);
			address_space.detach((addr_t)HOLE);
			for (Thread_capability const &c : t)
				cpu.kill_thread(c);
		}, [&] {
			addr_t const at = address_space.attach(other);
			address_space.detach(at);
		});
		ram.free(one);
		ram.free(other);
	}

	void contexts()
	{
		static Shared<Signal_context> all[CONTEXTS];

		race("signal contexts freed by hundreds", [&] {
			for (auto &c : all)
				c.set(pd.alloc_context(source, 1));
			for (auto &c : all)
				pd.free_context(c.get());
		}, [&] {
			/* each that arrives is a line of the log */
			pd.submit(all[CONTEXTS/2].get(), 1);
			for (auto &c : all)
				pd.free_context(c.get());
		});
	}

	/* One opens and closes what the other asks */
	template <typename FN>
	void closed_while_used(char const *what, char const *service, char const *args, FN const &use)
	{
		Shared<Session> shared;

		race(what, [&] {
			Session_capability const s = open(service, args);
			shared.set(s);
			parent.upgrade(s, "ram_quota=1K");
			parent.close(s);
		}, [&] {
			/* the kernel prints a line for each call of what is gone */
			Session_capability const s = shared.get();
			if (s.valid() && !stands([&] { use(s); }))
				shared.set(Session_capability());
		});
	}

	void sessions()
	{
		closed_while_used("a ROM session", "ROM", "ram_quota=4K, label=\"config\"",
			[&] (Session_capability s) {
				Rom_session_client rom(as<Rom_session>(s));
				rom.dataspace();
				rom.update();
				rom.sigh(as<Signal_context>(s));
			});
		closed_while_used("a module's ROM session", "ROM", "ram_quota=4K, label=\"caplog_sheep\"",
			[&] (Session_capability s) {
				Dataspace_capability const ds = Rom_session_client(as<Rom_session>(s)).dataspace();
				address_space.detach(address_space.attach(ds));
			});
		closed_while_used("a timer session", "Timer", "ram_quota=8K",
			[&] (Session_capability s) {
				Capability<Timer::Session> const t = as<Timer::Session>(s);
				t.call<Timer::Session::Rpc_trigger_periodic>(1000u);
				t.call<Timer::Session::Rpc_elapsed_ms>();
				t.call<Timer::Session::Rpc_trigger_once>(1u);
			});
		closed_while_used("a RAM session", "RAM", "ram_quota=16K",
			[&] (Session_capability s) {
				Ram_session_client other(as<Ram_session>(s));
				ram.transfer_quota(as<Ram_session>(s), PAGE);
				other.ref_account(env()->ram_session_cap());
				other.free(other.alloc(PAGE));
				other.transfer_quota(env()->ram_session_cap(), other.quota());
			});
		closed_while_used("a CPU session", "CPU", "ram_quota=64K",
			[&] (Session_capability s) {
				Cpu_session_client other(as<Cpu_session>(s));
				cpu.ref_account(as<Cpu_session>(s));
				other.kill_thread(other.create_thread(env()->pd_session_cap(), "other's",
					Affinity::Location(), Cpu_session::Weight()));
			});
	}

	/* Buffers of full size without an end */
	void largest_arguments()
	{
		enum { MAX = Parent::Session_args::MAX_SIZE, NAME = Parent::Service_name::MAX_SIZE };
		char text[MAX + 1];

		log("attack: arguments of maximum size");
		for (unsigned less = 0; less < 4; less++) {
			memset(text, 'y', sizeof(text));
			text[MAX - less] = 0;
			Parent::Session_args const args(text);
			text[NAME - less] = 0;
			Parent::Service_name const name(text);

			stands([&] { parent.call<Parent::Rpc_session>(name, args, Affinity()); });
			stands([&] { parent.call<Parent::Rpc_session>("ROM", args, Affinity()); });
			stands([&] { parent.call<Parent::Rpc_session>("LOG", args, Affinity()); });
			stands([&] { parent.call<Parent::Rpc_announce>(name, as<Root>(source)); });
			stands([&] { parent.call<Parent::Rpc_upgrade>(env()->ram_session_cap(), args); });
		}
		/* the label of its sibling, of its monitor, and of nobody */
		static char const * const labels[] = {
			"ram_quota=8K, label=\"sheep\"", "ram_quota=8K, label=\"\"",
			"label=\"a\", ram_quota=8K, label=\"sheep\"", "ram_quota=8K, label=\" -> sheep\"",
			"ram_quota=8K, label=\"", "ram_quota=8K, label" };
		for (char const *label : labels)
			stands([&] { parent.close(open("LOG", label)); });
		timer.msleep(CALM_MS);
	}


	/*
	 * Threads
	 */

	static void spin() { for (;;) asm volatile ("" : : : "memory"); }

	Thread_capability thread(addr_t utcb = 0) {
		return cpu.create_thread(env()->pd_session_cap(), "raw", Affinity::Location(),
		                         Cpu_session::Weight(), utcb); }

	void threads()
	{
		race("threads started and killed", [&] {
			Thread_capability const t = thread();
			Cpu_thread_client(t).start((addr_t)spin, 0x10);
			cpu.kill_thread(t);
		}, [&] {
			Thread_capability const t = thread();
			Cpu_thread_client c(t);
			c.start((addr_t)spin, 0x10);
			c.pause();
			Thread_state s = c.state();
			s.ip = s.sp = 0x10;
			c.state(s);
			cpu.kill_thread(t);
			c.resume();
		});

		log("attack: UTCBs outside");
		static addr_t const at[] = { 1, 0x1000, ~(addr_t)0, (addr_t)spin, (addr_t)&parent };
		for (addr_t utcb : at)
			stands([&] {
				Thread_capability const t = thread(utcb);
				Cpu_thread_client(t).start((addr_t)spin, utcb);
				timer.msleep(20);
				cpu.kill_thread(t);
			});
		log("attack: threads without code");
		for (addr_t ip : at)
			stands([&] {
				Thread_capability const t = thread();
				Cpu_thread_client(t).start(ip == (addr_t)spin ? 0x10 : ip, ip);
				timer.msleep(100);
				cpu.kill_thread(t);
			});
		timer.msleep(CALM_MS);
	}

	/*
	 * A thread vanishes while the monitor serves its request: the one that answers
	 * must not answer another, nor what is no thread any more
	 */
	void kill_callers()
	{
		log("attack: callers that are killed");

		auto const call = [&] { parent.close(open("LOG", "ram_quota=8K")); };
		unsigned random = 1;

		for (unsigned i = 0; i < KILLS; i++) {
			Racer<decltype(call)> * const racer = new (env()->heap()) Racer<decltype(call)>(call);
			random = random*1664525 + 1013904223;
			for (unsigned volatile n = (random >> 16) & 0x7fff; n; n--) ;
			cpu.kill_thread(racer->cap());

			/* others take its place at once */
			Thread_capability t[4];
			for (auto &c : t)
				stands([&] { c = thread(); Cpu_thread_client(c).start((addr_t)spin, 0x10); });
			stands([&] { parent.close(open("LOG", "ram_quota=8K")); });
			for (auto &c : t)
				cpu.kill_thread(c);
			destroy(env()->heap(), racer);
		}
		log("callers that are killed: ", (unsigned)KILLS);
		timer.msleep(CALM_MS);
	}

	Storm()
	{
		largest_arguments();
		maps();
		memory();
		faults();
		contexts();
		sessions();
		threads();
		kill_callers();
	}
};


void storms() { static Storm storm; }
