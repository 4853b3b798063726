/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's side of Foc_native_pd and of the log's dataspace: what they do, and
 * their refusals
 */
#include <base/component.h>
#include <base/log.h>
#include <base/thread.h>
#include <cpu_thread/client.h>
#include <dataspace/client.h>
#include <foc_native_cpu/client.h>
#include <foc_native_pd/client.h>
#include <pd_session/connection.h>
#include <signal_source/foc_signal_source.h>

using namespace Genode;

using Result = Foc_native_pd::Result;
using Badges = Foc_native_pd::Badges;

enum : addr_t {
	SHIFT = CAPLOG_OWN(SLOT_SHIFT), LOW = Foc_native_pd::BATCH - 1,
	WINDOW = 0x340000, WINDOW_SIZE = addr_t(Foc_native_pd::BATCH) << SHIFT,
	SLOT = 0x345000, EMPTY_SLOT = 0x346000, OUT_OF_RANGE = addr_t(CAPLOG_OWN(SLOTS)) << SHIFT,
	PARENT_SLOT = addr_t(CAPLOG_OWN(PARENT_SLOT)) << SHIFT,
	LAST_OF_CORE = addr_t(CAPLOG_OWN(USER_BASE) - 1) << SHIFT
};

static unsigned failures;

static void check(bool right, char const *what, unsigned value = 0)
{
	log(right ? "ok: " : "FAILED: ", what, " (", value, ")");
	failures += !right;
}

static void check(unsigned result, Result expected, char const *what) {
	check(result == expected, what, result); }


/* A PD session with arguments of its own */
struct Pd : Connection<Pd_session>, Pd_session_client
{
	Pd(Env &env, char const *args)
	:
		Connection<Pd_session>(env, "other", Ram_quota { RAM_QUOTA }, Args(args)),
		Pd_session_client(Connection<Pd_session>::cap())
	{
		ref_account(env.pd_session_cap());
	}

	Pd_session_capability session() { return Connection<Pd_session>::cap(); }

	Dataspace_capability log() { return session().call<Pd_session::Rpc_cap_space_dataspace>(); }
};


struct Spinning : Thread
{
	unsigned volatile turns = 0;

	Spinning(Env &env) : Thread(env, "spinning", Stack_size { 16*1024 }) { start(); }

	void entry() override { for (;;) turns = turns + 1; }
};


struct Test
{
	Env &env;
	Pd   other { env, "virt_space=1" };

	Foc_native_pd_client  pd  { other.native_pd() };
	Foc_native_pd_client  own { env.pd().native_pd() };
	Foc_native_cpu_client native_cpu { env.cpu().native_cpu() };

	Native_capability const ds   = env.pd().alloc_ram(4096).convert<Native_capability>(
		[] (Ram_dataspace_capability cap) { return cap; }, [] (auto) { return Native_capability(); });
	Native_capability const gate = env.cpu_session_cap();
	Native_capability const none { };

	Capability<Signal_source> source = other.signal_source().convert<Capability<Signal_source>>(
		[] (Capability<Signal_source> cap) { return cap; }, [] (auto) { return Capability<Signal_source>(); });
	Native_capability const irq = static_cap_cast<Foc_signal_source>(source)
	                              .call<Foc_signal_source::Rpc_request_semaphore>();

	Thread_capability thread_of(Pd_session_capability of, char const *name)
	{
		return env.cpu().create_thread(of, name, Affinity::Location()).convert<Thread_capability>(
			[] (Thread_capability cap) { return cap; }, [] (auto) { return Thread_capability(); });
	}

	Thread_capability const thread  = thread_of(other.session(), "thread");
	Thread_capability const foreign = thread_of(env.pd_session_cap(), "foreign");

	static Badges one(addr_t slot, unsigned badge)
	{
		Badges badges { };
		badges.badge[slot >> SHIFT & LOW] = badge;
		return badges;
	}

	static unsigned name(Native_capability const &cap) { return unsigned(cap.local_name()); }

	void install()
	{
		check(pd.install(ds, SLOT),         Foc_native_pd::DONE,         "install");
		check(pd.install(ds, SLOT),         Foc_native_pd::OCCUPIED,     "install, occupied");
		check(pd.install(none, EMPTY_SLOT), Foc_native_pd::INVALID_CAP,  "install, no capability");
		check(pd.install(ds, SLOT + 8),     Foc_native_pd::INVALID_SLOT, "install, no selector");
		check(pd.install(ds, OUT_OF_RANGE), Foc_native_pd::INVALID_SLOT, "install, out of range");
		check(pd.install(ds, PARENT_SLOT),  Foc_native_pd::CORE_SLOT,    "install, the parent's slot");
		check(pd.install(ds, LAST_OF_CORE), Foc_native_pd::CORE_SLOT,    "install, core's last slot");
	}

