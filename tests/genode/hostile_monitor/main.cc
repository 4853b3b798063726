/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component attacks its monitor on the real kernel
 *
 * One attack after the other, each for a while in which checkpoints are tried,
 * then a pause in which all is as it should be. What a component can take back
 * comes first; last it spoils its log, exits, and asks for a session at a sibling
 * or a server that never answers. With <config silent="yes"/> the program is that
 * sibling, with <config late="yes"/> that server.
 *
 * "refused:" is a request that the monitor or core turned down, "FAILED:" one
 * that it must not serve. An attack that the monitor does not stand is the last
 * line.
 */
#include <base/env.h>
#include <base/log.h>
#include <base/rpc_server.h>
#include <base/semaphore.h>
#include <base/sleep.h>
#include <base/thread.h>
#include <cpu_session/client.h>
#include <cpu_thread/client.h>
#include <foc/capability_space.h>
#include <log_session/log_session.h>
#include <os/config.h>
#include <parent/client.h>
#include <pd_session/client.h>
#include <ram_session/client.h>
#include <region_map/client.h>
#include <rom_session/client.h>
#include <root/root.h>
#include <timer_session/connection.h>

#include <caplog/abi.h>
#include <caplog/stub.h>

#include "storm.h"

using namespace Genode;

/* words of a log's header; there are two types of the usual names */
typedef decltype(caplog_header::map_count)   Word32;
typedef decltype(caplog_header::map_address) Word64;

static unsigned failures;

static void refused(bool ok, char const *what)
{
	log(ok ? "refused: " : "FAILED: ", what);
	failures += !ok;
}

/* A request that may be served or not, if the monitor lives on */
template <typename FN> static bool stands(FN const &fn)
{
	try { fn(); }
	catch (...) { return false; }
	return true;
}

template <typename FN> static void must_refuse(char const *what, FN const &fn) {
	refused(!stands(fn), what); }


/* Its entrypoint never begins to serve */
struct Nothing
{
	GENODE_RPC(Rpc_nothing, void, nothing);
	GENODE_RPC_INTERFACE(Rpc_nothing);
};

struct Silent : Rpc_object<Nothing, Silent> { void nothing() { } };


/*
 * Threads that the base library does not know: they need no stack
 */

static unsigned volatile shared;
static void spin()     { for (;;) shared++; }
static void scribble();

static Word32 volatile *scribble_at;
static unsigned volatile  scribble_words;

static void scribble()
{
	unsigned random = 1;

	for (;;)
		for (unsigned i = 0; i < scribble_words; i++) {
			random = random*1664525 + 1013904223;
			scribble_at[i] = random;
		}
}


struct Attacker
{
	enum { STACK = 8*1024, PAGE = 4096, MANY = 5000, ATTACK_MS = 900, CALM_MS = 400 };

	/* not those of its environment, which ask the parent for what is missing */
	Pd_session_client  pd  { env()->pd_session_cap() };
	Ram_session_client ram { env()->ram_session_cap() };
	Cpu_session_client cpu { env()->cpu_session_cap() };

	Parent_client      parent { *static_cast<Parent_client *>(env()->parent()) };
	Region_map  &local { *env()->rm_session() };

	Timer::Connection timer;
	Rpc_entrypoint    ep { &pd, STACK, "silent", false };
	Silent            silent;
	Native_capability gate { ep.manage(&silent) };

	Region_map_client address_space { pd.address_space() }, stack_area { pd.stack_area() },
	                  linker_area { pd.linker_area() };
	Pd_session::Signal_source_capability source { pd.alloc_signal_source() };

	Dataspace_capability const log_ds { env()->pd_session_cap()
	                                    .call<Pd_session::Rpc_cap_space_dataspace>() };
	caplog_header volatile &header { *(caplog_header *)local.attach(log_ds) };

	template <typename IF> Capability<IF> as(Native_capability const &cap) {
		return reinterpret_cap_cast<IF>(cap); }

	Session_capability open(char const *service, char const *args) {
		return parent.session(service, args, Affinity()); }


	/*
	 * Requests
	 */

