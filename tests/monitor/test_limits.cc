/* SPDX-License-Identifier: BSD-2-Clause */
/* What one component can take from the monitor */
#include "test.h"


static bool contains(char const *text, char const *part)
{
	while (*text && strcmp(text, part, strlen(part)))
		text++;
	return *text;
}


/* Whatever it asks for next is refused, and nothing is made for it */
struct Refusals
{
	Target   &t;
	Component c { t };

	Capability<Ram_session> const ram { c.own<Ram_session>("Env::ram_session") };
	Capability<Cpu_session> const cpu { c.own<Cpu_session>("Env::cpu_session") };
	Capability<Pd_session>  const pd  { c.own<Pd_session>("Env::pd_session") };
	Capability<Region_map>  const rm  { pd.call<Pd_session::Rpc_address_space>() };

	Capability<Signal_source> const source { pd.call<Pd_session::Rpc_alloc_signal_source>() };

	Refusals(Target &t) : t(t) { }

	template <typename EXCEPTION, typename FN> static bool throws(FN const &fn)
	{
		try { fn(); } catch (EXCEPTION) { return true; }
		return false;
	}

	void context() { pd.call<Pd_session::Rpc_alloc_context>(source, 1ul); }

	void attach(Dataspace_capability ds, addr_t at) {
		rm.call<Region_map::Rpc_attach>(ds, 4096ul, 0l, true, Region_map::Local_addr(at), false); }

	bool no_context() { return throws<Pd_session::Out_of_metadata>([&] { context(); }); }

	/* all that costs a capability */
	void check()
	{
		caplog_ledger &ledger = t.objects().ledger();
		unsigned const living = ledger.living, threads = world.threads, logs = world.open('L'),
		               roms = world.open('R');
		size_t const allocated = world.allocated, quota = t.core().ram.quota();

		CHECK(no_context());
		CHECK(throws<Ram_session::Quota_exceeded>([&] {
			ram.call<Ram_session::Rpc_alloc>(4096ul, CACHED); }));
		CHECK(throws<Pd_session::Out_of_metadata>([&] {
			pd.call<Pd_session::Rpc_alloc_rpc_cap>(
				t.core().native_cpu.native_cap(t.threads()[0].cap)); }));
		CHECK(throws<Cpu_session::Thread_creation_failed>([&] {
			cpu.call<Cpu_session::Rpc_create_thread>(pd, Cpu_session::Name("worker"),
				Affinity::Location(), Cpu_session::Weight(), 0ul); }));
		CHECK(throws<Parent::Service_denied>([&] { c.open("LOG", "ram_quota=8K"); }));
		CHECK(throws<Parent::Service_denied>([&] {
			c.open("ROM", "ram_quota=4K, label=\"config\""); }));

		EQUAL(ledger.living, living);
		EQUAL(ledger.lost, 0);
		EQUAL(world.threads, threads);
		EQUAL(world.open('L'), logs);
		EQUAL(world.open('R'), roms);
		EQUAL(world.allocated, allocated);
		EQUAL(t.core().ram.quota(), quota);
	}
};


/* Its share of the monitor's capabilities; another component still gets what it wants */
void test_capabilities()
{
	Monitor &m = monitor();
	Refusals r(m[1]), other(m[0]);
	unsigned made = 0;

	world.last_error[0] = 0;
	while (!r.no_context() && made < Limits::CAPS)
		made++;
	CHECK(made > 1400);
	EQUAL(m.platform.limits.share(), Limits::CAPS/2);

	/* entrypoints that cannot be destroyed: not without end */
	Limits   limits(m.config);
	unsigned abandoned = 0;
	while (abandoned < 1000 && limits.abandon())
		abandoned++;
	EQUAL(abandoned, Limits::ABANDONED);
	CHECK(contains(world.last_error, "raise its attribute caps (1536)"));

	world.last_error[0] = 0;
	r.check();
	EQUAL(world.last_error[0], 0); /* said once */

	other.context();
	caplog_ledger &others = m[0].objects().ledger();
	m[0].objects().gone(*m[0].objects().by_id(
		caplog_ledger_first(&others, CAPLOG_OBJECT_CONTEXT)->id));

	/* each that goes makes room for one */
	caplog_ledger &ledger = m[1].objects().ledger();
	for (unsigned i = 0; i < made; i++)
		r.pd.call<Pd_session::Rpc_free_context>(m[1].objects().context(
			caplog_ledger_first(&ledger, CAPLOG_OBJECT_CONTEXT)->id));
	for (unsigned i = 0; i < made; i++)
		r.context();
	CHECK(r.no_context());
	for (unsigned i = 0; i < made; i++)
		r.pd.call<Pd_session::Rpc_free_context>(m[1].objects().context(
			caplog_ledger_first(&ledger, CAPLOG_OBJECT_CONTEXT)->id));
}


