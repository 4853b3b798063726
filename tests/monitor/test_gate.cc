/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests that come while the component must not change */
#include <atomic>
#include <functional>
#include <thread>

#include "test.h"


/* A request comes when the gate is closed: it is served when the gate opens, and not before */
static void waits(Target &t, char const *what, std::function<void ()> const &request)
{
	caplog_platform const &ops = monitor().ops;
	caplog_ledger   const &ledger = t.objects().ledger();
	bool volatile done = false;

	ops.close(ops.ctx, &t);
	wait_until([&] { return ops.closed(ops.ctx, &t); });

	::uint64_t const changes = ledger.changes;
	World      const before  = world;

	std::thread client([&] () {
		try { request(); }
		catch (Parent::Service_denied) { }
		done = true;
	});
	auto at_the_gate = [&] {
		return t.gate().waiting(Gate::PARENT) || t.gate().waiting(Gate::SESSIONS); };

	wait_until(at_the_gate);
	printf("  %s %s\n", what, at_the_gate() ? "waits" : "is served");
	CHECK(ops.closed(ops.ctx, &t));
	CHECK(!done);
	EQUAL(ledger.changes, changes);
	EQUAL(memcmp(&world, &before, sizeof(world)), 0);
	ops.open(ops.ctx, &t);
	client.join();
	CHECK(done);
}


/* A sibling's server that needs its own session to answer, and asks when all gates are closed */
static void needs_own_session()
{
	struct Root_of_own : Rpc_object<Root>
	{
		Capability<Cpu_session> cpu;
		std::atomic<bool>       asked { false }, closed { false };

		Session_capability session(Session_args const &, Affinity const &) override
		{
			asked = true;
			wait_until([&] { return closed == true; });
			cpu.call<Cpu_session::Rpc_trace_control>();
			throw Root::Unavailable();
		}
		void upgrade(Session_capability, Upgrade_args const &) override { }
		void close(Session_capability) override { }
	};

	Alone             alone(2);
	Root_of_own       root;
	Rpc_entrypoint    ep { nullptr, 0, "own" };
	caplog_words      words = caplog_words();
	std::atomic<bool> denied { false };

	root.cpu = Component(alone[0]).own<Cpu_session>("Env::cpu_session");
	words.gate.entrypoint = caplog_own_flavour()->thread_base;
	Root_capability const cap = ep.manage(&root);
	alone[0].objects().give(CAPLOG_OBJECT_GATE, cap, nullptr, words);
	Component(alone[0]).parent.call<Parent::Rpc_announce>("Shop", cap);

	std::thread client([&] () {
		try { Component(alone[1]).open("Shop", "ram_quota=8K"); }
		catch (Parent::Service_denied) { denied = true; }
	});
	wait_until([&] { return root.asked == true; });

	caplog_platform const &ops = monitor().ops;
	caplog_diag diag = caplog_diag();
	for (unsigned i = 0; i < 2; i++)
		ops.close(ops.ctx, &alone[i]);
	CHECK(!ops.closed(ops.ctx, &alone[0]));
	root.closed = true;
	EQUAL(caplog_close(&ops, alone.instance.engine, 2, &diag), 0);
	CHECK(denied);
	client.join();

	/* nobody needs it any more */
	waits(alone[0], "what comes later", [&] { root.cpu.call<Cpu_session::Rpc_quota>(); });
	EQUAL(alone.quiesce(diag), 0);
	ep.dissolve(&root);
}