	void look()
	{
		uint64_t const bit = 1ULL << (SLOT >> SHIFT & LOW);

		Badges both = one(SLOT, name(ds));
		both.badge[EMPTY_SLOT >> SHIFT & LOW] = name(ds);

		Foc_native_pd::Seen seen = pd.look(WINDOW, both);
		check(seen.result, Foc_native_pd::DONE, "look");
		check(seen.used == bit && seen.same == bit, "look, the slot and an empty one");
		seen = pd.look(WINDOW, one(SLOT, name(gate)));
		check(seen.used == bit && !seen.same, "look, another object");
		seen = pd.look(WINDOW, one(SLOT, Foc_native_pd::ANY));
		check(seen.used == bit && !seen.same, "look, anything");
		seen = pd.look(WINDOW, Badges { });
		check(!seen.used && !seen.same, "look, nothing");
		check(pd.look(WINDOW + 0x1000, both).result, Foc_native_pd::INVALID_SLOT, "look, no window");
		check(pd.look(OUT_OF_RANGE, both).result, Foc_native_pd::INVALID_SLOT, "look, out of range");
	}

	void gates()
	{
		Foc_native_pd::Made const made = own.make_gates(native_cpu.native_cap(foreign), 5);
		check(made.result, Foc_native_pd::DONE, "make_gates");
		check(made.count == 5, "make_gates, as many", made.count);
		check(made.made.badge[1] != made.made.badge[0], "make_gates, badges");
		check(own.make_gates(ds, 5).result, Foc_native_pd::NO_THREAD, "make_gates, no thread");
		check(own.make_gates(none, 5).result, Foc_native_pd::NO_THREAD, "make_gates, no capability");
		check(name(own.gate(made.made.badge[2])) == made.made.badge[2], "gate");
		check(!pd.gate(made.made.badge[2]).valid(), "gate, of another PD session");
		check(!own.gate(name(gate)).valid(), "gate, of core");

		Capability<Pd_session::Native_pd> const maker = env.pd().native_pd();
		Foc_native_pd::Installed const put = pd.install_gates(maker, WINDOW, made.made);
		check(put.result, Foc_native_pd::DONE, "install_gates");
		check(put.done == 0x1f, "install_gates, all", unsigned(put.done));
		check(pd.look(WINDOW, made.made).same == 0x1f, "install_gates, the right ones");
		check(pd.install_gates(maker, WINDOW, made.made).result, Foc_native_pd::OCCUPIED,
		      "install_gates, occupied");
		check(pd.install_gates(other.native_pd(), WINDOW + WINDOW_SIZE, made.made).result,
		      Foc_native_pd::NO_GATE, "install_gates, not of this PD session");
		check(pd.install_gates(maker, 0, made.made).result, Foc_native_pd::CORE_SLOT,
		      "install_gates, core's slots");
		check(pd.install_gates(reinterpret_cap_cast<Pd_session::Native_pd>(ds), WINDOW, made.made).result,
		      Foc_native_pd::NO_PD, "install_gates, no PD session");

		/* a badge that was freed is used again as late as possible */
		unsigned const freed = made.made.badge[4];
		env.pd().free_rpc_cap(own.gate(freed));
		check(!own.gate(freed).valid(), "gate, freed");
		Foc_native_pd::Made const more = own.make_gates(native_cpu.native_cap(foreign), 1);
		check(more.count == 1 && more.made.badge[0] != freed, "badges in turn");
	}

	void irqs()
	{
		check(pd.irq_attach(irq,  thread, 0), Foc_native_pd::DONE,           "attach");
		check(pd.irq_attach(irq,  thread, 4), Foc_native_pd::DONE,           "attach, attached");
		check(pd.irq_attach(none, thread, 0), Foc_native_pd::INVALID_CAP,    "attach, no capability");
		check(pd.irq_attach(gate, thread, 0), Foc_native_pd::NO_IRQ,         "attach, a gate");
		check(pd.irq_attach(pd.task_cap(), thread, 0), Foc_native_pd::NO_IRQ, "attach, a task");
		check(pd.irq_attach(irq, reinterpret_cap_cast<Cpu_thread>(ds), 0),
		      Foc_native_pd::NO_THREAD, "attach, no thread");
		check(pd.irq_attach(irq, reinterpret_cap_cast<Cpu_thread>(other.native_pd()), 0),
		      Foc_native_pd::NO_THREAD, "attach, to native_pd itself");
		check(pd.irq_attach(irq, foreign, 0), Foc_native_pd::FOREIGN_THREAD, "attach, foreign thread");
		check(pd.irq_detach(gate), Foc_native_pd::NO_IRQ, "detach, a gate");
		check(pd.irq_detach(irq),  Foc_native_pd::DONE,   "detach");
		check(pd.irq_detach(irq),  Foc_native_pd::DONE,   "detach, not attached");
		check(pd.irq_attach(irq, thread, 4), Foc_native_pd::DONE, "attach again, with a label");
	}

