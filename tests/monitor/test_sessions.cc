/* SPDX-License-Identifier: BSD-2-Clause */
/* What a component does with its sessions, and what the monitor notes of it */
#include <util/arg_string.h>

#include "test.h"


void test_start()
{
	Target &t = monitor()[0];

	EQUAL(lines(t, CAPLOG_OBJECT_PD), 1);
	EQUAL(lines(t, CAPLOG_OBJECT_CPU), 1);
	EQUAL(lines(t, CAPLOG_OBJECT_RAM), 1);
	EQUAL(lines(t, CAPLOG_OBJECT_REGION_MAP), CAPLOG_MAPS);
	EQUAL(lines(t, CAPLOG_OBJECT_BINARY_DS), 1);
	EQUAL(lines(t, CAPLOG_OBJECT_THREAD), 1);
	EQUAL(lines(t, CAPLOG_OBJECT_PARENT), 1);
	EQUAL(lines(t, CAPLOG_OBJECT_DATASPACE), 1);
	EQUAL(lines(t, CAPLOG_OBJECT_REGION), 2);
	EQUAL(caplog_ledger_first(&t.objects().ledger(), CAPLOG_OBJECT_PARENT)->parent.raw, 0x2000000);
	CHECK(runs(t.threads()[0].cap));
}


void test_rom()
{
	Target   &t = monitor()[0];
	Component c(t);
	unsigned const opened = world.open('R');

	/* its own config comes from the monitor's configuration */
	Capability<Rom_session> const config = c.open<Rom_session>("ram_quota=4K, label=\"config\"");
	EQUAL(world.open('R'), opened);
	Dataspace_capability const ds = config.call<Rom_session::Rpc_dataspace>();
	CHECK(memory(ds));
	CHECK(!strcmp(memory(ds), "<config caps=\"7\"/>"));
	EQUAL(lines(t, CAPLOG_OBJECT_ROM_DS), 1);
	config.call<Rom_session::Rpc_dataspace>();
	EQUAL(lines(t, CAPLOG_OBJECT_ROM_DS), 1);
	c.close(config);
	EQUAL(lines(t, CAPLOG_OBJECT_ROM), 0);

	/* all of its sessions hand out one dataspace, which stays: nothing is made for the next */
	size_t const allocated = world.allocated;
	for (unsigned i = 0; i < 100; i++) {
		Capability<Rom_session> const again = c.open<Rom_session>("ram_quota=0, label=\"config\"");
		CHECK(again.call<Rom_session::Rpc_dataspace>() == ds);
	}
	EQUAL(world.allocated, allocated);
	EQUAL(lines(t, CAPLOG_OBJECT_ROM_DS), 1);
	EQUAL(lines(t, CAPLOG_OBJECT_ROM), 100);
	while (caplog_object *line = caplog_ledger_first(&t.objects().ledger(), CAPLOG_OBJECT_ROM))
		c.close(reinterpret_cap_cast<Session>(t.objects().by_id(line->id)->cap));

	Capability<Rom_session> const other = c.open<Rom_session>("ram_quota=4K, label=\"other\"");
	EQUAL(world.open('R'), opened + 1);
	EQUAL(lines(t, CAPLOG_OBJECT_ROM), 1);
	c.close(other);
	EQUAL(world.open('R'), opened);
}


