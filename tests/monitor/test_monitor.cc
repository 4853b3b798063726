/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The monitor for Genode on a core that is a model: what it hands out, what it
 * writes down, what it pays and gets back, and what it refuses
 */
#include <stdio.h>

#include "core.h"
#include "instance.h"

using namespace Caplog;
using namespace Core_model;

/* of the tests, not of Genode */
static unsigned checks, failures;

static void check_equal(char const *file, int line, char const *what, unsigned long long got,
                        unsigned long long expected)
{
	checks++;
	if (got == expected)
		return;
	failures++;
	printf("%s:%d: %s is %llu, not %llu\n", file, line, what, got, expected);
}

#define EQUAL(a, b) check_equal(__FILE__, __LINE__, #a, (unsigned long long)(a), (unsigned long long)(b))
#define CHECK(a)    EQUAL(!!(a), 1)

static char const * const text =
	"<config>"
	"  <target name=\"counter\" binary=\"prog\" ram=\"2M\" log=\"256K\">"
	"    <config caps=\"7\"/> <provides> <service name=\"Shop\"/> </provides>"
	"  </target>"
	"  <target name=\"customer\" ram=\"1M\" log=\"64K\"/>"
	"</config>";


/* The monitor with one instance of its targets, started */
struct Monitor
{
	Env              &env = environment();
	Xml_node          config { text };
	Timer::Connection timer { env };
	Platform          platform { env, heap(), config, timer };
	caplog_platform   ops = platform.ops();
	Instance          instance { heap(), 2 };

	Monitor(bool start = true)
	{
		if (!start)
			return;
		config.for_each_sub_node("target", [&] (Xml_node node) { instance.add(platform, node); });
		for (unsigned i = 0; i < instance.group.count; i++)
			instance.group.target[i]->start();
	}

	Target &operator [] (unsigned i) { return *instance.group.target[i]; }
};

/*
 * Threads of a monitor never end, as on Genode, where it lives as long as the
 * system. So all tests share the one that runs.
 */
static Monitor &monitor()
{
	static Monitor *monitor = new Monitor();
	return *monitor;
}


static unsigned lines(Target &t, uint32_t kind)
{
	unsigned n = 0;

	for (caplog_object *l = caplog_ledger_first(&t.objects().ledger(), kind); l;
	     l = caplog_ledger_next(&t.objects().ledger(), l))
		n++;
	return n;
}


/* The component's side: its parent, and sessions that it opens there */
struct Component
{
	Capability<Parent> parent;

	Component(Target &t) : parent(t.parent().parent_cap()) { }

	Session_capability open(char const *service, char const *args) {
		return parent.call<Parent::Rpc_session>(service, args, Affinity()); }

	template <typename SESSION> Capability<SESSION> open(char const *args) {
		return reinterpret_cap_cast<SESSION>(open(SESSION::service_name(), args)); }

	template <typename SESSION> Capability<SESSION> own(char const *name) {
		return reinterpret_cap_cast<SESSION>(open(name, "")); }

	void close(Session_capability cap) { parent.call<Parent::Rpc_close>(cap); }
};


static void test_start()
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


static void test_quota()
{
	Target   &t = monitor()[0];
	Component c(t);
	Ram_session &own = monitor().env.ram();
	size_t const before = t.core().ram.quota(), monitors = own.quota();

	EQUAL(before, 2 << 20);

	/* the component pays for a session, and the monitor's parent gets it */
	Session_capability const log = c.open("LOG", "ram_quota=8K, label=\"x\"");
	EQUAL(t.core().ram.quota(), before - 8192);
	EQUAL(own.quota(), monitors);
	EQUAL(world.open('L'), 1);

	c.parent.call<Parent::Rpc_upgrade>(log, "ram_quota=4K");
	EQUAL(t.core().ram.quota(), before - 12288);
	EQUAL(own.quota(), monitors);
	c.close(log);
	EQUAL(world.open('L'), 0);

	/* a service that does not exist costs nothing */
	bool denied = false;
	size_t const then = t.core().ram.quota();
	try { c.open("None", "ram_quota=8K"); }
	catch (Parent::Service_denied) { denied = true; }
	CHECK(denied);
	EQUAL(t.core().ram.quota(), then);

	bool exceeded = false;
	try { c.open("LOG", "ram_quota=100M"); }
	catch (Parent::Quota_exceeded) { exceeded = true; }
	CHECK(exceeded);
	EQUAL(t.core().ram.quota(), then);
}