	void pause()
	{
		using Stopped = Foc_native_pd::Stopped;

		Spinning spinning { env };
		Stopped  stopped { Stopped::UNKNOWN, 0, 0 };

		while (!spinning.turns)
			Foc::l4_thread_yield();
		for (unsigned n = 0; n < 1000 && stopped.state != Stopped::EXCEPTION; n++) {
			stopped = own.pause(spinning.cap());
			Foc::l4_thread_yield();
		}
		check(stopped.state == Stopped::EXCEPTION, "pause", stopped.state);
		check(stopped.ip == Cpu_thread_client(spinning.cap()).state().cpu.ip, "pause, ip");
		unsigned const turns = spinning.turns;
		Foc::l4_thread_yield();
		Foc::l4_thread_yield();
		check(turns == spinning.turns, "pause, it stands");
		Cpu_thread_client(spinning.cap()).resume();
		for (unsigned n = 0; n < 1000 && turns == spinning.turns; n++)
			Foc::l4_thread_yield();
		check(turns != spinning.turns, "resume");

		check(pd.pause(spinning.cap()).state == Stopped::UNKNOWN, "pause, a thread of another PD");
		check(own.pause(reinterpret_cap_cast<Cpu_thread>(ds)).state == Stopped::UNKNOWN, "pause, no thread");
		check(own.pause(reinterpret_cap_cast<Cpu_thread>(env.pd().native_pd())).state == Stopped::UNKNOWN,
		      "pause, native_pd itself");
		Cpu_thread_client(spinning.cap()).pause();
	}

	void signals()
	{
		other.alloc_context(source, Pd_session::Imprint { 7 }).with_result(
			[&] (Signal_context_capability context) {
				check(pd.pending_signals(context) == 0, "pending_signals, none");
				other.submit(context, 2);
				other.submit(context, 1);
				check(pd.pending_signals(context) == 3, "pending_signals", pd.pending_signals(context));

				Signal_source::Signal const signal =
					source.call<Signal_source::Rpc_wait_for_signal>();
				Signal_source::Signal told = signal;
				check(told.num() == 3 && told.imprint() == 7, "the signal and its context");
				check(pd.pending_signals(context) == 0, "pending_signals, fetched");
				told = source.call<Signal_source::Rpc_wait_for_signal>();
				check(told.num() == 0, "no signal more");
				other.free_context(context);
			},
			[&] (auto) { check(false, "alloc_context"); });
		check(pd.pending_signals(reinterpret_cap_cast<Signal_context>(ds)) == 0, "pending_signals, no context");
	}

	void logs()
	{
		/* more than a session has at first */
		enum : size_t { SIZE = 1024*1024 };

		check(!other.log().valid(), "log, not asked for");

		Pd logged { env, "virt_space=1, cap_log=1M" };
		check(!logged.log().valid(), "log, no quota");
		env.pd().transfer_quota(logged.session(), Ram_quota { 2*SIZE });
		env.pd().transfer_quota(logged.session(), Cap_quota { 10 });

		size_t const before = logged.used_ram().value;
		Dataspace_capability const made = logged.log();
		check(made.valid() && Dataspace_client(made).size() == SIZE, "log");
		check(logged.used_ram().value >= before + SIZE, "log, paid by its PD");

		size_t const after = logged.used_ram().value;
		check(logged.log() == made && logged.used_ram().value == after, "log, made once");
	}

	/* Arguments that are the object which serves the request, and nearly negative ones */
	void itself()
	{
		using Transfer_result = Pd_account::Transfer_result;

		/* env.pd() would ask its parent for what it lacks */
		Pd_session_client mine(env.pd_session_cap());
		Ram_quota const   nearly_negative { ~0UL - 4095 };
		size_t const      left = mine.ram_quota().value, has = other.ram_quota().value;

		check(mine.transfer_quota(other.session(), nearly_negative) != Transfer_result::OK,
		      "a nearly negative quota, given");
		check(other.transfer_quota(env.pd_session_cap(), nearly_negative) != Transfer_result::OK,
		      "a nearly negative quota, taken");
		check(mine.ram_quota().value == left && other.ram_quota().value == has, "and nothing is transferred");
		env.cpu().kill_thread(reinterpret_cap_cast<Cpu_thread>(env.cpu_session_cap()));
		check(true, "a thread that is a CPU session");
		check(!thread_of(reinterpret_cap_cast<Pd_session>(env.cpu_session_cap()), "wrong").valid(),
		      "a PD that is the CPU session");
		check(other.alloc_rpc_cap(ds).failed(), "an RPC object of no thread");
	}

	Test(Env &env) : env(env)
	{
		log("--- PD test ---");

		env.pd().transfer_quota(other.session(), Ram_quota { 256*1024 });
		env.pd().transfer_quota(other.session(), Cap_quota { 30 });
		install();
		look();
		gates();
		irqs();
		signals();
		logs();
		pause();
		itself();

		if (failures)
			error("PD test: ", failures, " failures");
		else
			log("--- PD test finished ---");
	}
};


void Component::construct(Env &env) { static Test test(env); }