/* What a restore makes is bounded in the same way, before it makes anything */
void test_restore_fits()
{
	Monitor &m = monitor();
	unsigned const lines = m.platform.limits.share() + 1;
	caplog_diag diag = caplog_diag();
	void *handle = nullptr;
	Instance copy(heap(), 1);
	caplog_ledger &ledger = copy.engine[0]->ledger;
	size_t const quota = m.env.ram().quota();

	for (unsigned i = 0; i < lines; i++)
		caplog_ledger_give(&ledger, CAPLOG_OBJECT_GATE, CAPLOG_NO_BADGE, nullptr, "");
	m.platform.group = &copy.group;
	EQUAL(m.ops.create(m.ops.ctx, "customer", &ledger, &handle, &diag), CAPLOG_ENOMEM);
	CHECK(contains(diag.text, "raise its attribute caps"));
	m.ops.destroy(m.ops.ctx, handle);
	EQUAL(m.env.ram().quota(), quota);

	/* one less suffices */
	caplog_ledger_drop(&ledger, &ledger.line[0]);
	EQUAL(m.ops.create(m.ops.ctx, "customer", &ledger, &handle, &diag), 0);
	m.ops.destroy(m.ops.ctx, handle);
	EQUAL(m.env.ram().quota(), quota);
}


/* How much the reserve has */
static size_t left(Limits &limits)
{
	size_t taken = 0;

	for (size_t bytes = 1 << 20; bytes; bytes /= 2)
		taken += limits.take_reserve(bytes) ? bytes : 0;
	limits.return_reserve(taken);
	return taken;
}


/* What a component got of the reserve comes back with its end; what it did not get, at once */
static void reserve_comes_back()
{
	Monitor &m = monitor();
	Ram_session &own = m.env.ram();
	size_t const before = left(m.platform.limits);
	caplog_diag diag = caplog_diag();

	CHECK(before >= 20000);
	{
		Instance another(heap(), 1);
		another.add(m.platform, m.config.sub_node("target"));
		Target  &t       = *another.group.target[0];
		Account &account = t.account();

		EQUAL(account.restore_granted(5000, &diag), 0);
		CHECK(account.request(7000));
		EQUAL(left(m.platform.limits), before - 12000);

		/* the monitor has nothing itself */
		size_t const all = own.quota() - own.used();
		EQUAL(own.transfer_quota(t.core().ram.cap(), all), 0);
		CHECK(!account.request(1000));
		EQUAL(left(m.platform.limits), before - 12000);
		EQUAL(account.granted(), 12000);
		EQUAL(t.core().ram.transfer_quota(m.env.ram_session_cap(), all), 0);
	}
	EQUAL(left(m.platform.limits), before);
}


/* ... and so is what it gives */
void test_restore_gives()
{
	Monitor &m = monitor();
	Instance another(heap(), 1);
	another.add(m.platform, m.config.sub_node("target"));
	Account &account = another.group.target[0]->account();
	Ram_session &own = m.env.ram();
	size_t const limit = account.limit(), monitors = own.quota(), all = m.platform.limits.all_ram();
	caplog_diag diag = caplog_diag();

	EQUAL(all, (3 << 20) + (512 << 10));
	EQUAL(account.restore_limit(all + 1, &diag), CAPLOG_EINVAL);
	EQUAL(account.restore_limit(~0ULL, &diag), CAPLOG_EINVAL);
	EQUAL(account.restore_limit(4096, &diag), CAPLOG_EINVAL);
	EQUAL(account.restore_records(~0ULL, &diag), CAPLOG_EINVAL);
	EQUAL(account.restore_granted((512 << 10) + 1, &diag), CAPLOG_ENOMEM);
	EQUAL(account.restore_granted(~0ULL, &diag), CAPLOG_ENOMEM);
	EQUAL(account.limit(), limit);
	EQUAL(own.quota(), monitors);

	EQUAL(account.restore_given(all, &diag), 0);
	EQUAL(account.restore_given(1, &diag), CAPLOG_EINVAL);
	EQUAL(account.restore_given(~0ULL, &diag), CAPLOG_EINVAL);

	EQUAL(account.restore_limit(limit + 4097, &diag), 0);
	EQUAL(account.limit(), limit + 4097);
	EQUAL(own.quota(), monitors - 4097);
	EQUAL(account.restore_limit(limit - 1, &diag), 0);
	EQUAL(account.limit(), limit - 1);
	EQUAL(own.quota(), monitors + 1);

	/* records: memory for as many, which stays */
	EQUAL(account.restore_records(500, &diag), 0);
	EQUAL(account.most_records(), 500);
	size_t const used = another.group.target[0]->core().ram.used();
	for (unsigned i = 0; i < 499; i++)
		account.add_record();
	EQUAL(another.group.target[0]->core().ram.used(), used);
	reserve_comes_back();
}