static void test_rom()
{
	Target   &t = monitor()[0];
	Component c(t);
	unsigned const opened = world.open('R');

	/* its own config comes from the monitor's configuration */
	Capability<Rom_session> const config = c.open<Rom_session>("ram_quota=4K, label=\"config\"");
	EQUAL(world.open('R'), opened);
	Dataspace_capability const ds = config.call<Rom_session::Rpc_dataspace>();
	CHECK(memory(ds) && !strcmp(memory(ds), "<config caps=\"7\"/>"));
	EQUAL(lines(t, CAPLOG_OBJECT_ROM_DS), 1);
	config.call<Rom_session::Rpc_dataspace>();
	EQUAL(lines(t, CAPLOG_OBJECT_ROM_DS), 1);
	c.close(config);
	EQUAL(lines(t, CAPLOG_OBJECT_ROM) + lines(t, CAPLOG_OBJECT_ROM_DS), 0);

	Capability<Rom_session> const other = c.open<Rom_session>("ram_quota=4K, label=\"other\"");
	EQUAL(world.open('R'), opened + 1);
	EQUAL(lines(t, CAPLOG_OBJECT_ROM), 1);
	c.close(other);
	EQUAL(world.open('R'), opened);
}


static void test_memory()
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
	CHECK(region && region->region.size == 12288);
	memory(ds)[0x1234] = 42;
	char *at = (char *)t.objects().memory(0x5001234, 1);
	CHECK(at && *at == 42);
	CHECK(!t.objects().memory(0x5002fff, 2));
	CHECK(!t.objects().memory(0x4ffffff, 1));

	/* the stack area, attached as a whole */
	Dataspace_capability const area_ds = area.call<Region_map::Rpc_dataspace>();
	rm.call<Region_map::Rpc_attach>(area_ds, 0ul, 0l, true, Region_map::Local_addr(0x40000000ul),
	                                false);
	area.call<Region_map::Rpc_attach>(ds, 0ul, 0l, true, Region_map::Local_addr(0x1000ul), false);
	at = (char *)t.objects().memory(0x40001000 + 0x1234, 1);
	CHECK(at && *at == 42);
	rm.call<Region_map::Rpc_detach>(Region_map::Local_addr(0x40000000ul));
	CHECK(!t.objects().memory(0x40001000, 1));

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


static void test_pd()
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


