/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checkpoints while components send requests from several threads and timers
 * fire: nothing changes from the stop to the resume. Under the thread sanitizer
 * it shows that each thread of the monitor keeps to gate.h.
 */
#include <caplog/writer.h>

#include <base/internal/stub_labels.h>

#include <atomic>
#include <thread>
#include <vector>

#include "test.h"

enum { CLIENTS = 2, CHECKPOINTS = 60, IMAGE = 8 << 20 };

static std::atomic<bool> over;


/* A component whose threads can be recreated where they stand, with a log */
struct Kept : Component
{
	enum { TEXT = 0x1000000, DATA = 0x2000000, MAP = 0x8000000, AT = 0x140, STRIDE = 8,
	       TAIL = 4096 };

	Target &t;

	Capability<Pd_session>  const pd  { own<Pd_session>("Env::pd_session") };
	Capability<Ram_session> const ram { own<Ram_session>("Env::ram_session") };
	Capability<Cpu_session> const cpu { own<Cpu_session>("Env::cpu_session") };
	Capability<Region_map>  const rm  { pd.call<Pd_session::Rpc_address_space>() };

	Kept(Target &t) : Component(t), t(t)
	{
		caplog_flavour const &f = *caplog_own_flavour();
		size_t const map = f.slot_count*STRIDE;

		Ram_dataspace_capability const ds = ram.call<Ram_session::Rpc_alloc>(map + TAIL, CACHED);
		rm.call<Region_map::Rpc_attach>(ds, 0ul, 0l, true, Region_map::Local_addr((addr_t)MAP), false);

		::uint64_t own[CAPLOG_STUB_LABELS];
		stub_labels(own);
		caplog_object *line = caplog_ledger_first(&t.objects().ledger(), CAPLOG_OBJECT_BINARY_DS);
		memcpy(memory(t.objects().by_id(line->id)->cap) + AT, (char *)(addr_t)own[CAPLOG_STUB_READY],
		       own[CAPLOG_STUB_SAVED] + 2 - own[CAPLOG_STUB_READY]);

		struct caplog_format format;
		memset(&format, 0, sizeof(format));
		format.flavour = &f;
		format.map.address         = MAP;
		format.map.epoch_address   = MAP + map;
		format.map.holders_address = MAP + map + 64;
		format.map.holders_count   = 4;
		format.map.stride          = STRIDE;
		format.map.width           = 4;
		format.map.count           = f.slot_count;
		for (unsigned i = 0; i <= CAPLOG_STUB_SAVED; i++)
			format.stub[i] = own[i] - own[CAPLOG_STUB_READY] + TEXT + AT;

		Dataspace_capability const log = pd.call<Pd_session::Rpc_cap_space_dataspace>();
		EQUAL(caplog_format(memory(log), t.config().log, &format), 0);

		stands(t.threads()[0].cap, Foc_native_pd::Stopped::BLOCKED,
		       format.stub[CAPLOG_STUB_KERNEL], DATA + 8192);
	}
};