void test_gate()
{
	needs_own_session();

	Alone     alone(1);
	Target   &t = alone[0];
	Component c(t);

	Capability<Pd_session>  const pd  = c.own<Pd_session>("Env::pd_session");
	Capability<Ram_session> const ram = c.own<Ram_session>("Env::ram_session");
	Capability<Cpu_session> const cpu = c.own<Cpu_session>("Env::cpu_session");
	Capability<Region_map>  const rm  = pd.call<Pd_session::Rpc_address_space>();
	Capability<Rom_session> const rom = c.open<Rom_session>("ram_quota=4K, label=\"config\"");
	Capability<Timer::Session> const timer = c.open<Timer::Session>("ram_quota=8K");
	Ram_dataspace_capability const ds = ram.call<Ram_session::Rpc_alloc>(4096ul, CACHED);
	Thread_capability const thread = t.threads()[0].server->cap();

	/* an interface at least once each, and what changes most */
	waits(t, "alloc",       [&] { ram.call<Ram_session::Rpc_alloc>(4096ul, CACHED); });
	waits(t, "attach",      [&] { rm.call<Region_map::Rpc_attach>(ds, 0ul, 0l, true,
		Region_map::Local_addr(0x5000000ul), false); });
	waits(t, "detach",      [&] { rm.call<Region_map::Rpc_detach>(Region_map::Local_addr(0x5000000ul)); });
	waits(t, "free",        [&] { ram.call<Ram_session::Rpc_free>(ds); });
	waits(t, "source",      [&] { pd.call<Pd_session::Rpc_alloc_signal_source>(); });
	waits(t, "thread",      [&] { cpu.call<Cpu_session::Rpc_create_thread>(pd,
		Cpu_session::Name("worker"), Affinity::Location(), Cpu_session::Weight(), 0ul); });
	waits(t, "pause",       [&] { thread.call<Cpu_thread::Rpc_pause>(); });
	waits(t, "resume",      [&] { thread.call<Cpu_thread::Rpc_resume>(); });
	waits(t, "module",      [&] { rom.call<Rom_session::Rpc_dataspace>(); });
	waits(t, "trigger",     [&] { timer.call<Timer::Session::Rpc_trigger_periodic>(1000u); });
	waits(t, "session",     [&] { c.open("LOG", "ram_quota=8K"); });
	waits(t, "no session",  [&] { c.open("None", "ram_quota=8K"); });
	waits(t, "close",       [&] { c.close(timer); });

	/* one that waits when its component is destroyed gets no answer */
	bool refused = false;
	caplog_diag diag = caplog_diag();
	EQUAL(alone.quiesce(diag), 0);
	std::thread client([&] () {
		try { ram.call<Ram_session::Rpc_quota>(); }
		catch (Ipc_error) { refused = true; }
	});
	wait_until([&] { return t.gate().waiting(Gate::SESSIONS); });
	t.gate().end();
	client.join();
	CHECK(refused);
}


/*
 * Two components open sessions at each other at the same time, and their servers
 * need their own sessions to answer
 */
void test_mutual()
{
	struct Both { std::atomic<unsigned> asked { 0 }; };

	struct Busy_root : Rpc_object<Root>
	{
		Both                     &both;
		Capability<Cpu_session>   cpu;
		Capability<Rom_session>   rom;
		Session_capability        given;

		Busy_root(Both &both) : both(both) { }

		Session_capability session(Session_args const &, Affinity const &) override
		{
			/* each entrypoint of the monitor waits for a server now */
			both.asked++;
			wait_until([&] { return both.asked == 2; });
			cpu.call<Cpu_session::Rpc_trace_control>();
			rom.call<Rom_session::Rpc_dataspace>();
			return given;
		}
		void upgrade(Session_capability, Upgrade_args const &) override { }
		void close(Session_capability) override { }
	};

	Alone          alone(2);
	Both           both;
	Busy_root      root[2] { { both }, { both } };
	Rpc_entrypoint ep[2] { { nullptr, 0, "one" }, { nullptr, 0, "two" } };
	char const    *service[2] = { "Shop", "Back" };
	std::atomic<unsigned> opened { 0 };

	for (unsigned i = 0; i < 2; i++) {
		Target   &t = alone[i];
		Component c(t);
		root[i].cpu   = c.own<Cpu_session>("Env::cpu_session");
		root[i].rom   = c.open<Rom_session>("ram_quota=4K, label=\"data\"");
		root[i].given = reinterpret_cap_cast<Session>(
			c.own<Pd_session>("Env::pd_session").call<Pd_session::Rpc_alloc_rpc_cap>(
				t.core().native_cpu.native_cap(t.threads()[0].cap)));

		caplog_words words = caplog_words();
		words.gate.entrypoint = caplog_own_flavour()->thread_base;
		Root_capability const cap = ep[i].manage(&root[i]);
		t.objects().give(CAPLOG_OBJECT_GATE, cap, nullptr, words);
		c.parent.call<Parent::Rpc_announce>(service[i], cap);
	}

	auto client = [&] (unsigned i) {
		Component c(alone[i]);
		Session_capability const cap = c.open(service[!i], "ram_quota=8K");
		if (cap.valid())
			opened++;
		c.close(cap);
	};
	std::thread one(client, 0), two(client, 1);
	wait_until([&] { return opened == 2; });
	one.join();
	two.join();
	EQUAL(lines(alone[0], CAPLOG_OBJECT_PEER) + lines(alone[1], CAPLOG_OBJECT_PEER), 0);

	caplog_diag diag = caplog_diag();
	EQUAL(alone.quiesce(diag), 0);
	for (unsigned i = 0; i < 2; i++)
		ep[i].dissolve(&root[i]);
}