static void test_threads()
{
	Target   &t = monitor()[0];
	Component c(t);
	Capability<Cpu_session> const cpu = c.own<Cpu_session>("Env::cpu_session");
	Capability<Pd_session>  const pd  = c.own<Pd_session>("Env::pd_session");
	unsigned const before = world.threads;

	auto create = [&] () {
		return cpu.call<Cpu_session::Rpc_create_thread>(pd, Cpu_session::Name("worker"),
			Affinity::Location(), Cpu_session::Weight(), 0ul); };

	world.out_of_metadata = 2; /* the monitor pays */
	unsigned const upgrades = world.upgrades;
	Thread_capability const thread = create();
	EQUAL(world.upgrades, upgrades + 2);
	EQUAL(world.threads, before + 1);
	EQUAL(lines(t, CAPLOG_OBJECT_THREAD), 2);

	Thread_info *info = t.threads().nth(1);
	CHECK(info && !info->started());
	EQUAL(info ? t.threads().slot_of(*info) : 0,
	      caplog_flavours(nullptr)->thread_base + caplog_flavours(nullptr)->thread_stride);
	thread.call<Cpu_thread::Rpc_start>(0x1000ul, 0x2000ul);
	CHECK(info && info->started() && runs(info->cap));
	thread.call<Cpu_thread::Rpc_pause>();
	CHECK(info && info->server->paused() && !runs(info->cap));

	/* threads that the component paused itself stay so */
	monitor().ops.resume(monitor().ops.ctx, &t);
	CHECK(info && !runs(info->cap));

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


/* Signals come by way of a thread of the monitor */
static void wait_for_signals(unsigned submitted)
{
	for (unsigned i = 0; i < 10000000 && world.submitted != submitted; i++)
		__sync_synchronize();
}


static void test_timer()
{
	Target   &t = monitor()[0];
	Component c(t);
	Capability<Pd_session> const pd = c.own<Pd_session>("Env::pd_session");
	Signal_context_capability const context = pd.call<Pd_session::Rpc_alloc_context>(
		pd.call<Pd_session::Rpc_alloc_signal_source>(), 1ul);

	Capability<Timer::Session> const timer = c.open<Timer::Session>("ram_quota=8K");
	timer.call<Timer::Session::Rpc_sigh>(context);
	timer.call<Timer::Session::Rpc_trigger_periodic>(1000u);

	unsigned const before = world.submitted;
	fire_timers(2);
	wait_for_signals(before + 2);
	EQUAL(world.submitted, before + 2);

	/* none is passed on from the stop to the resume, and none is lost */
	t.freeze();
	Object *o = t.objects().by_cap(timer);
	fire_timers(3);
	for (unsigned i = 0; i < 10000000 && o->session->saved.timer.fired != 3; i++)
		__sync_synchronize();
	EQUAL(world.submitted, before + 2);
	EQUAL(o->session->saved.timer.fired, 3);
	t.thaw();
	EQUAL(world.submitted, before + 5);

	o->session->settle();
	EQUAL(o->session->saved.timer.mode, CAPLOG_TIMER_PERIODIC);
	EQUAL(o->session->saved.timer.microseconds, 1000);

	/* what is left of a one-shot */
	timer.call<Timer::Session::Rpc_trigger_once>(50000u);
	world.now_ms += 20;
	o->session->settle();
	EQUAL(o->session->saved.timer.microseconds, 30000);

	c.close(timer);
	pd.call<Pd_session::Rpc_free_context>(context);
	EQUAL(lines(t, CAPLOG_OBJECT_TIMER), 0);
}


/* A service of a sibling */
static void test_peer()
{
	Target &server = monitor()[0], &client = monitor()[1];

	struct Shop_root : Rpc_object<Root>
	{
		Native_capability session_cap;
		unsigned opened = 0, closed = 0;

		Session_capability session(Session_args const &, Affinity const &) override
		{
			opened++;
			return reinterpret_cap_cast<Session>(session_cap);
		}
		void upgrade(Session_capability, Upgrade_args const &) override { }
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

	size_t const before = server.core().ram.quota();
	Session_capability const session = c.open("Shop", "ram_quota=16K");
	EQUAL(root.opened, 1);
	EQUAL(server.core().ram.quota(), before + 16384);
	EQUAL(lines(client, CAPLOG_OBJECT_PEER), 1);
	EQUAL(caplog_ledger_first(&client.objects().ledger(), CAPLOG_OBJECT_PEER)->peer.badge,
	      root.session_cap.local_name());
	CHECK(!client.busy());
	c.close(session);
	EQUAL(root.closed, 1);
	EQUAL(lines(client, CAPLOG_OBJECT_PEER), 0);
}


/* What cannot be kept is refused at the checkpoint, by name, and the group runs on */
static void test_refused()
{
	Monitor  &m = monitor();
	Component c(m[0]);
	caplog_diag diag = caplog_diag();

	int err = caplog_capture(&m.ops, m.instance.engine, m.instance.count, &diag);
	EQUAL(err, CAPLOG_EAGAIN);
	printf("  %s\n", diag.text);
	CHECK(strlen(diag.text) > 10 && runs(m[0].threads()[0].cap) && runs(m[1].threads()[0].cap));
	CHECK(!m[0].frozen() && !m[1].frozen());

	/* a service that it cannot open again */
	Session_capability const nic = c.open("Nic", "ram_quota=8K");
	EQUAL(lines(m[0], CAPLOG_OBJECT_UNKNOWN), 1);
	EQUAL(world.open('N'), 1);
	c.close(nic);
	EQUAL(lines(m[0], CAPLOG_OBJECT_UNKNOWN), 0);
	EQUAL(world.open('N'), 0);
}


/* Where threads stand, as the engine asks */
static void test_stopped()
{
	Monitor &m = monitor();
	Target  &t = m[0];
	caplog_stopped stopped;

	stands(t.threads()[0].cap, Foc_native_pd::Stopped::EXCEPTION, 0x1234, 0x5678);
	m.ops.pause(m.ops.ctx, &t);
	CHECK(t.frozen() && !runs(t.threads()[0].cap));
	EQUAL(m.ops.stopped(m.ops.ctx, &t, 0, &stopped), 0);
	EQUAL(stopped.state, CAPLOG_STOPPED_EXCEPTION);
	EQUAL(stopped.ip, 0x1234);
	EQUAL(stopped.sp, 0x5678);
	EQUAL(stopped.slot, caplog_flavours(nullptr)->thread_base);
	EQUAL(m.ops.stopped(m.ops.ctx, &t, 1, &stopped), CAPLOG_ENOENT);

	void *targets[] = { &m[0], &m[1] };
	m.ops.ping(m.ops.ctx, targets, 2);
	for (unsigned i = 0; i < 10000000 && !m.ops.answered(m.ops.ctx); i++)
		__sync_synchronize();
	CHECK(m.ops.answered(m.ops.ctx));

	m.ops.go(m.ops.ctx, &t, stopped.slot);
	CHECK(runs(t.threads()[0].cap) && t.frozen());
	m.ops.resume(m.ops.ctx, &t);
	CHECK(runs(t.threads()[0].cap) && !t.frozen());
}


/* Each line of a component again, in another one, from what the monitor saves of it */
static void test_again()
{
	Monitor  &m = monitor();
	Target   &old = m[0];
	Component c(old);
	Capability<Pd_session>  const pd  = c.own<Pd_session>("Env::pd_session");
	Capability<Cpu_session> const cpu = c.own<Cpu_session>("Env::cpu_session");
	void *ctx = m.ops.ctx;

	Signal_context_capability const context = pd.call<Pd_session::Rpc_alloc_context>(
		pd.call<Pd_session::Rpc_alloc_signal_source>(), 9ul);
	Capability<Timer::Session> const timer = c.open<Timer::Session>("ram_quota=8K");
	timer.call<Timer::Session::Rpc_sigh>(context);
	timer.call<Timer::Session::Rpc_trigger_periodic>(2000u);
	c.open("LOG", "ram_quota=8K, label=\"kept\"");
	c.open<Rom_session>("ram_quota=4K, label=\"config\"").call<Rom_session::Rpc_dataspace>();
	cpu.call<Cpu_session::Rpc_exception_sigh>(context);

	/* as an image has it: lines without badges, and no more */
	Instance copy(heap(), 1);
	caplog_ledger &ledger = copy.engine[0]->ledger;
	ledger = old.objects().ledger();
	for (uint32_t i = 0; i < ledger.count; i++)
		if (!ledger.line[i].gone)
			caplog_ledger_rebadge(&ledger, &ledger.line[i], CAPLOG_NO_BADGE);
	m.platform.group = &copy.group;

	caplog_diag diag = caplog_diag();
	void *handle = nullptr;
	EQUAL(m.ops.accepts(ctx, "nobody", &ledger, &diag), CAPLOG_ENOENT);
	EQUAL(m.ops.accepts(ctx, "counter", &ledger, &diag), 0);
	EQUAL(m.ops.create(ctx, "counter", &ledger, &handle, &diag), 0);
	copy.engine[0]->handle = handle;
	Target &fresh = copy.group.count ? *copy.group.target[0] : old;

	uint32_t badge = 0, slot = caplog_flavours(nullptr)->thread_base;
	EQUAL(m.ops.make_thread(ctx, handle, slot, &badge, &diag), 0);
	EQUAL(badge, fresh.threads()[0].badge);

	unsigned made = 0;
	for (uint32_t i = 0; i < ledger.count; i++) {
		caplog_object &line = ledger.line[i];
		caplog_state session;
		::uint64_t   pending = 0;
		int          err;

		if (line.gone || line.kind == CAPLOG_OBJECT_SERVICE)
			continue;
		memset(&session, 0, sizeof(session));
		int const saved = m.ops.save(ctx, &old, &line, &session, &pending);
		if (caplog_object_bytes(&line))
			err = m.ops.make_memory(ctx, handle, &line, &diag);
		else if (line.kind == CAPLOG_OBJECT_GATE)
			err = m.ops.make_gate(ctx, handle, line.gate.entrypoint, &line, &diag);
		else
			err = m.ops.make(ctx, handle, &line, saved ? &session : nullptr, pending, &diag);
		if (err)
			printf("  %s: %s\n", caplog_object_kind(line.kind)->name, diag.text);
		EQUAL(err, 0);
		CHECK(line.badge != CAPLOG_NO_BADGE);
		if (line.kind == CAPLOG_OBJECT_CONTEXT)
			EQUAL(pending, 3);
		made++;
	}
	CHECK(made >= 20);

	/* the copy has its own objects, and what it had in flight */
	unsigned const submitted = world.submitted;
	::uint64_t const stub[CAPLOG_STUB_LABELS] = { 1, 2, 3, 0x4444, 0x5555, 6, 7 };
	caplog_image_thread const thread = { slot, CAPLOG_THREAD_FRAME, 0x7000 };
	EQUAL(m.ops.registers(ctx, handle, &thread, stub, 0, 0, &diag), 0);
	EQUAL(m.ops.start(ctx, handle, slot, &diag), 0);
	EQUAL(world.submitted, submitted + 3);
	CHECK(runs(fresh.threads()[0].cap));
	EQUAL(Cpu_thread_client(fresh.threads()[0].cap).state().ip, 0x4444);
	EQUAL(Cpu_thread_client(fresh.threads()[0].cap).state().sp, 0x7000);

	caplog_object *line = caplog_ledger_first(&ledger, CAPLOG_OBJECT_TIMER);
	CHECK(line && fresh.objects().by_id(line->id)->session->saved.timer.microseconds == 2000);
	line = caplog_ledger_first(&ledger, CAPLOG_OBJECT_ROM_DS);
	Object *ds = line ? fresh.objects().by_id(line->id) : nullptr;
	CHECK(ds && memory(ds->cap) && !strcmp(memory(ds->cap), "<config caps=\"7\"/>"));

	/* a slot is filled once */
	line = caplog_ledger_first(&ledger, CAPLOG_OBJECT_TIMER);
	EQUAL(m.ops.install(ctx, handle, 0x300, handle, line, &diag), 0);
	EQUAL(m.ops.holds(ctx, handle, 0x300, handle, line), 1);
	EQUAL(m.ops.valid(ctx, handle, 0x301), 0);
	EQUAL(m.ops.install(ctx, handle, 0x300, handle, line, &diag), CAPLOG_EIO);
}


/* More than the ledger holds: said once, and no checkpoint from then on */
static void test_full()
{
	Monitor  &m = monitor();
	Component c(m[1]);
	Capability<Pd_session> const pd = c.own<Pd_session>("Env::pd_session");
	Capability<Signal_source> const source = pd.call<Pd_session::Rpc_alloc_signal_source>();
	caplog_ledger &ledger = m[1].objects().ledger();

	world.last_error[0] = 0;
	for (unsigned i = 0; i < CAPLOG_LEDGER_MAX && !ledger.lost; i++)
		pd.call<Pd_session::Rpc_alloc_context>(source, (unsigned long)i);
	CHECK(ledger.lost);
	CHECK(strlen(world.last_error) > 10);

	caplog_diag diag = caplog_diag();
	EQUAL(caplog_capture(&m.ops, &m.instance.engine[1], 1, &diag), CAPLOG_ENOMEM);
	printf("  %s\n", diag.text);
}


/* A component that ends leaves nothing, to the byte */
static void test_end()
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
		CHECK(world.threads == threads + 1);
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


int main()
{
	static struct { char const *name; void (*run)(); } const tests[] = {
		{ "start",   test_start   }, { "quota",   test_quota   }, { "rom",    test_rom    },
		{ "memory",  test_memory  }, { "pd",      test_pd      }, { "threads", test_threads },
		{ "timer",   test_timer   }, { "peer",    test_peer    }, { "refused", test_refused },
		{ "stopped", test_stopped }, { "again",   test_again   }, { "full",   test_full   },
		{ "end",     test_end     },
	};

	for (auto const &test : tests) {
		printf("%s\n", test.name);
		test.run();
	}
	printf("%u checks, %u failures\n", checks, failures);
	return failures != 0;
}