void test_memory()
{
	Target   &t = monitor()[0];
	Component c(t);
	caplog_ledger &ledger = t.objects().ledger();

	Capability<Ram_session> const ram = c.own<Ram_session>("Env::ram_session");
	Capability<Pd_session>  const pd  = c.own<Pd_session>("Env::pd_session");
	Capability<Region_map>  const rm  = pd.call<Pd_session::Rpc_address_space>();
	Capability<Region_map>  const area = pd.call<Pd_session::Rpc_stack_area>();
	unsigned const before = attached(t.core().pd.address_space());

	Ram_dataspace_capability const ds = ram.call<Ram_session::Rpc_alloc>(10000ul, CACHED);
	EQUAL(lines(t, CAPLOG_OBJECT_DATASPACE), 2);
	rm.call<Region_map::Rpc_attach>(ds, 0ul, 0l, true, Region_map::Local_addr(0x5000000ul), false);
	EQUAL(attached(t.core().pd.address_space()), before + 1);

	caplog_object *region = caplog_region_at(&ledger, CAPLOG_MAP_ADDRESS_SPACE, 0x5001234);
	CHECK(region);
	EQUAL(region->region.size, 12288);
	memory(ds)[0x1234] = 42;
	char *at = (char *)t.objects().memory(0x5001234, 1);
	CHECK(at);
	EQUAL(*at, 42);
	CHECK(!t.objects().memory(0x5002fff, 2));
	CHECK(!t.objects().memory(0x4ffffff, 1));

	/* the stack area, attached as a whole */
	Dataspace_capability const area_ds = area.call<Region_map::Rpc_dataspace>();
	rm.call<Region_map::Rpc_attach>(area_ds, 0ul, 0l, true, Region_map::Local_addr(0x40000000ul),
	                                false);
	area.call<Region_map::Rpc_attach>(ds, 0ul, 0l, true, Region_map::Local_addr(0x1000ul), false);
	at = (char *)t.objects().memory(0x40001000 + 0x1234, 1);
	CHECK(at);
	EQUAL(*at, 42);
	rm.call<Region_map::Rpc_detach>(Region_map::Local_addr(0x40000000ul));
	CHECK(!t.objects().memory(0x40001000, 1));

	/* not in itself, nor where its own maps lead back to it: core's pager would wait for itself */
	Dataspace_capability const space_ds = rm.call<Region_map::Rpc_dataspace>();
	Target   &sibling = monitor()[1];
	auto refused = [&] (Capability<Region_map> map, Dataspace_capability ds) {
		try { map.call<Region_map::Rpc_attach>(ds, 4096ul, 0l, true, Region_map::Local_addr(0x7000000ul), false); }
		catch (Region_map::Invalid_dataspace) { return true; }
		map.call<Region_map::Rpc_detach>(Region_map::Local_addr(0x7000000ul));
		return false;
	};
	CHECK(refused(rm, space_ds));
	CHECK(refused(area, area_ds));
	CHECK(refused(area, space_ds));
	CHECK(!refused(rm, area_ds));
	CHECK(refused(Component(sibling).own<Pd_session>("Env::pd_session")
	              .call<Pd_session::Rpc_address_space>(), area_ds));

	/* what it was never given is noted as such */
	Dataspace_capability const strange = reinterpret_cap_cast<Dataspace>(monitor().env.ram().alloc(4096));
	rm.call<Region_map::Rpc_attach>(strange, 4096ul, 0l, true, Region_map::Local_addr(0x6000000ul),
	                                false);
	EQUAL(lines(t, CAPLOG_OBJECT_FOREIGN_REGION), 1);
	rm.call<Region_map::Rpc_detach>(Region_map::Local_addr(0x6000000ul));
	EQUAL(lines(t, CAPLOG_OBJECT_FOREIGN_REGION), 0);
	monitor().env.ram().free(reinterpret_cap_cast<Ram_dataspace>(strange));

	/* core detaches what is freed */
	ram.call<Ram_session::Rpc_free>(ds);
	EQUAL(lines(t, CAPLOG_OBJECT_DATASPACE), 1);
	CHECK(!caplog_region_at(&ledger, CAPLOG_MAP_ADDRESS_SPACE, 0x5001234));
}


void test_pd()
{
	Target   &t = monitor()[0];
	Component c(t);
	Capability<Pd_session> const pd = c.own<Pd_session>("Env::pd_session");

	/* a gate of its own thread, and of something else, which would stop core */
	Native_capability const gate = pd.call<Pd_session::Rpc_alloc_rpc_cap>(
		t.core().native_cpu.native_cap(t.threads()[0].cap));
	CHECK(gate.valid());
	CHECK(!pd.call<Pd_session::Rpc_alloc_rpc_cap>(foreign()).valid());
	EQUAL(lines(t, CAPLOG_OBJECT_GATE), 1);
	EQUAL(caplog_ledger_first(&t.objects().ledger(), CAPLOG_OBJECT_GATE)->gate.entrypoint,
	      caplog_flavours(nullptr)->thread_base);

	Capability<Signal_source> const source = pd.call<Pd_session::Rpc_alloc_signal_source>();
	pd.call<Pd_session::Rpc_alloc_signal_source>();
	EQUAL(lines(t, CAPLOG_OBJECT_SOURCE), 1);
	EQUAL(lines(t, CAPLOG_OBJECT_SEMAPHORE), 1);

	/* the component pays for core's objects, and asks again itself */
	world.out_of_metadata = 1;
	bool thrown = false;
	try { pd.call<Pd_session::Rpc_alloc_context>(source, 5ul); }
	catch (Pd_session::Out_of_metadata) { thrown = true; }
	CHECK(thrown);

	Signal_context_capability const context = pd.call<Pd_session::Rpc_alloc_context>(source, 77ul);
	caplog_object *line = caplog_ledger_first(&t.objects().ledger(), CAPLOG_OBJECT_CONTEXT);
	EQUAL(line->context.imprint, 77);
	EQUAL(line->context.source,
	      caplog_ledger_first(&t.objects().ledger(), CAPLOG_OBJECT_SOURCE)->id);
	pd.call<Pd_session::Rpc_free_context>(context);
	EQUAL(lines(t, CAPLOG_OBJECT_CONTEXT), 0);

	pd.call<Pd_session::Rpc_free_rpc_cap>(gate);
	EQUAL(lines(t, CAPLOG_OBJECT_GATE), 0);

	/* one log, as large as configured */
	Dataspace_capability const log = pd.call<Pd_session::Rpc_cap_space_dataspace>();
	CHECK(log == pd.call<Pd_session::Rpc_cap_space_dataspace>());
	EQUAL(caplog_ledger_first(&t.objects().ledger(), CAPLOG_OBJECT_LOG_DS)->log_ds.size, 256 << 10);
}