	void memory()
	{
		must_refuse("all memory", [&] { ram.alloc(~(size_t)0 - PAGE); });
		must_refuse("a gate as memory", [&] {
			address_space.attach(as<Dataspace>(gate), 0, 0, false, (addr_t)0, false); });
		must_refuse("no memory", [&] { address_space.attach(Dataspace_capability()); });
		ram.free(as<Ram_dataspace>(gate));
		ram.free(Ram_dataspace_capability());
		refused(ram.transfer_quota(as<Ram_session>(gate), 1), "quota for a gate");
		refused(ram.transfer_quota(env()->ram_session_cap(), ~(size_t)0), "all quota");
		ram.ref_account(as<Ram_session>(gate));

		/* its maps in themselves and in each other, in circles */
		Region_map_client *maps[] = { &address_space, &stack_area, &linker_area };
		unsigned attached = 0;
		for (unsigned i = 0; i < 3; i++)
			for (unsigned j = 0; j < 3; j++)
				attached += stands([&] {
					maps[i]->attach(maps[j]->dataspace(), PAGE, 0, true,
					                (addr_t)(0x6000000 + PAGE*j), false); });
		log("maps attached in maps: ", attached);
		timer.msleep(ATTACK_MS);
		for (unsigned i = 0; i < 3; i++)
			for (unsigned j = 0; j < 3; j++)
				maps[i]->detach((addr_t)(0x6000000 + PAGE*j));
		for (unsigned i = 0; i < 3; i++) {
			maps[i]->detach((addr_t)0x6f000123); /* where nothing is */
			maps[i]->fault_handler(as<Signal_context>(gate));
			maps[i]->fault_handler(Signal_context_capability());
		}
	}

	void objects()
	{
		refused(!pd.alloc_rpc_cap(Native_capability()).valid(), "a gate of no thread");
		refused(!pd.alloc_rpc_cap(gate).valid(), "a gate of a gate");
		refused(!pd.alloc_rpc_cap(env()->ram_session_cap()).valid(), "a gate of the monitor's entrypoint");
		pd.free_rpc_cap(env()->ram_session_cap());
		pd.free_rpc_cap(Native_capability());
		pd.free_context(as<Signal_context>(gate));
		pd.free_context(as<Signal_context>(env()->ram_session_cap()));
		pd.submit(as<Signal_context>(gate), ~0U);
		pd.free_signal_source(as<Signal_source>(gate));
		stands([&] { pd.alloc_context(as<Signal_source>(gate), 1); });
		refused(!pd.assign_pci(0, 0), "a PCI device");
	}

	void threads()
	{
		must_refuse("a thread in another PD", [&] {
			cpu.create_thread(as<Pd_session>(gate), "x", Affinity::Location(), Cpu_session::Weight()); });
		cpu.kill_thread(as<Cpu_thread>(gate));
		cpu.kill_thread(Thread_capability());
		cpu.exception_sigh(as<Signal_context>(gate));
		cpu.exception_sigh(Signal_context_capability());
		refused(cpu.transfer_quota(as<Cpu_session>(gate), 1) != 0, "CPU quota for a gate");
		cpu.trace_control();

		Thread_capability const t = cpu.create_thread(env()->pd_session_cap(), "twice",
			Affinity::Location(), Cpu_session::Weight());
		Cpu_thread_client twice(t);
		stands([&] { twice.resume(); });
		stands([&] { twice.pause(); });
		twice.start((addr_t)spin, 0x10);
		stands([&] { twice.start((addr_t)spin, 0x10); });
		stands([&] { twice.state(Thread_state()); });
		stands([&] { twice.affinity(Affinity::Location(1000, 1000, 1, 1)); });
		stands([&] { twice.single_step(true); });
		cpu.kill_thread(t);
		stands([&] { twice.start((addr_t)spin, 0x10); });
		stands([&] { twice.pause(); });
	}