/* A label is the component's only if its name stands before it */
void test_labels()
{
	Component c(monitor()[1]);
	auto denied = [&] (char const *args) {
		unsigned const opened = world.open('L');
		bool const thrown = Refusals::throws<Parent::Service_denied>([&] { c.open("LOG", args); });
		EQUAL(world.open('L'), opened + !thrown);
		return thrown;
	};
	char args[160] = "ram_quota=64, label=\"";
	size_t const begin = strlen(args);

	CHECK(denied("ram_quota=8K, label=\"a\", label=\"counter -> b\""));
	CHECK(denied("label=\"a\", ram_quota=8K, label=\"a\""));
	CHECK(denied("ram_quota=8K, label=a, label=b"));
	CHECK(denied("label=\"a\", label=b, ram_quota=8K"));

	/* the longest one that fits with "customer -> " before it */
	size_t longest = 0;
	for (size_t n = 1; begin + n + 2 < sizeof(args); n++) {
		memset(args + begin, 'x', n);
		memcpy(args + begin + n, "\"", 2);
		world.last_label[0] = 0;
		if (denied(args))
			continue;
		EQUAL(longest, n - 1);
		EQUAL(strlen(world.last_label), n + strlen("customer -> "));
		longest = n;
	}
	CHECK(longest > 100);
	CHECK(longest < sizeof(args) - begin - 12);
	CHECK(!denied("label=\"b\""));
	CHECK(!strcmp(world.last_label, "customer -> b"));
}


/* A service has one root and one line, however often it is announced */
void test_announced_again()
{
	Target   &t = monitor()[0];
	Component c(t);
	caplog_ledger &ledger = t.objects().ledger();
	unsigned const before = lines(t, CAPLOG_OBJECT_SERVICE), living = ledger.living;
	caplog_object *gate = caplog_ledger_first(&ledger, CAPLOG_OBJECT_GATE);

	CHECK(gate);
	EQUAL(before, 1);
	for (unsigned i = 0; i < 100; i++)
		c.parent.call<Parent::Rpc_announce>("Shop",
			reinterpret_cap_cast<Root>(t.objects().by_id(gate->id)->cap));
	EQUAL(lines(t, CAPLOG_OBJECT_SERVICE), 1);
	EQUAL(ledger.living, living);
	EQUAL(caplog_ledger_first(&ledger, CAPLOG_OBJECT_SERVICE)->service.gate, gate->id);
	CHECK(t.services().root(t.services(), "Shop") == t.objects().by_id(gate->id)->cap);
}


/* A line for each region: what finds none is not attached either, nor is anything made */
void test_full()
{
	Monitor &m = monitor();
	Refusals r(m[1]);
	caplog_ledger &ledger = m[1].objects().ledger();
	Capability<Region_map> const at_core = m[1].core().pd.address_space();
	Ram_dataspace_capability const ds = r.ram.call<Ram_session::Rpc_alloc>(4096ul, CACHED);

	addr_t at = 0x10000000;
	world.last_error[0] = 0;
	while (!r.throws<Region_map::Out_of_metadata>([&] { r.attach(ds, at); }))
		at += 4096;
	EQUAL(ledger.living, CAPLOG_LEDGER_MAX);
	CHECK(contains(world.last_error, "the ledger is full"));

	unsigned const attached_now = attached(at_core);
	r.check();
	CHECK(r.throws<Region_map::Out_of_metadata>([&] { r.attach(ds, at); }));
	EQUAL(attached(at_core), attached_now);

	/* it can still be checkpointed: what it has is known */
	caplog_diag diag = caplog_diag();
	EQUAL(caplog_capture(&m.ops, &m.instance.engine[1], 1, &diag), CAPLOG_EAGAIN);

	r.rm.call<Region_map::Rpc_detach>(Region_map::Local_addr(0x10000000ul));
	r.context();
	CHECK(r.no_context());
	r.ram.call<Ram_session::Rpc_free>(ds);
	EQUAL(lines(m[1], CAPLOG_OBJECT_REGION), 2);
}