void test_threads()
{
	Target   &t = monitor()[0];
	Component c(t);
	Capability<Cpu_session> const cpu = c.own<Cpu_session>("Env::cpu_session");
	Capability<Pd_session>  const pd  = c.own<Pd_session>("Env::pd_session");
	unsigned const before = world.threads;

	auto create = [&] () {
		return cpu.call<Cpu_session::Rpc_create_thread>(pd, Cpu_session::Name("worker"),
			Affinity::Location(), Cpu_session::Weight(), 0ul); };

	/* the component pays for core's objects, and asks again itself */
	world.out_of_metadata = 1;
	unsigned const upgrades = world.upgrades;
	bool told = false;
	try { create(); }
	catch (Cpu_session::Out_of_metadata) { told = true; }
	CHECK(told);
	EQUAL(lines(t, CAPLOG_OBJECT_THREAD), 1);
	Thread_capability const thread = create();
	EQUAL(world.upgrades, upgrades);
	EQUAL(world.threads, before + 1);
	EQUAL(lines(t, CAPLOG_OBJECT_THREAD), 2);

	caplog_flavour const &f = *caplog_flavours(nullptr);
	Thread_info *info = t.threads().existing(f.thread_base + f.thread_stride);
	CHECK(info);
	CHECK(!info->started());
	thread.call<Cpu_thread::Rpc_start>(0x1000ul, 0x2000ul);
	CHECK(info);
	CHECK(info->started());
	CHECK(runs(info->cap));
	thread.call<Cpu_thread::Rpc_pause>();
	CHECK(info);
	CHECK(info->server->paused());
	CHECK(!runs(info->cap));

	/* threads that the component paused itself stay so */
	monitor().ops.resume(monitor().ops.ctx, &t);
	CHECK(info);
	CHECK(!runs(info->cap));

	cpu.call<Cpu_session::Rpc_kill_thread>(thread);
	EQUAL(world.threads, before);
	EQUAL(lines(t, CAPLOG_OBJECT_THREAD), 1);

	bool refused = false;
	try {
		cpu.call<Cpu_session::Rpc_create_thread>(reinterpret_cap_cast<Pd_session>(foreign()),
			Cpu_session::Name("x"), Affinity::Location(), Cpu_session::Weight(), 0ul);
	} catch (Cpu_session::Thread_creation_failed) { refused = true; }
	CHECK(refused);
}


/* A thread stores its state itself, however many exceptions are under way */
void test_keep()
{
	enum : addr_t { STACK = 0x6000000, SP = STACK + 0x3000, SAVE = 0x4444, SAVED = 0x5555 };

	Target            &t = monitor()[0];
	Component          c(t);
	caplog_platform const &ops = monitor().ops;
	Thread_info       &thread = t.threads()[0];
	Ram_dataspace_capability const ds =
		c.own<Ram_session>("Env::ram_session").call<Ram_session::Rpc_alloc>(0x4000ul, CACHED);
	Capability<Region_map> const rm =
		c.own<Pd_session>("Env::pd_session").call<Pd_session::Rpc_address_space>();

	rm.call<Region_map::Rpc_attach>(ds, 0ul, 0l, true, Region_map::Local_addr(STACK), false);

	::uint64_t stub[CAPLOG_STUB_LABELS] = { }, kept = 0;
	stub[CAPLOG_STUB_SAVE]  = SAVE;
	stub[CAPLOG_STUB_SAVED] = SAVED;
	auto keep = [&] (unsigned strays, addr_t stops_at) {
		caplog_diag diag = caplog_diag();
		excepts(thread.cap, SP, strays, stops_at);
		return ops.keep(ops.ctx, &t, t.threads().slot_of(thread), stub, &kept, &diag);
	};
	EQUAL(keep(0, SAVED), 0);
	CHECK(kept > STACK && kept < SP);
	EQUAL(keep(1, SAVED), 0);
	EQUAL(keep(0, 0x7777), CAPLOG_EBUSY);
	EQUAL(keep(1000, SAVED), CAPLOG_EBUSY); /* and it has an end */

	excepts(thread.cap, 0, 0, 0);
	rm.call<Region_map::Rpc_detach>(Region_map::Local_addr(STACK));
	c.own<Ram_session>("Env::ram_session").call<Ram_session::Rpc_free>(ds);
}


