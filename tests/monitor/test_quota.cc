/* SPDX-License-Identifier: BSD-2-Clause */
/* Quota to the byte: what a component gives, what it gets back, what a restore gives again */
#include <cpu_session/connection.h>
#include <pd_session/connection.h>
#include <ram_session/connection.h>

#include "test.h"

/* What init deducts from the RAM of a component */
enum { FIRST_SESSIONS = Pd_connection::RAM_QUOTA + Ram_connection::RAM_QUOTA
                      + Cpu_connection::RAM_QUOTA };

static size_t limit(Target &t) { return t.core().ram.quota(); }
static size_t used(Target &t)  { return t.core().ram.used(); }


/* A session of each kind: opened, upgraded, closed */
static void open_and_close(Target &t, char const *service, char const *args, size_t opened)
{
	Component c(t);
	Ram_session &own = monitor().env.ram();
	size_t const before = limit(t), had = used(t), monitors = own.quota() - own.used();
	size_t const holds  = strcmp(args, "ram_quota=4K, label=\"config\"") ? 0 : opened;

	Session_capability const session = c.open(service, args);
	EQUAL(limit(t), before - opened);
	EQUAL(own.quota() - own.used(), monitors + holds);
	c.parent.call<Parent::Rpc_upgrade>(session, "ram_quota=12K");
	EQUAL(limit(t), before - opened - 12288);
	EQUAL(t.objects().by_cap(session)->session->saved.quota, opened + 12288);
	c.close(session);
	EQUAL(limit(t), before);
	EQUAL(used(t), had);
	EQUAL(own.quota() - own.used(), monitors);
}


void test_quota()
{
	Target   &t = monitor()[0];
	Component c(t);
	size_t const before = limit(t);

	/* as init gives it; the component pays for its config, and for its parent's records */
	EQUAL(before, (2 << 20) - FIRST_SESSIONS);
	EQUAL(used(t), 16384 + 4096 + 32768);

	open_and_close(t, "LOG",   "ram_quota=8K, label=\"x\"", 8192);
	open_and_close(t, "Timer", "ram_quota=8K", 8192);
	open_and_close(t, "ROM",   "ram_quota=4K, label=\"data\"", 4096);
	open_and_close(t, "ROM",   "ram_quota=4K, label=\"config\"", 4096);
	open_and_close(t, "Nic",   "ram_quota=10001", 10001);
	open_and_close(t, "LOG",   "", 0);

	/* a service that does not exist costs nothing, nor does one that costs too much */
	bool denied = false, exceeded = false;
	size_t const had = used(t);
	try { c.open("None", "ram_quota=8K"); }
	catch (Parent::Service_denied) { denied = true; }
	CHECK(denied);
	try { c.open("LOG", "ram_quota=100M"); }
	catch (Parent::Quota_exceeded) { exceeded = true; }
	CHECK(exceeded);
	EQUAL(limit(t), before);
	EQUAL(used(t), had);

	/* nearly negative amounts give nothing, and take nothing from the monitor */
	for (unsigned i = 0; i < 2; i++) {
		char args[64];
		::snprintf(args, sizeof(args), "ram_quota=%lu", ~0UL - 4095*i);
		exceeded = false;
		try { c.open("LOG", args); }
		catch (Parent::Quota_exceeded) { exceeded = true; }
		CHECK(exceeded);
		CHECK(c.own<Ram_session>("Env::ram_session").call<Ram_session::Rpc_transfer_quota>(
			monitor().env.ram_session_cap(), (size_t)(~0UL - 4095*i)));
		EQUAL(limit(t), before);
		EQUAL(used(t), had);
	}

	/* the monitor's parent wants more than was given: the component is told, and nobody waits */
	exceeded = false;
	world.least = 9000;
	try { c.open("LOG", "ram_quota=8K"); }
	catch (Parent::Quota_exceeded) { exceeded = true; }
	world.least = 0;
	CHECK(exceeded);
	EQUAL(world.requests, 0);
	EQUAL(limit(t), before);
	EQUAL(used(t), had);

	/* what is no session takes nothing */
	c.parent.call<Parent::Rpc_upgrade>(reinterpret_cap_cast<Session>(foreign()), "ram_quota=4K");
	c.parent.call<Parent::Rpc_upgrade>(reinterpret_cap_cast<Session>(t.threads()[0].server->cap()),
	                                   "ram_quota=4K");
	EQUAL(limit(t), before);
}


/* Sessions of the parent's, the monitor's, and a sibling's, one after the other */
void test_rounds()
{
	enum { ROUNDS = 3500 }; /* of three sessions each */
	Target   &server = monitor()[0], &client = monitor()[1];
	Component c(client);
	size_t const had = limit(client), memory = used(client), served = limit(server);
	unsigned const living = client.objects().ledger().living;

	for (unsigned i = 0; i < ROUNDS; i++) {
		c.close(c.open("LOG", "ram_quota=8K"));
		c.close(c.open("Timer", "ram_quota=8K"));
		c.close(c.open("Shop", "ram_quota=24K"));
	}
	EQUAL(limit(client), had);
	EQUAL(used(client), memory);
	EQUAL(limit(server), served);
	EQUAL(client.objects().ledger().living, living);
}


/* Sessions that a component has from the start take quota, and never give it back */
void test_quota_of_own_sessions()
{
	Target   &t = monitor()[0];
	Component c(t);
	size_t const before = limit(t);
	unsigned const upgrades = world.upgrades;

	static char const * const names[] = { "Env::pd_session", "Env::cpu_session",
	                                      "Env::ram_session" };
	for (char const *name : names) {
		Session_capability const session = c.open(name, "");
		c.parent.call<Parent::Rpc_upgrade>(session, "ram_quota=8K");
		c.close(session);
		EQUAL(t.objects().by_cap(session)->session->saved.quota, 8192);
	}
	EQUAL(world.upgrades, upgrades + 3);
	EQUAL(limit(t), before - 3*8192);
}


/* The reserve answers requests as long as it lasts */
void test_resource_request()
{
	Target   &t = monitor()[0];
	Component c(t);
	size_t const before = limit(t);
	Capability<Pd_session> const pd = c.own<Pd_session>("Env::pd_session");
	Signal_context_capability const context = pd.call<Pd_session::Rpc_alloc_context>(
		pd.call<Pd_session::Rpc_alloc_signal_source>(), 1ul);
	auto request = [&] (char const *args) {
		c.parent.call<Parent::Rpc_resource_request>(Parent::Resource_args(args)); };

	c.parent.call<Parent::Rpc_resource_avail_sigh>(context);
	unsigned const submitted = world.submitted;

	/* the reserve is 512 KiB */
	request("ram_quota=600K");
	EQUAL(limit(t), before);
	EQUAL(world.submitted, submitted);

	request("ram_quota=102401");
	EQUAL(limit(t), before + 102401);
	EQUAL(world.submitted, submitted + 1);
	request("ram_quota=450K");
	EQUAL(limit(t), before + 102401);
	EQUAL(t.account().granted(), 102401);

	/* another component of the group has what is left */
	size_t const other = limit(monitor()[1]);
	Component(monitor()[1]).parent.call<Parent::Rpc_resource_request>(
		Parent::Resource_args("ram_quota=150K"));
	EQUAL(limit(monitor()[1]), other + 150*1024);

	c.parent.call<Parent::Rpc_resource_avail_sigh>(Signal_context_capability());
	pd.call<Pd_session::Rpc_free_context>(context);
}