/* Whatever it asks for, it gives back */
static void ask_once(Kept &c, unsigned seed, addr_t at, Signal_context_capability handler)
{
	switch (seed >> 29) {
	case 0: case 1: {
		Ram_dataspace_capability const ds = c.ram.call<Ram_session::Rpc_alloc>(4096ul, CACHED);
		c.rm.call<Region_map::Rpc_attach>(ds, 0ul, 0l, true, Region_map::Local_addr(at), false);
		c.rm.call<Region_map::Rpc_detach>(Region_map::Local_addr(at));
		c.ram.call<Ram_session::Rpc_free>(ds);
		break;
	}
	case 2: {
		Thread_capability const thread = c.cpu.call<Cpu_session::Rpc_create_thread>(c.pd,
			Cpu_session::Name("worker"), Affinity::Location(), Cpu_session::Weight(), 0ul);
		thread.call<Cpu_thread::Rpc_pause>();
		thread.call<Cpu_thread::Rpc_resume>();
		c.cpu.call<Cpu_session::Rpc_kill_thread>(thread);
		break;
	}
	case 3: {
		Capability<Timer::Session> const timer = c.open<Timer::Session>("ram_quota=8K");
		timer.call<Timer::Session::Rpc_sigh>(handler);
		timer.call<Timer::Session::Rpc_trigger_periodic>(1000u);
		sleep_us(100);
		c.close(timer);
		break;
	}
	case 4:
		c.close(c.open("LOG", "ram_quota=8K"));
		c.parent.call<Parent::Rpc_exit>(1);
		break;
	case 5: {
		Capability<Rom_session> const rom = c.open<Rom_session>("ram_quota=4K, label=\"data\"");
		rom.call<Rom_session::Rpc_dataspace>();
		c.close(rom);
		break;
	}
	default: c.pd.call<Pd_session::Rpc_free_context>(c.pd.call<Pd_session::Rpc_alloc_context>(
		c.pd.call<Pd_session::Rpc_alloc_signal_source>(), 7ul));
	}
}


/* One of its threads */
static void ask(Kept &c, unsigned seed)
{
	Signal_context_capability const handler = c.pd.call<Pd_session::Rpc_alloc_context>(
		c.pd.call<Pd_session::Rpc_alloc_signal_source>(), (unsigned long)seed);
	addr_t const at = 0x20000000 + 0x1000000*seed;

	while (!over) {
		seed = seed*1664525 + 1013904223;
		try { ask_once(c, seed, at, handler); }
		catch (Parent::Quota_exceeded) { }
		catch (Ram_session::Alloc_failed) { }
	}
	c.pd.call<Pd_session::Rpc_free_context>(handler);
}


void test_storm()
{
	caplog_platform const &ops = monitor().ops;
	Instance instance(heap(), 2);
	Kept    *component[2];
	unsigned done = 0, busy = 0;
	bool     exited = false;

	monitor().config.for_each_sub_node("target", [&] (Xml_node node) {
		instance.add(monitor().platform, node); });
	for (unsigned i = 0; i < 2; i++) {
		instance.group.target[i]->start();
		component[i] = new Kept(*instance.group.target[i]);
	}

	over = false;
	std::vector<std::thread> threads;
	for (unsigned i = 0; i < 2*CLIENTS; i++)
		threads.emplace_back([&, i] () { ask(*component[i % 2], i + 1); });
	threads.emplace_back([&] () {
		while (!over) {
			fire_timers(1);
			sleep_us(50);
		}
	});

	std::vector<char> image(IMAGE);
	for (unsigned i = 0; i < CHECKPOINTS; i++) {
		caplog_diag  diag = caplog_diag();
		caplog_image out;

		int err = caplog_capture(&ops, instance.engine, 2, &diag);
		if (!err) {
			::uint64_t const changes = instance.engine[0]->ledger.changes
			                         + instance.engine[1]->ledger.changes;
			caplog_image_begin(&out, image.data(), IMAGE);
			err = caplog_save(&ops, instance.engine, 2, &out, &diag);
			EQUAL(instance.engine[0]->ledger.changes + instance.engine[1]->ledger.changes, changes);
			EQUAL(err, 0);
			caplog_resume(&ops, instance.engine, 2);
			done++;
		} else {
			EQUAL(err, CAPLOG_EBUSY);
			busy++;
		}
		/* what the steps look at while components run */
		for (unsigned n = 0; n < 20; n++) {
			exited |= instance.group.target[0]->parent().exited();
			sleep_us(20);
		}
	}
	over = true;
	for (std::thread &thread : threads)
		thread.join();
	printf("  %u checkpoints, %u busy\n", done, busy);
	CHECK(exited);
	CHECK(done >= CHECKPOINTS/2);

	caplog_diag diag = caplog_diag();
	EQUAL(caplog_quiesce(&ops, instance.engine, 2, &diag), 0);
	for (Kept *c : component)
		delete c;
}