	void sessions()
	{
		char label[160];
		memset(label, 'x', sizeof(label));
		memcpy(label, "ram_quota=8K, label=\"", 21);
		memcpy(label + sizeof(label) - 2, "\"", 2);

		stands([&] { open("LOG", label); });
		stands([&] { open("ROM", label); });
		must_refuse("more than all quota", [&] { open("LOG", "ram_quota=18446744073709551615"); });
		must_refuse("less than no quota",  [&] { open("LOG", "ram_quota=-1"); });
		must_refuse("a service without a name", [&] { open("", "ram_quota=4K"); });
		must_refuse("a service that there is not", [&] { open("Nothing", "ram_quota=4K"); });
		must_refuse("a module that there is not", [&] { open("ROM", "ram_quota=4K, label=\"nothing\""); });
		stands([&] { open("ROM", "ram_quota=4K, label=\"..\""); });
		stands([&] { open("Env::ram_session", label); });

		stands([&] { parent.upgrade(as<Session>(gate), "ram_quota=1K"); });
		must_refuse("an upgrade by more than there is", [&] {
			parent.upgrade(env()->ram_session_cap(), "ram_quota=1G"); });
		stands([&] { parent.upgrade(Session_capability(), ""); });
		parent.close(as<Session>(gate));
		parent.close(env()->ram_session_cap());
		parent.close(env()->pd_session_cap());
		parent.close(env()->cpu_session_cap());
		parent.close(Session_capability());
		parent.resource_avail_sigh(as<Signal_context>(gate));
		parent.yield_sigh(as<Signal_context>(gate));
		parent.yield_response();

		/* what it must not announce, and what it may, many times */
		parent.announce("Timer", as<Root>(gate));
		parent.announce("Silent", as<Root>(env()->ram_session_cap()));
		parent.announce("Silent", Root_capability());

		Capability<Rom_session> const rom = as<Rom_session>(open("ROM", "ram_quota=4K, label=\"config\""));
		Rom_session_client(rom).sigh(as<Signal_context>(gate));
		parent.close(rom);
		stands([&] { Rom_session_client(rom).dataspace(); });
		parent.close(rom);
	}

	void requests()
	{
		memory();
		objects();
		threads();
		sessions();
	}


	/*
	 * More and more of something, until it is refused, and back
	 */

	template <typename T, typename MAKE, typename FREE>
	void without_end(char const *what, MAKE const &make, FREE const &free)
	{
		static T all[MANY];
		unsigned n = 0;

		while (n < MANY && stands([&] { all[n] = make(); if (!all[n].valid()) throw 1; }))
			n++;
		log(what, ": ", n, n < MANY ? " and no more" : "");
		timer.msleep(CALM_MS/2);
		while (n--) {
			free(all[n]);
			all[n] = T();
		}
	}

	void without_end()
	{
		typedef Signal_context_capability Context;

		without_end<Session_capability>("LOG sessions",
			[&] { return open("LOG", "ram_quota=8K"); }, [&] (Session_capability c) { parent.close(c); });
		without_end<Session_capability>("ROM sessions without quota",
			[&] { return open("ROM", "ram_quota=0, label=\"config\""); },
			[&] (Session_capability c) { parent.close(c); });
		without_end<Ram_dataspace_capability>("dataspaces",
			[&] { return ram.alloc(PAGE); }, [&] (Ram_dataspace_capability c) { ram.free(c); });
		without_end<Context>("signal contexts",
			[&] { return pd.alloc_context(source, 1); }, [&] (Context c) { pd.free_context(c); });
		without_end<Thread_capability>("threads",
			[&] { return cpu.create_thread(env()->pd_session_cap(), "one of many",
				Affinity::Location(), Cpu_session::Weight()); },
			[&] (Thread_capability c) { cpu.kill_thread(c); });
	}


	/*
	 * While it is stopped
	 */

	unsigned long end_of_attack() { return timer.elapsed_ms() + ATTACK_MS; }

	Thread_capability raw_thread(void (*entry)(), addr_t sp)
	{
		Thread_capability const t = cpu.create_thread(env()->pd_session_cap(), "raw",
			Affinity::Location(), Cpu_session::Weight());
		Cpu_thread_client(t).start((addr_t)entry, sp);
		return t;
	}

