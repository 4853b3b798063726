/* SPDX-License-Identifier: BSD-2-Clause */
/* What the engine asks of the monitor, what is refused, and what is left at the end */
#include <atomic>
#include <thread>

#include <base/internal/stub_labels.h>

#include "faults.h"
#include "test.h"


/* What cannot be kept is refused at the checkpoint, by name, and the group runs on */
void test_refused()
{
	Monitor  &m = monitor();
	Component c(m[0]);
	caplog_diag diag = caplog_diag();

	int err = caplog_capture(&m.ops, m.instance.engine, m.instance.count, &diag);
	EQUAL(err, CAPLOG_EAGAIN);
	printf("  %s\n", diag.text);
	CHECK(strlen(diag.text) > 10);
	CHECK(runs(m[0].threads()[0].cap));
	CHECK(runs(m[1].threads()[0].cap));
	CHECK(!m.ops.closed(m.ops.ctx, &m[0]));
	CHECK(!m.ops.closed(m.ops.ctx, &m[1]));

	/* a service that it cannot open again */
	Session_capability const nic = c.open("Nic", "ram_quota=8K");
	EQUAL(lines(m[0], CAPLOG_OBJECT_UNKNOWN), 1);
	EQUAL(world.open('N'), 1);
	c.close(nic);
	EQUAL(lines(m[0], CAPLOG_OBJECT_UNKNOWN), 0);
	EQUAL(world.open('N'), 0);
}


/* Where threads stand, as the engine asks */
void test_stopped()
{
	Monitor &m = monitor();
	Target  &t = m[0];
	caplog_stopped all[CAPLOG_STOPS], &stopped = all[0];

	stands(t.threads()[0].cap, Foc_native_pd::Stopped::EXCEPTION, 0x1234, 0x5678);
	m.ops.pause(m.ops.ctx, &t);
	CHECK(!runs(t.threads()[0].cap));
	EQUAL(m.ops.stopped(m.ops.ctx, &t, 0, all), 1u);
	EQUAL(stopped.state, CAPLOG_STOPPED_EXCEPTION);
	EQUAL(stopped.ip, 0x1234);
	EQUAL(stopped.sp, 0x5678);
	EQUAL(stopped.slot, caplog_flavours(nullptr)->thread_base);
	EQUAL(m.ops.stopped(m.ops.ctx, &t, 1, all), 0u);

	CHECK(!m.ops.closed(m.ops.ctx, &t));
	m.ops.close(m.ops.ctx, &t);
	wait_until([&] { return m.ops.closed(m.ops.ctx, &t); });

	m.ops.go(m.ops.ctx, &t, stopped.slot);
	CHECK(runs(t.threads()[0].cap));
	CHECK(m.ops.closed(m.ops.ctx, &t));
	m.ops.resume(m.ops.ctx, &t);
	CHECK(runs(t.threads()[0].cap));
	CHECK(!m.ops.closed(m.ops.ctx, &t));
}


/* Threads are sent to labels that a component wrote: only where the monitor knows the code */
/* A request kills a thread while the threads are told to run on: none is told that is gone */
void test_living()
{
	Target   &t = monitor()[0];
	Component c(t);

	Capability<Cpu_session> const cpu = c.own<Cpu_session>("Env::cpu_session");
	Thread_capability threads[2];

	for (Thread_capability &thread : threads) {
		thread = cpu.call<Cpu_session::Rpc_create_thread>(c.own<Pd_session>("Env::pd_session"),
			Cpu_session::Name("dying"), Affinity::Location(), Cpu_session::Weight(), 0ul);
		thread.call<Cpu_thread::Rpc_start>(addr_t(0x1000), addr_t(0x2000));
	}
	std::atomic<bool> telling { false };
	unsigned          told = 0, gone = 0;

	std::thread killer([&] () {
		wait_until([&] { return telling == true; });
		for (Thread_capability const &thread : threads)
			cpu.call<Cpu_session::Rpc_kill_thread>(thread);
	});
	t.threads().for_each_living([&] (Thread_capability thread, bool) {
		telling = true;
		sleep_us(20000);
		gone += !runs(thread);
		told++;
	});
	killer.join();
	CHECK(told > 0);
	EQUAL(gone, 0);
}


