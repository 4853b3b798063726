/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests that wait for somebody else, and their end */
#include <atomic>
#include <thread>

#include <log_session/log_session.h>

#include "test.h"


/* A service that does not answer: the checkpoint says whose request it is, and the end comes */
static void blocks(unsigned count, unsigned which, char const *service)
{
	Ram_session &own = monitor().env.ram();
	size_t const quota = own.quota();
	{
		Alone       alone(count);
		Component   c(alone[which]);
		caplog_diag diag = caplog_diag();
		bool        denied = false;
		size_t const before = alone[which].core().ram.quota();

		std::thread client([&] () {
			try { c.open(service, "ram_quota=8K"); }
			catch (Parent::Service_denied) { denied = true; }
		});
		/* it has paid, so its request is being served */
		wait_until([&] { return alone[which].core().ram.quota() != before; });

		unsigned long const began = world.now_ms;
		EQUAL(caplog_capture(&monitor().ops, alone.instance.engine, count, &diag), CAPLOG_EBUSY);
		printf("  %s\n", diag.text);
		EQUAL(memcmp(diag.text, alone[which].name(), strlen(alone[which].name())), 0);
		CHECK(world.now_ms - began < 1000);
		CHECK(runs(alone[which].threads()[0].cap));

		unsigned long const ending = world.now_ms;
		EQUAL(alone.quiesce(diag), 0);
		CHECK(world.now_ms - ending < 1000);
		client.join();
		CHECK(denied);
	}
	/* nobody waits for a parent that answers nothing: sessions are closed when it does */
	if (!world.silent)
		EQUAL(own.quota(), quota);
}


static unsigned open_sessions()
{
	unsigned n = 0;

	for (char letter = 'A'; letter <= 'Z'; letter++)
		n += world.open(letter);
	return n;
}


static void set_silent(bool silent) { __atomic_store_n(&world.silent, silent, __ATOMIC_RELEASE); }


/* A server outside of the monitor does not answer, and so the monitor's parent answers nothing */
static void blocks_in_parent()
{
	Ram_session   &own   = monitor().env.ram();
	size_t   const quota = own.quota();
	unsigned const open  = open_sessions();

	set_silent(true);
	unsigned long const began = world.now_ms;
	blocks(1, 0, "Slow");
	CHECK(world.now_ms - began < 5000);
	CHECK(own.quota() != quota);
	CHECK(open_sessions() != open);

	/* what needs the parent is refused in its time */
	bool refused = false;
	world.haste = 99;
	unsigned long const starting = world.now_ms;
	try { Alone again(1); }
	catch (Messenger::Unanswered) { refused = true; }
	CHECK(refused);
	CHECK(world.now_ms - starting < 20000);
	world.haste = 0;

	/* the session that came late is closed as well */
	set_silent(false);
	wait_until([&] { return open_sessions() == open; });
	EQUAL(own.quota(), quota);
	Alone again(1);
	caplog_diag diag = caplog_diag();
	EQUAL(again.quiesce(diag), 0);
}


/* A LOG server outside does not answer: the entrypoint is left behind, since it may at any time */
static void blocks_in_server()
{
	Alone       alone(1);
	Component   c(alone[0]);
	Capability<Genode::Log_session> const log = c.open<Genode::Log_session>("ram_quota=8K");
	caplog_diag diag = caplog_diag();
	unsigned const lines = world.lines;

	set_silent(true);
	std::thread client([&] () {
		try { log.call<Genode::Log_session::Rpc_write>("text"); }
		catch (...) { }
	});
	wait_until([&] {
		diag = caplog_diag();
		return caplog_capture(&monitor().ops, alone.instance.engine, 1, &diag) == CAPLOG_EBUSY; });
	EQUAL(memcmp(diag.text, alone[0].name(), strlen(alone[0].name())), 0);

	EQUAL(alone.quiesce(diag), 0);
	client.join();
	EQUAL(world.lines, lines);
	CHECK(alone[0].gate().abandoned(Gate::SESSIONS));
	CHECK(!alone[0].gate().abandoned(Gate::PARENT));
	set_silent(false);
}


/* A sibling's server that never answers, unless its client gives up */
static void blocks_in_sibling()
{
	struct Silent_root : Rpc_object<Root>
	{
		std::atomic<bool> asked { false };

		Session_capability session(Session_args const &, Affinity const &) override
		{
			for (asked = true; !Thread::myself()->take_cancel(); )
				sleep_us(1000);
			throw Blocking_canceled();
		}
		void upgrade(Session_capability, Upgrade_args const &) override { }
		void close(Session_capability) override { }
	};

	Alone          alone(2);
	Silent_root    root;
	Rpc_entrypoint ep { nullptr, 0, "silent" };
	caplog_words   words = caplog_words();
	bool           denied = false;

	words.gate.entrypoint = caplog_own_flavour()->thread_base;
	Root_capability const cap = ep.manage(&root);
	alone[0].objects().give(CAPLOG_OBJECT_GATE, cap, nullptr, words);
	Component(alone[0]).parent.call<Parent::Rpc_announce>("Shop", cap);

	std::thread client([&] () {
		try { Component(alone[1]).open("Shop", "ram_quota=8K"); }
		catch (Parent::Service_denied) { denied = true; }
	});
	wait_until([&] { return root.asked == true; });

	caplog_diag diag = caplog_diag();
	EQUAL(alone.quiesce(diag), 0);
	client.join();
	CHECK(denied);
	CHECK(!alone[1].gate().abandoned(Gate::PARENT));
	ep.dissolve(&root);
}


/* A session is closed while a request of it is served: that ends first */
static void closes_while_used()
{
	Alone       alone(1);
	Component   c(alone[0]);
	Capability<Genode::Log_session> const log = c.open<Genode::Log_session>("ram_quota=8K");
	caplog_diag diag = caplog_diag();
	unsigned const lines = world.lines, open = world.open('L');
	std::atomic<bool> closed { false };

	set_silent(true);
	std::thread client([&] () { log.call<Genode::Log_session::Rpc_write>("text"); });
	wait_until([&] {
		return caplog_capture(&monitor().ops, alone.instance.engine, 1, &diag) == CAPLOG_EBUSY; });

	std::thread other([&] () { c.close(log); closed = true; });
	sleep_us(100000);
	CHECK(!closed);
	EQUAL(world.open('L'), open);
	set_silent(false);
	client.join();
	other.join();
	EQUAL(world.open('L'), open - 1);
	EQUAL(world.lines, lines + 1);
	EQUAL(alone.quiesce(diag), 0);
}


void test_slow()
{
	closes_while_used();
	blocks_in_sibling();
	blocks(2, 1, "Shop"); /* of a sibling that does not announce it */
	blocks_in_parent();
	blocks_in_server();
}