	/* Threads and memory come and go */
	void changes()
	{
		for (unsigned long const end = end_of_attack(); timer.elapsed_ms() < end; ) {
			Thread_capability        const t  = raw_thread(spin, 0x10);
			Ram_dataspace_capability const ds = ram.alloc(PAGE);
			addr_t const at = local.attach(ds);
			*(unsigned volatile *)at = 1;
			cpu.kill_thread(t);
			ram.free(ds);
		}
	}

	/* Signals as fast as the timer sends them */
	void signals()
	{
		Timer::Connection fast;
		Signal_receiver   receiver;
		Signal_context    context;

		fast.sigh(receiver.manage(&context));
		fast.trigger_periodic(1);
		timer.msleep(ATTACK_MS);
		fast.trigger_periodic(0);
		fast.sigh(Signal_context_capability());
		receiver.dissolve(&context);
	}

	/* A thread that runs on a stack which is none */
	void stack_at(char const *what, addr_t sp)
	{
		log("attack: a stack ", what);
		Thread_capability const t = raw_thread(spin, sp);
		timer.msleep(ATTACK_MS);
		cpu.kill_thread(t);
		timer.msleep(CALM_MS);
	}

	void stacks()
	{
		static char memory[4*PAGE] __attribute__((aligned(4096)));

		stack_at("at no address",            0x10);
		stack_at("at the end of addresses",  ~0UL & ~15UL);
		stack_at("in the program",           (addr_t)spin & ~15UL);
		stack_at("in the log",               (addr_t)&header + 1024);

		/* written to, while the monitor writes there */
		log("attack: a stack that is overwritten");
		scribble_at    = (Word32 *)memory;
		scribble_words = sizeof(memory)/4;
		Thread_capability const one = raw_thread(spin, (addr_t)memory + sizeof(memory)),
		                        two = raw_thread(scribble, 0x10);
		timer.msleep(ATTACK_MS);
		cpu.kill_thread(one);
		cpu.kill_thread(two);
	}

	/* A word of the log's header says something else for a while */
	template <typename T> void header_says(char const *what, T volatile &word, T value)
	{
		T const was = word;

		log("attack: ", what);
		word = value;
		timer.msleep(ATTACK_MS);
		word = was;
		timer.msleep(CALM_MS);
	}

	void header_lies()
	{
		/* the code it wants to be started at, and the kernel entry with a hole */
		Word64 was[CAPLOG_STUB_LABELS];
		for (unsigned i = 0; i < CAPLOG_STUB_LABELS; i++)
			was[i] = header.stub[i];

		log("attack: labels of its own code");
		for (unsigned i = 0; i < CAPLOG_STUB_LABELS; i++)
			header.stub[i] = was[i] - was[CAPLOG_STUB_READY] + (addr_t)&spin;
		timer.msleep(ATTACK_MS);
		for (unsigned i = 0; i < CAPLOG_STUB_LABELS; i++)
			header.stub[i] = was[i];
		timer.msleep(CALM_MS);

		header_says("a save label of its own", header.stub[CAPLOG_STUB_SAVE], was[CAPLOG_STUB_SAVE] + 4);
		header_says("no label", header.stub[CAPLOG_STUB_KERNEL], (Word64)0);
		header_says("a cap map outside its memory", header.map_address, (Word64)0x10);
		header_says("a cap map beyond all addresses", header.map_address, ~(Word64)0);
		header_says("a cap map in the program", header.map_address, (Word64)(addr_t)&spin);
		header_says("very many entries", header.map_count, ~(Word32)0);
		header_says("an epoch outside its memory", header.epoch_address, (Word64)0x10);
		header_says("holders outside its memory", header.holders_address, (Word64)0x10);
		header_says("very many holders", header.holders_count, ~(Word32)0);
		header_says("a log that is larger than it is", header.size, ~(Word32)0);
		header_says("a table beyond the log", header.table_offset, ~(Word32)0 - 3);
		header_says("very many slots", header.table_count, ~(Word32)0);
		header_says("a log that begins", header.generation, (Word32)12345);
	}

	void attack(char const *what, void (Attacker::*fn)())
	{
		log("attack: ", what);
		(this->*fn)();
		timer.msleep(CALM_MS);
	}

	void storms() { ::storms(); }