void test_entry()
{
	enum { TEXT = 0x1000000, DATA = 0x2000000, AT = 0x140 };

	Monitor  &m = monitor();
	Instance  alone(heap(), 1);
	alone.add(m.platform, m.config.sub_node("target"));
	Target   &t = *alone.group.target[0];
	t.start();
	m.ops.close(m.ops.ctx, &t);

	caplog_object *line = caplog_ledger_first(&t.objects().ledger(), CAPLOG_OBJECT_BINARY_DS);
	char *text = memory(t.objects().by_id(line->id)->cap);
	Object *data = t.objects().by_id(
		caplog_ledger_first(&t.objects().ledger(), CAPLOG_OBJECT_DATASPACE)->id);

	::uint64_t own[CAPLOG_STUB_LABELS], labels[CAPLOG_STUB_LABELS];
	stub_labels(own);
	size_t const size = own[CAPLOG_STUB_SAVED] + 2 - own[CAPLOG_STUB_READY];
	memcpy(text + AT, (char *)(addr_t)own[CAPLOG_STUB_READY], size);
	memcpy(memory(data->cap) + AT, (char *)(addr_t)own[CAPLOG_STUB_READY], size);

	auto check = [&] (::uint64_t at, unsigned label, int off) {
		caplog_diag diag = caplog_diag();
		for (unsigned i = 0; i <= CAPLOG_STUB_SAVED; i++)
			labels[i] = own[i] - own[CAPLOG_STUB_READY] + at;
		labels[label] += off;
		int const err = m.ops.entry(m.ops.ctx, &t, labels, &diag);
		if (err)
			printf("  %s\n", diag.text);
		EQUAL(!!err, strlen(diag.text) > 10);
		return err;
	};

	/* other code; code that the component can write; no code; less than all of it */
	text[AT + size - 1]++;
	EQUAL(check(TEXT + AT, 0, 0), CAPLOG_EINVAL);
	text[AT + size - 1]--;
	EQUAL(check(DATA + AT, 0, 0), CAPLOG_EINVAL);
	EQUAL(check(0x7000000, 0, 0), CAPLOG_EINVAL);

	/* the right code, where none may run */
	t.rm(CAPLOG_MAP_ADDRESS_SPACE).attach(
		reinterpret_cap_cast<Dataspace>(t.objects().by_id(line->id)->cap), 0, 0, true,
		(addr_t)0x9000000, false);
	EQUAL(check(0x9000000 + AT, 0, 0), CAPLOG_EINVAL);
	EQUAL(check(TEXT + 8192 - size + 1, 0, 0), CAPLOG_EINVAL);

	EQUAL(check(TEXT + AT, 0, 0), 0);
	for (unsigned i = 0; i <= CAPLOG_STUB_SAVED; i++)
		for (int off = -1; off <= 1; off += 2)
			EQUAL(check(TEXT + AT, i, off), CAPLOG_EINVAL);
	/* known to be right, and somewhere else */
	EQUAL(check(TEXT + AT, 0, 0), 0);
	EQUAL(check(TEXT + AT + 16, 0, 0), CAPLOG_EINVAL);

	caplog_diag diag = caplog_diag();
	EQUAL(caplog_quiesce(&m.ops, alone.engine, 1, &diag), 0);
}


/* An operation that is to fail does so once, and has its own name */
void test_faults()
{
	Monitor &m = monitor();
	Target  &t = m[0];
	caplog_object const *line = caplog_ledger_first(&t.objects().ledger(), CAPLOG_OBJECT_DATASPACE);

	CHECK(!Faults::arm("nothing", 1));
	CHECK(m.ops.bytes(m.ops.ctx, &t, line));
	CHECK(Faults::arm("bytes", 2));
	CHECK(m.ops.bytes(m.ops.ctx, &t, line));
	CHECK(!m.ops.bytes(m.ops.ctx, &t, line));
	CHECK(m.ops.bytes(m.ops.ctx, &t, line));

	caplog_diag diag = caplog_diag();
	CHECK(Faults::arm("create", 1));
	EQUAL(m.ops.create(m.ops.ctx, "counter", nullptr, nullptr, &diag), CAPLOG_EIO);
	CHECK(strlen(diag.text) > 10);
	CHECK(Faults::arm("image", 1));
	CHECK(!Faults::strikes("bytes"));
	CHECK(Faults::strikes("image"));
	CHECK(!Faults::strikes("image"));
}


/* A component that ends leaves nothing, to the byte */
void test_end()
{
	Monitor &m = monitor();
	Ram_session &own = m.env.ram();
	unsigned open[26];
	size_t const quota = own.quota(), used = own.used(), allocated = world.allocated;
	unsigned const threads = world.threads;

	for (unsigned i = 0; i < 26; i++)
		open[i] = world.open('A' + i);
	{
		Instance another(heap(), 1);
		another.add(m.platform, m.config.sub_node("target"));
		Target &t = *another.group.target[0];
		t.start();

		Component c(t);
		c.open("LOG", "ram_quota=8K");
		c.open("Nic", "ram_quota=8K");
		c.open<Timer::Session>("ram_quota=8K");
		c.open<Rom_session>("ram_quota=4K, label=\"config\"").call<Rom_session::Rpc_dataspace>();
		c.open<Rom_session>("ram_quota=4K, label=\"data\"");
		c.own<Pd_session>("Env::pd_session").call<Pd_session::Rpc_cap_space_dataspace>();
		EQUAL(world.threads, threads + 1);
	}
	EQUAL(own.quota(), quota);
	EQUAL(own.used(), used);
	EQUAL(world.allocated, allocated);
	EQUAL(world.threads, threads);
	for (unsigned i = 0; i < 26; i++)
		EQUAL(world.open('A' + i), open[i]);

	/* one that cannot be started: the reason is said, and nothing is left either */
	bool refused = false;
	Xml_node const large("<target name=\"large\" ram=\"1000M\"/>");
	try {
		Instance another(heap(), 1);
		another.add(m.platform, large);
	} catch (Refused) { refused = true; }
	CHECK(refused);
	EQUAL(own.quota(), quota);
	EQUAL(world.threads, threads);
}
