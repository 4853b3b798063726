/* SPDX-License-Identifier: BSD-2-Clause */
/* A component that makes components: RAM, CPU and PD sessions of its own */
#include "test.h"

#include <thread>

/* What a component asks for while a session of it ends */
static Capability<Ram_session> closing_own, closing;
static int                     closing_result;

static void transfer_to_closing()
{
	std::thread([] () {
		closing_result = closing_own.call<Ram_session::Rpc_transfer_quota>(closing, 4096ul);
	}).join();
}


void test_foreign()
{
	Monitor  &m = monitor();
	Target   &t = m[0];
	Component c(t);

	Capability<Ram_session> const own = c.own<Ram_session>("Env::ram_session");
	Capability<Pd_session>  const pd  = c.open<Pd_session> ("ram_quota=160K, label=\"child\"");
	Capability<Ram_session> const ram = c.open<Ram_session>("ram_quota=32K, label=\"child\"");
	Capability<Cpu_session> const cpu = c.open<Cpu_session>("ram_quota=64K, label=\"child\"");
	EQUAL(lines(t, CAPLOG_OBJECT_UNKNOWN), 3);

	/* its own session is the account of the child's, in both directions */
	size_t const before = t.core().ram.quota();
	EQUAL(ram.call<Ram_session::Rpc_ref_account>(own), 0);
	EQUAL(own.call<Ram_session::Rpc_transfer_quota>(ram, 65536ul), 0);
	EQUAL(t.core().ram.quota(), before - 65536);
	EQUAL(ram.call<Ram_session::Rpc_quota>(), 65536);
	ram.call<Ram_session::Rpc_free>(ram.call<Ram_session::Rpc_alloc>(4096ul, CACHED));
	EQUAL(ram.call<Ram_session::Rpc_transfer_quota>(own, 65536ul), 0);
	EQUAL(t.core().ram.quota(), before);

	/* threads in its own PD and in the child's, by both CPU sessions */
	unsigned const threads = world.threads;
	auto create = [&] (Capability<Cpu_session> by, Capability<Pd_session> in) {
		return by.call<Cpu_session::Rpc_create_thread>(in, Cpu_session::Name("t"),
			Affinity::Location(), Cpu_session::Weight(), 0ul); };

	Thread_capability const first  = create(cpu, pd);
	Thread_capability const second = create(c.own<Cpu_session>("Env::cpu_session"), pd);
	EQUAL(world.threads, threads + 2);
	EQUAL(cpu.call<Cpu_session::Rpc_ref_account>(c.own<Cpu_session>("Env::cpu_session")), 0);
	cpu.call<Cpu_session::Rpc_kill_thread>(first);
	c.own<Cpu_session>("Env::cpu_session").call<Cpu_session::Rpc_kill_thread>(second);
	EQUAL(world.threads, threads);
	Thread_capability const third = create(cpu, c.own<Pd_session>("Env::pd_session"));
	EQUAL(world.threads, threads + 1);
	cpu.call<Cpu_session::Rpc_kill_thread>(third);

	c.close(cpu);

	/* a session that is being closed is none any more: its object is not used */
	closing_own = own;
	closing     = ram;
	world.on_close = transfer_to_closing;
	c.close(ram);
	world.on_close = nullptr;
	CHECK(closing_result != 0);

	c.close(pd);
	EQUAL(lines(t, CAPLOG_OBJECT_UNKNOWN), 0);
	EQUAL(world.threads, threads);
}


/* Steps after a checkpoint that fails, and what is configured to follow */
void test_steps()
{
	static Xml_node const config(
		"<config report=\"yes\"> <target name=\"one\" ram=\"1M\"/>"
		"  <a> <restore/> <destroy/> </a>"
		"  <b> <start/> <wait exit=\"one\" ms=\"20\"/> <checkpoint failure=\"continue\"/>"
		"      <repeat times=\"2\"> <checkpoint failure=\"round\"/> <destroy/> </repeat> </b>"
		"  <c> <checkpoint/> <destroy/> </c>"
		"</config>");
	static Timer::Connection timer(environment());
	static Steps &steps = *new Steps(environment(), heap(), config, timer);
	unsigned const threads = world.threads;

	steps.run(config.sub_node("a")); /* there is nothing to restore or to destroy */
	EQUAL(steps.failures(), 2);
	CHECK(!steps.stopped());

	steps.run(config.sub_node("b"));
	EQUAL(steps.failures(), 2 + 1 + 1 + 2);
	CHECK(!steps.stopped());
	EQUAL(world.threads, threads + 1);

	/* the only copy is not destroyed */
	steps.run(config.sub_node("c"));
	EQUAL(steps.failures(), 7);
	CHECK(steps.stopped());
	EQUAL(world.threads, threads + 1);
}