/* A service of a sibling */
void test_peer()
{
	Target &server = monitor()[0], &client = monitor()[1];

	struct Shop_root : Rpc_object<Root>
	{
		Native_capability session_cap;
		unsigned opened = 0, closed = 0;
		size_t   upgraded = 0, least = 0;

		Session_capability session(Session_args const &args, Affinity const &) override
		{
			if (Arg_string::find_arg(args.string(), "ram_quota").ulong_value(0) < least)
				throw Quota_exceeded();
			opened++;
			return reinterpret_cap_cast<Session>(session_cap);
		}
		void upgrade(Session_capability, Upgrade_args const &args) override {
			upgraded += Arg_string::find_arg(args.string(), "ram_quota").ulong_value(0); }
		void close(Session_capability) override { closed++; }
	};

	static Shop_root      root;
	static Rpc_entrypoint ep(nullptr, 0, "shop");
	Component s(server), c(client);
	Capability<Pd_session> const pd = s.own<Pd_session>("Env::pd_session");
	Native_capability const thread = server.core().native_cpu.native_cap(server.threads()[0].cap);

	/* the root and the session are RPC objects of the server */
	root.session_cap = pd.call<Pd_session::Rpc_alloc_rpc_cap>(thread);
	Root_capability const cap = ep.manage(&root);
	s.parent.call<Parent::Rpc_announce>("Shop", cap);
	EQUAL(lines(server, CAPLOG_OBJECT_SERVICE), 0); /* not one of its own */

	caplog_words words = caplog_words();
	words.gate.entrypoint = caplog_flavours(nullptr)->thread_base;
	server.objects().give(CAPLOG_OBJECT_GATE, cap, nullptr, words);
	s.parent.call<Parent::Rpc_announce>("Shop", cap);
	EQUAL(lines(server, CAPLOG_OBJECT_SERVICE), 1);

	Ram_session &monitors = monitor().env.ram();
	size_t const before = server.core().ram.quota(), had = client.core().ram.quota(),
	             own = monitors.quota();
	Session_capability const session = c.open("Shop", "ram_quota=16K");
	EQUAL(root.opened, 1);
	EQUAL(server.core().ram.quota(), before + 16384);
	EQUAL(client.core().ram.quota(), had - 16384);

	/* an upgrade arrives, with its bytes */
	c.parent.call<Parent::Rpc_upgrade>(session, "ram_quota=8200");
	EQUAL(root.upgraded, 8200);
	EQUAL(server.core().ram.quota(), before + 16384 + 8200);
	EQUAL(client.core().ram.quota(), had - 16384 - 8200);
	EQUAL(monitors.quota(), own);
	EQUAL(lines(client, CAPLOG_OBJECT_PEER), 1);
	EQUAL(caplog_ledger_first(&client.objects().ledger(), CAPLOG_OBJECT_PEER)->peer.badge,
	      root.session_cap.local_name());
	c.close(session);
	EQUAL(root.closed, 1);
	EQUAL(lines(client, CAPLOG_OBJECT_PEER), 0);
	EQUAL(server.core().ram.quota(), before);
	EQUAL(client.core().ram.quota(), had);

	/* what the server refuses costs nothing */
	bool exceeded = false;
	root.least = 32*1024;
	try { c.open("Shop", "ram_quota=16K"); }
	catch (Parent::Quota_exceeded) { exceeded = true; }
	root.least = 0;
	CHECK(exceeded);
	EQUAL(server.core().ram.quota(), before);
	EQUAL(client.core().ram.quota(), had);

	/* what the server spent comes from nobody else */
	Session_capability const last = c.open("Shop", "ram_quota=64K");
	Ram_dataspace_capability const ds = server.core().ram.alloc(
		server.core().ram.quota() - server.core().ram.used() - 20*1024);
	size_t const left = server.core().ram.quota() - server.core().ram.used();
	c.close(last);
	EQUAL(client.core().ram.quota(), had - 64*1024 + left);
	EQUAL(monitors.quota(), own);
	server.core().ram.free(ds);
}
