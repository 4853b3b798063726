/* SPDX-License-Identifier: BSD-2-Clause */
#include "test.h"


/* The component gets objects of all kinds that this test does not meet elsewhere */
static void fill(Target &t)
{
	Component c(t);
	Capability<Pd_session>  const pd  = c.own<Pd_session>("Env::pd_session");
	Capability<Cpu_session> const cpu = c.own<Cpu_session>("Env::cpu_session");

	Signal_context_capability const context = pd.call<Pd_session::Rpc_alloc_context>(
		pd.call<Pd_session::Rpc_alloc_signal_source>(), 9ul);
	Capability<Timer::Session> const timer = c.open<Timer::Session>("ram_quota=8K");
	timer.call<Timer::Session::Rpc_sigh>(context);
	timer.call<Timer::Session::Rpc_trigger_periodic>(2000u);
	c.open("LOG", "ram_quota=8K, label=\"kept\"");
	c.open<Rom_session>("ram_quota=4K, label=\"config\"").call<Rom_session::Rpc_dataspace>();
	cpu.call<Cpu_session::Rpc_exception_sigh>(context);
}


/* Each line of 'old' in 'fresh'; \return their number */
static unsigned recreate(Target &old, Target &fresh, caplog_ledger &ledger)
{
	caplog_platform const &ops = monitor().ops;
	caplog_diag diag = caplog_diag();
	void * const ctx = ops.ctx;

	unsigned made = 0;
	for (uint32_t i = 0; i < ledger.count; i++) {
		caplog_object &line = ledger.line[i];
		caplog_state session;
		::uint64_t   pending = 0;
		int          err;

		if (line.gone || line.kind == CAPLOG_OBJECT_SERVICE)
			continue;
		memset(&session, 0, sizeof(session));
		int const saved = ops.save(ctx, &old, &line, &session, &pending);
		if (caplog_object_bytes(&line))
			err = ops.make_memory(ctx, &fresh, &line, &diag);
		else if (line.kind == CAPLOG_OBJECT_GATE) {
			/* core lacks memory for it once */
			caplog_object *gate = &line;
			world.out_of_metadata = 1;
			err = ops.make_gates(ctx, &fresh, line.gate.entrypoint, &gate, 1, &diag);
			EQUAL(world.out_of_metadata, 0);
		}
		else
			err = ops.make(ctx, &fresh, &line, saved ? &session : nullptr, pending, &diag);
		if (err)
			printf("  %s: %s\n", caplog_object_kind(line.kind)->name, diag.text);
		EQUAL(err, 0);
		CHECK(line.badge != CAPLOG_NO_BADGE);
		if (line.kind == CAPLOG_OBJECT_CONTEXT)
			EQUAL(pending, 3);
		made++;
	}
	return made;
}


/* It has, and has given away, what the original has, to the byte */
static void same_quota(Target &old, Target &fresh)
{
	unsigned sessions = 0;

	EQUAL(fresh.core().ram.quota(), old.core().ram.quota());
	EQUAL(fresh.core().ram.used(), old.core().ram.used());
	EQUAL(fresh.account().granted(), old.account().granted());
	EQUAL(fresh.account().most_records(), old.account().most_records());
	old.objects().for_each([&] (Object &o, caplog_object &line) {
		Object *again = fresh.objects().by_id(line.id);
		if (!o.session || !again || !again->session)
			return;
		EQUAL(again->session->saved.quota, o.session->saved.quota);
		EQUAL(!!again->record, !!o.record);
		sessions += again->session->saved.quota != 0;
	});
	CHECK(sessions >= 6);
}


/* Each line of a component again, in another one, from what the monitor saves of it */
void test_again()
{
	Monitor  &m = monitor();
	Target   &old = m[0];
	void *ctx = m.ops.ctx;

	fill(old);

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

	CHECK(recreate(old, fresh, ledger) >= 20);
	same_quota(old, fresh);

	/* the copy has its own objects, and what it had in flight */
	unsigned const submitted = world.submitted;
	::uint64_t const stub[CAPLOG_STUB_LABELS] = { 1, 2, 3, 0x4444, 0x5555, 6, 7 };
	caplog_image_thread const thread = { slot, CAPLOG_THREAD_FRAME, 0x7000 };
	EQUAL(m.ops.registers(ctx, handle, &thread, stub, 0, 0, &diag), 0);
	EQUAL(m.ops.start(ctx, handle, slot, &diag), 0);
	/* and the first signal of its timer, which is due and has not arrived */
	EQUAL(world.submitted, submitted + 4);
	CHECK(runs(fresh.threads()[0].cap));
	EQUAL(Cpu_thread_client(fresh.threads()[0].cap).state().ip, 0x4444);
	EQUAL(Cpu_thread_client(fresh.threads()[0].cap).state().sp, 0x7000);

	caplog_object *line = caplog_ledger_first(&ledger, CAPLOG_OBJECT_TIMER);
	CHECK(line);
	fresh.objects().by_id(line->id)->session->settle();
	EQUAL(fresh.objects().by_id(line->id)->session->saved.timer.microseconds, 2000);
	line = caplog_ledger_first(&ledger, CAPLOG_OBJECT_ROM_DS);
	Object *ds = line ? fresh.objects().by_id(line->id) : nullptr;
	CHECK(ds);
	CHECK(memory(ds->cap));
	CHECK(!strcmp(memory(ds->cap), "<config caps=\"7\"/>"));

	/* objects and RPC objects in slots; each slot is filled once */
	caplog_owned what[CAPLOG_BATCH] = { };
	::uint64_t filled, same;
	::uint64_t const two = 1 | 1 << 5;
	what[0].owner  = what[5].owner = handle;
	what[0].object = caplog_ledger_first(&ledger, CAPLOG_OBJECT_TIMER);
	what[5].object = caplog_ledger_first(&ledger, CAPLOG_OBJECT_GATE);
	CHECK(what[0].object);
	CHECK(what[5].object);
	EQUAL(m.ops.install(ctx, handle, 0x300, two, what, &filled, &diag), 0);
	EQUAL(filled, two);
	EQUAL(m.ops.look(ctx, handle, 0x300, two | 2, what, &same), two);
	EQUAL(same, two);
	EQUAL(m.ops.look(ctx, handle, 0x300, 2, what, &same), 0);
	EQUAL(m.ops.install(ctx, handle, 0x300, two, what, &filled, &diag), CAPLOG_EIO);
	EQUAL(filled, 0);

	/* what comes before a slot that is occupied is filled */
	what[4] = what[0];
	EQUAL(m.ops.install(ctx, handle, 0x300, 1 << 4 | 1 << 5, what, &filled, &diag), CAPLOG_EIO);
	EQUAL(filled, 1 << 4);

	/* core has the capability of an RPC object that it made */
	Object *gate = fresh.objects().by_id(what[5].object->id);
	CHECK(gate);
	CHECK(!gate->cap.valid());
	EQUAL(fresh.pd().gate(*gate).local_name(), what[5].object->badge);
}