	/* What it cannot take back */
	void last()
	{
		log("attack: its log is overwritten");
		scribble_at    = (Word32 *)&header;
		scribble_words = header.size/4;
		Thread_capability const t = raw_thread(scribble, 0x10);
		timer.msleep(ATTACK_MS);
		cpu.kill_thread(t);

		for (unsigned i = 0; i < 100; i++)
			parent.announce("Own", as<Root>(gate));

		log("hostile: all attacks done, ", failures, " not refused");
		parent.exit(failures);

		/*
		 * At a sibling: "Silent": nobody receives it, "Deaf": nobody answers; outside of the
		 * monitor: "Late": of a server that announces it long after, "Mute": its LOG
		 */
		typedef String<16> Name;
		Name const service = config()->xml_node().attribute_value("asks", Name("Silent"));

		log("attack: a service that never answers: ", service);
		if (service == "Late")
			stands([&] { open("Bell", "ram_quota=4K"); });
		if (service == "Mute")
			stands([&] { as<Log_session>(open("LOG", "ram_quota=16K, label=\"mute\""))
				.call<Log_session::Rpc_write>(Log_session::String("nobody reads this")); });
		else
			stands([&] { open(service.string(), "ram_quota=4K"); });
		/* restored after the service was announced, it gets its session */
		log(service == "Late" ? "a session of a service that came late"
		                      : "FAILED: a session of a service that never answers");
	}

	Attacker()
	{
		attack("requests",        &Attacker::requests);
		attack("without end",     &Attacker::without_end);
		attack("changes",         &Attacker::changes);
		attack("signals",         &Attacker::signals);
		attack("stacks",          &Attacker::stacks);
		if (config()->xml_node().attribute_value("storms", false))
			attack("storms",  &Attacker::storms);
		attack("header of its log", &Attacker::header_lies);
		last();
	}
};


/* Announces services, and does not answer those who ask for them */
static void be_silent()
{
	struct Deaf : Rpc_object<Root>
	{
		Session_capability session(Session_args const &, Affinity const &) override {
			sleep_forever(); return Session_capability(); }

		void upgrade(Session_capability, Upgrade_args const &) override { }
		void close(Session_capability) override { }
	};

	static Rpc_entrypoint ep      { env()->pd_session(), Attacker::STACK, "silent", false },
	                      deaf_ep { env()->pd_session(), Attacker::STACK, "deaf" };
	static Silent         silent;
	static Deaf           deaf;

	env()->parent()->announce("Silent", reinterpret_cap_cast<Root>(ep.manage(&silent)));
	env()->parent()->announce("Deaf",   deaf_ep.manage(&deaf));
	sleep_forever();
}


/* Sessions that answer nothing, of a service that may be announced late */
static void be_late()
{
	enum { LATE_MS = 90000 };

	struct Mute : Rpc_object<Log_session>
	{
		size_t write(String const &) override { sleep_forever(); return 0; }
	};

	struct Any_root : Rpc_object<Root>
	{
		Session_capability given;
		Semaphore          asked;

		Session_capability session(Session_args const &, Affinity const &) override
		{
			asked.up();
			return given;
		}
		void upgrade(Session_capability, Upgrade_args const &) override { }
		void close(Session_capability) override { log("late: a session is closed"); }
	};

	static Rpc_entrypoint    ep      { env()->pd_session(), Attacker::STACK, "late" },
	                         mute_ep { env()->pd_session(), Attacker::STACK, "mute" };
	static Mute              mute;
	static Any_root          bell, late, logs;
	static Timer::Connection timer;

	logs.given = bell.given = late.given = reinterpret_cap_cast<Session>(mute_ep.manage(&mute));
	env()->parent()->announce("LOG",  ep.manage(&logs));
	env()->parent()->announce("Bell", ep.manage(&bell));
	bell.asked.down();
	timer.msleep(LATE_MS);
	env()->parent()->announce("Late", ep.manage(&late));
	log("late: announced");
	sleep_forever();
}


int main()
{
	if (config()->xml_node().attribute_value("silent", false))
		be_silent();
	if (config()->xml_node().attribute_value("late", false))
		be_late();

	static Attacker attacker;
	sleep_forever();
}
