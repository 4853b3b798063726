/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>

#include <base/internal/elf.h>

#include "sessions.h"

namespace Caplog {


bool Config::provides(char const *service) const
{
	bool found = false;

	try {
		node.sub_node("provides").for_each_sub_node("service", [&] (Xml_node const &s) {
			if (s.attribute("name").has_value(service))
				found = true;
		});
	} catch (Xml_node::Nonexistent_sub_node) { }
	return found;
}


namespace {

	struct Policy : Child_policy
	{
		Target &target;

		Policy(Target &target) : target(target) { }

		char const *name() const override { return target.config.name.string(); }
	};

	/* The main thread, made before the component is loaded */
	struct Main_thread : Child::Initial_thread_base
	{
		Target &target;

		Main_thread(Target &target) : target(target) { }

		void start(addr_t ip) override { target.threads[0].server->start(ip, 0); }
		Capability<Cpu_thread> cap() override { return target.threads[0].server->cap(); }
	};
}


struct Target::Startup
{
	Policy      policy;
	Main_thread main;

	Startup(Target &target) : policy(target), main(target) { }
};


Target::Target(Env &env, Allocator &alloc, Timers &timers, Group &group, unsigned index, Xml_node node,
               caplog_ledger *ledger)
:
	env(env), alloc(alloc), timers(timers), group(group), index(index), config(node), ledger(ledger),
	real_ram(config.name.string()), real_pd(config.name.string()),
	real_cpu(config.name.string()),
	ep(&env.pd(), STACK_SIZE, config.name.string(), false),
	ram(new (alloc) Ram(*this)), cpu(new (alloc) Cpu(*this)), pd(new (alloc) Pd(*this)),
	_startup(*new (alloc) Startup(*this))
{
	memset(stub, 0, sizeof(stub));

	real_ram.ref_account(env.ram_session_cap());
	if (env.ram().transfer_quota(real_ram.cap(), config.ram)) {
		error(config.name.string(), ": no quota of ", config.ram, " bytes left");
		throw Refused();
	}
	rm[ADDRESS_SPACE] = new (alloc) Rm(*this, ADDRESS_SPACE, real_pd.address_space());
	rm[STACK_AREA]    = new (alloc) Rm(*this, STACK_AREA,    real_pd.stack_area());
	rm[LINKER_AREA]   = new (alloc) Rm(*this, LINKER_AREA,   real_pd.linker_area());

	ep.manage(ram);
	ep.manage(cpu);
	ep.manage(pd);
	for (unsigned i = 0; i < MAPS; i++)
		ep.manage(rm[i]);
	ping_cap = ep.manage(&pong);
}


static bool dynamically_linked(Env &env, Dataspace_capability elf)
{
	void * const at     = env.rm().attach(elf);
	bool   const result = Elf_binary((addr_t)at).dynamically_linked();

	env.rm().detach(at);
	return result;
}


void Target::start()
{
	uint32_t slot;

	binary_rom = new (alloc) Rom_connection(config.binary.string());
	Dataspace_capability const elf = binary_rom->dataspace();
	give(BINARY_DS, elf, config.binary.string());

	Dataspace_capability ldso;
	if (dynamically_linked(env, elf)) {
		ldso_rom = new (alloc) Rom_connection("ld.lib.so");
		ldso = ldso_rom->dataspace();
		give(BINARY_DS, ldso, "ld.lib.so");
	}

	give(PD,  pd->cap(),  "PD").session = pd;
	give(CPU, cpu->cap(), "CPU").session = cpu;
	give(RAM, ram->cap(), "RAM").session = ram;
	for (unsigned i = 0; i < MAPS; i++)
		give(REGION_MAP, rm[i]->cap(), "region map", i).session = rm[i];

	Thread_info &main = make_thread(config.name.string(), Affinity::Location(),
	                                Cpu_session::Weight(), slot);
	give(THREAD, main.server->cap(), config.name.string(), slot).session = main.server;

	child = new (alloc) Parent_child(*this, elf, ldso, _startup.policy, _startup.main);

	/* the first memory of its own begins with the raw parent capability */
	uint64_t raw = 0;
	for_each([&] (Object &, caplog_object &line) {
		Object *ds = line.kind == REGION ? by_id((uint32_t)line.arg[2]) : nullptr;
		if (!raw && ds && ds->kind == DATASPACE)
			raw = line.arg[0];
	});
	child->object = &give(PARENT, child->parent_cap(), "parent", raw);
	child->object->session = child;

	finished = true;
	ep.activate();
}


void Target::start_empty()
{
	binary_rom = new (alloc) Rom_connection(config.binary.string());
	if (dynamically_linked(env, binary_rom->dataspace()))
		ldso_rom = new (alloc) Rom_connection("ld.lib.so");

	child = new (alloc) Parent_child(*this, Dataspace_capability(), Dataspace_capability(),
	                                 _startup.policy, _startup.main);
}


Target::~Target()
{
	/* first the threads: nobody calls any more */
	for (unsigned i = 0; i < THREADS; i++)
		if (threads[i].state != Thread_info::UNUSED)
			kill_thread(threads[i]);

	ep.dissolve(&pong);
	for (unsigned i = 0; i < MAPS; i++)
		ep.dissolve(rm[i]);
	ep.dissolve(pd);
	ep.dissolve(cpu);
	ep.dissolve(ram);

	while (Object *o = _objects.first()) {
		if (o->kind == ROM || o->kind == TIMER || o->kind == LOG)
			close(*o);
		else if (o->kind == LOG_DS) {
			Ram_dataspace_capability const ds = reinterpret_cap_cast<Ram_dataspace>(o->cap);
			gone(*o);
			env.ram().free(ds);
		} else
			gone(*o);
	}
	while (Service *s = services.first()) {
		services.remove(s);
		destroy(alloc, s);
	}
	if (child)      destroy(alloc, child);
	if (binary_rom) destroy(alloc, binary_rom);
	if (ldso_rom)   destroy(alloc, ldso_rom);
	for (unsigned i = 0; i < MAPS; i++)
		destroy(alloc, rm[i]);
	destroy(alloc, pd);
	destroy(alloc, cpu);
	destroy(alloc, ram);
	destroy(alloc, &_startup);
}


/*
 * Objects
 */

Object &Target::enter(caplog_object &line, Native_capability cap)
{
	/* lines without a capability have badges that core cannot hand out */
	uint32_t const badge = cap.valid() ? (uint32_t)cap.local_name() : 0x80000000 | _pseudo++;

	caplog_ledger_rebadge(ledger, &line, badge);

	if (Object *expected = by_id(line.id))
		return *expected;

	Object *o = new (alloc) Object(line.id, line.kind, cap);
	_objects.insert(o);
	return *o;
}


void Target::expect(caplog_object const &line)
{
	Object *o = new (alloc) Object(line.id, line.kind, Native_capability());

	_objects.insert(o);
	add_region(*o);
}


Object &Target::give(uint32_t kind, Native_capability cap, char const *name,
                     uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	uint64_t const arg[CAPLOG_OBJECT_ARGS] = { a, b, c, d };
	uint32_t const id = caplog_ledger_give(ledger, kind, CAPLOG_NO_BADGE, arg, name);

	if (!id) {
		if (!full)
			error(config.name.string(), ": the ledger is full, so no checkpoint any more");
		full = true;
		_lost.cap = cap;
		return _lost;
	}
	return enter(*caplog_ledger_by_id(ledger, id), cap);
}


Object *Target::by_cap(Native_capability const &cap)
{
	caplog_object *l = cap.valid() ? caplog_ledger_by_badge(ledger, cap.local_name()) : nullptr;

	return l ? by_id(l->id) : nullptr;
}


void Target::gone(Object &o)
{
	if (&o == &_lost)
		return;
	if (o.local)
		env.rm().detach(o.local);

	/* core detaches memory that is freed */
	for (Object *r = regions, *next; r && o.kind == DATASPACE; r = next) {
		next = r->next;
		if ((uint32_t)line(*r).arg[2] == o.id)
			gone(*r);
	}
	for (Object **r = &regions; *r; r = &(*r)->next)
		if (*r == &o) {
			*r = o.next;
			break;
		}
	if (&o == log_ds)
		log_ds = nullptr;

	Object *rom = o.kind == ROM_DS ? by_id((uint32_t)line(o).arg[0]) : nullptr;
	if (rom && rom->session)
		static_cast<Rom *>(rom->session)->ds = nullptr;

	caplog_ledger_drop(ledger, &line(o));
	_objects.remove(&o);
	destroy(alloc, &o);
}


/*
 * Memory
 */

Object *Target::at(uint64_t address, uint64_t size, uint64_t &offset)
{
	Object *r = rm[ADDRESS_SPACE]->region_at(address);

	for (;;) {
		if (!r || r->kind != REGION)
			return nullptr;

		caplog_object const &l = line(*r);
		uint64_t const in = address - l.arg[0];
		Object *ds = by_id((uint32_t)l.arg[2]);

		if (!ds || size > l.arg[1] - in)
			return nullptr;
		offset = (l.arg[3] & ~EXECUTABLE) + in;
		if (ds->kind != REGION_MAP_DS)
			return ds->size >= offset && ds->size - offset >= size ? ds : nullptr;

		/* one of its own region maps, attached as a whole */
		uint64_t const which = line(*ds).arg[0];
		if (which != STACK_AREA && which != LINKER_AREA)
			return nullptr;
		address = offset;
		r = rm[which]->region_at(address);
	}
}


void *Target::map_locally(Object &o)
{
	/* called by way of C code, which no exception may pass */
	try {
		if (!o.local && (o.kind == DATASPACE || o.kind == LOG_DS))
			o.local = env.rm().attach(reinterpret_cap_cast<Dataspace>(o.cap));
	} catch (...) { }
	return o.local;
}


void *Target::memory(uint64_t address, uint64_t size)
{
	uint64_t offset = 0;
	Object *ds = at(address, size, offset);
	char *local = ds ? (char *)map_locally(*ds) : nullptr;

	return local ? local + offset : nullptr;
}


uint64_t Target::address_of(Object const &ds)
{
	for (Object *r = regions; r; r = r->next) {
		caplog_object const &l = line(*r);
		if (r->kind == REGION && (uint32_t)l.arg[2] == ds.id && l.arg[2] >> 32 == ADDRESS_SPACE
		 && !(l.arg[3] & ~EXECUTABLE))
			return l.arg[0];
	}
	return 0;
}


/*
 * Threads
 */

Thread_info *Target::thread_at(uint32_t slot)
{
	unsigned const i = (slot - _flavour.thread_base) / _flavour.thread_stride;

	return caplog_is_thread_slot(&_flavour, slot) && i < THREADS ? &threads[i] : nullptr;
}


Thread_info &Target::make_thread(Cpu_session::Name const &name, Affinity::Location location,
                                 Cpu_session::Weight weight, uint32_t &slot)
{
	Thread_capability const cap =
		with_quota<Cpu_session::Out_of_metadata>(*this, real_cpu.cap(), [&] () {
			return real_cpu.create_thread(real_pd.cap(), name, location, weight); });

	Thread_state const s = Cpu_thread_client(cap).state();

	slot = s.kcap >> _flavour.slot_shift;

	Thread_info *thread = thread_at(slot);
	if (!thread) {
		real_cpu.kill_thread(cap);
		throw Cpu_session::Thread_creation_failed();
	}
	Lock::Guard guard(threads_lock);
	thread->cap    = cap;
	thread->badge  = s.id;
	thread->state  = Thread_info::NEW;
	thread->server = new (alloc) Cpu_thread_server(*this, *thread);
	ep.manage(thread->server);
	return *thread;
}


void Target::kill_thread(Thread_info &thread)
{
	Thread_capability   const cap    = thread.cap;
	Cpu_thread_server * const server = thread.server;
	{
		Lock::Guard guard(threads_lock);
		thread = Thread_info();
	}
	real_cpu.kill_thread(cap);
	ep.dissolve(server);
	destroy(alloc, server);
}


Thread_info *Target::thread_of_gate(Native_capability const &gate)
{
	for (unsigned i = 0; gate.valid() && i < THREADS; i++)
		if (threads[i].state != Thread_info::UNUSED
		 && threads[i].badge == (uint32_t)gate.local_name())
			return &threads[i];
	return nullptr;
}

} /* namespace Caplog */
