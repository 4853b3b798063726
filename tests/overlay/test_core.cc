/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's sources of the overlay: badges and gates, Foc_native_pd, the pager
 *
 * System calls of core act on the hosted kernel's objects, from outside of its
 * threads: core has a capability space, so have two components. A refusal is
 * seen by its number, and by that nothing at all changed.
 *
 * The pager is told its messages one after the other, and what it does is
 * written down. Platform_thread's pause and resume are Genode's own; here they
 * are what they do to the pager: a flag, and a message.
 */
#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/kernel_entry.h>
#include <base/internal/native_utcb.h>
#include <foc/native_capability.h>

#include <cpu_thread_component.h>
#include <native_pd_component.h>
#include <pager.h>
#include <pd_session_component.h>
#include <platform.h>
#include <signal_source_component.h>

namespace Fiasco {
#include <l4/sys/debugger.h>
#include <l4/sys/factory.h>
#include <l4/sys/irq.h>
#include <l4/sys/task.h>
#include <l4/sys/thread.h>
}

#include "t_space.h"

extern "C" {
#include "../hosted/kernel.h"
}

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

using namespace Genode;
using namespace Fiasco;

#define check(condition) \
	do { if (!(condition)) fail(__LINE__, #condition); } while (0)

static void fail(int line, char const *what)
{
	fprintf(stderr, "%s:%d: %s\n", __FILE__, line, what);
	_Exit(1);
}


/************
 ** Kernel **
 ************/

static hk_node *node;
static hk_task *core_task, *task_a, *task_b;

static bool     map_fails, map_does_nothing, gate_fails, irq_fails;
static unsigned destroyed, named;

static hk_task *task_of(l4_cap_idx_t task)
{
	hk_object *o = task == L4_BASE_TASK_CAP ? &core_task->o : hk_slot(core_task, task >> L4_CAP_SHIFT);

	check(o);
	check(o->type == HK_TASK);
	return (hk_task *)o;
}

static hk_object *core_slot(l4_cap_idx_t kcap) { return hk_slot(core_task, kcap >> L4_CAP_SHIFT); }

static l4_msgtag_t result(long label) { return l4_msgtag(label, 0, 0, 0); }

static l4_msgtag_t const FAILED = l4_msgtag(0, 0, 0, L4_MSGTAG_ERROR);

/*
 * The object of an IRQ's slot
 *
 * A message to a gate would wait for its server for ever, and a thread has
 * functions of its own under the same numbers.
 */
static hk_irq *irq_of(l4_cap_idx_t kcap)
{
	hk_object *o = core_slot(kcap);

	check(o);
	check(o->type != HK_GATE);
	check(o->type != HK_THREAD);
	return o->type == HK_IRQ ? (hk_irq *)o : nullptr;
}

namespace Fiasco {

	l4_msgtag_t l4_task_cap_valid(l4_cap_idx_t task, l4_cap_idx_t cap) {
		return result(hk_slot(task_of(task), cap >> L4_CAP_SHIFT) != nullptr); }

	l4_msgtag_t l4_task_cap_equal(l4_cap_idx_t task, l4_cap_idx_t a, l4_cap_idx_t b)
	{
		hk_object *o = hk_slot(task_of(task), a >> L4_CAP_SHIFT);
		return result(o && o == hk_slot(task_of(task), b >> L4_CAP_SHIFT));
	}

	l4_msgtag_t l4_task_map(l4_cap_idx_t dst, l4_cap_idx_t src, l4_fpage_t page, l4_addr_t base)
	{
		check(src == L4_BASE_TASK_CAP);
		check((base & 0xfff) == L4_ITEM_MAP);
		if (map_fails)
			return FAILED;
		if (!map_does_nothing)
			hk_map(task_of(dst), base >> L4_CAP_SHIFT, core_slot(page.raw));
		return result(0);
	}

	l4_msgtag_t l4_task_unmap(l4_cap_idx_t task, l4_fpage_t page, l4_umword_t mask)
	{
		uint32_t  const slot = page.raw >> L4_CAP_SHIFT;
		hk_object *const o   = hk_slot(task_of(task), slot);

		if (o && (mask & L4_FP_DELETE_OBJ) == L4_FP_DELETE_OBJ) {
			hk_destroy(o);
			destroyed++;
		}
		hk_map(task_of(task), slot, nullptr);
		return result(0);
	}

	l4_msgtag_t l4_irq_attach(l4_cap_idx_t kcap, l4_umword_t label, l4_cap_idx_t thread)
	{
		hk_irq * const irq = irq_of(kcap);
		if (!irq)
			return result(-L4_EBADPROTO);

		check(core_slot(thread));
		check(core_slot(thread)->type == HK_THREAD);
		return result(irq_fails ? -12 : hk_irq_attach(irq, (hk_thread *)core_slot(thread), label));
	}

	l4_msgtag_t l4_irq_detach(l4_cap_idx_t kcap)
	{
		hk_irq * const irq = irq_of(kcap);
		if (!irq)
			return result(-L4_EBADPROTO);
		if (irq_fails)
			return result(-12);

		irq->thread = nullptr;
		return result(0);
	}

	l4_msgtag_t l4_factory_create_gate(l4_cap_idx_t factory, l4_cap_idx_t at, l4_cap_idx_t thread,
	                                   l4_umword_t label)
	{
		check(factory == L4_BASE_FACTORY_CAP);
		check(core_slot(thread));
		check(core_slot(thread)->type == HK_THREAD);
		if (gate_fails)
			return FAILED;
		hk_map(core_task, at >> L4_CAP_SHIFT,
		       &hk_gate_create(node, label, (hk_thread *)core_slot(thread))->o);
		return result(0);
	}

	void l4_debugger_set_object_name(unsigned long, char const *name) { named += !strcmp(name, "thread"); }

	long l4_error(l4_msgtag_t tag) { return l4_msgtag_label(tag); }

	/* What the kernel says of a thread, and what it was told last */
	static l4_umword_t ex_regs_flags, ex_regs_told;
	static bool        ex_regs_fails;

	l4_msgtag_t l4_thread_ex_regs_ret(l4_cap_idx_t thread, l4_addr_t *ip, l4_addr_t *sp,
	                                  l4_umword_t *flags)
	{
		check(core_slot(thread));
		check(core_slot(thread)->type == HK_THREAD);
		check(*ip == ~0UL);
		check(*sp == ~0UL);
		ex_regs_told = *flags;
		if (ex_regs_fails)
			return result(-22);
		*ip    = 0x1234;
		*sp    = 0x5678;
		*flags = ex_regs_flags;
		return result(0);
	}

	/* One thread, for which nothing is worth waiting */
	static void blocks() { check(!"core blocks"); }

	l4_msgtag_t    l4_irq_trigger(l4_cap_idx_t)   { blocks(); return FAILED; }
	l4_msgtag_t    l4_thread_yield()              { blocks(); return FAILED; }
	l4_msg_regs_t *l4_utcb_mr()                   { static l4_msg_regs_t mr; return &mr; }
}

extern "C" unsigned long caplog_kernel_entry(unsigned long, unsigned long, unsigned long,
                                             unsigned long *, ::uint32_t *) { blocks(); return 0; }


/**************************
 ** What core has besides **
 **************************/

static unsigned asserts;

extern "C" void genode_api_assert(char const *) { asserts++; }

void Native_capability::_inc() { if (_data) _data->inc(); }
void Native_capability::_dec() { if (_data && !_data->dec()) cap_map()->remove(_data); }

bool Native_capability::valid()      const { return _data && _data->valid(); }
long Native_capability::local_name() const { return _data ? _data->id() : 0; }

Receive_window::~Receive_window() { }

Thread::Thread(size_t, char const *, size_t, Location) { }
Thread::~Thread() { }
void    Thread::start() { }
Thread *Thread::myself() { return nullptr; }

Native_thread &Thread::native_thread() { static Native_thread &n = *new Native_thread; return n; }

struct Heap : Allocator
{
	unsigned blocks = 0;

	bool alloc(size_t size, void **out) override { blocks++; *out = malloc(size); return true; }
	void free(void *at, size_t) override         { blocks--; ::free(at); }
};

static Heap heap;

Platform *Genode::platform_specific() { static Platform p; return &p; }

Cap_id_allocator *Platform::cap_id_alloc()
{
	static Cap_id_allocator &badges = *new Cap_id_allocator(&heap);
	return &badges;
}

/* An object of the kernel, as core makes it */
static Native_capability enter(hk_object *o)
{
	Cap_index *i = cap_map()->insert(platform_specific()->cap_id_alloc()->alloc());

	hk_map(core_task, i->kcap() >> L4_CAP_SHIFT, o);
	return Native_capability(*i);
}

static uint32_t slot(Native_capability const &cap) { return cap.data()->kcap() >> L4_CAP_SHIFT; }

static Core_cap_index *entry(Native_capability const &cap) { return (Core_cap_index *)cap.data(); }

/* A thread of a component: its platform thread is known by its capability */
struct Known_thread : Platform_thread
{
	hk_thread *object;

	Known_thread(hk_task *task, Platform_pd *owner)
	: Platform_thread(enter(&hk_thread_create(task)->o)), object((hk_thread *)core_slot(cap.local.data()->kcap()))
	{
		pd = owner;
		entry(cap.local)->pt(this);
	}
};


/* With its last reference the task would go */
static Native_capability *task_a_cap;


/**********************
 ** Badges and gates **
 **********************/

/*
 * Badges that are left: all are taken, and given back
 *
 * \param with_none  what to do while there is none
 */
template <typename FN> static unsigned left(FN const &with_none)
{
	static unsigned long taken[0x10000];
	Cap_id_allocator &badges = *platform_specific()->cap_id_alloc();
	unsigned n = 0;

	try {
		for (;; n++) {
			taken[n] = badges.alloc();
			check(taken[n]);
			check(taken[n] % 4 == 0);
			check(taken[n] < 0x10000);
		}
	} catch (Cap_id_allocator::Out_of_ids) { }
	with_none();
	for (unsigned i = 0; i < n; i++)
		badges.free(taken[i]);
	return n;
}

static unsigned left() { return left([] () { }); }

static void test_badges()
{
	Cap_id_allocator &badges = *new Cap_id_allocator(&heap);
	static bool used[0x4000];

	/* in turn: one that was freed comes again when all others came */
	unsigned long const first = badges.alloc();
	badges.free(first);
	badges.free(first);
	for (unsigned i = 0; i < 0x3ffe; i++) {
		unsigned long const badge = badges.alloc();
		check(badge);
		check(badge % 4 == 0);
		check(badge < 0x10000);
		check(badge != first);
		check(!used[badge/4]);
		used[badge/4] = true;
	}
	check(badges.alloc() == first);

	bool none = false;
	try { badges.alloc(); } catch (Cap_id_allocator::Out_of_ids) { none = true; }
	check(none);

	/* no badges */
	badges.free(0);
	badges.free(0x10000);
	badges.free(~0UL);
	none = false;
	try { badges.alloc(); } catch (Cap_id_allocator::Out_of_ids) { none = true; }
	check(none);
	badges.free(0x8004);
	check(badges.alloc() == 0x8004);
}

static void test_gates()
{
	Known_thread     thread(task_a, nullptr);
	Rpc_cap_factory &factory = *new Rpc_cap_factory(heap), other(heap);
	uint32_t const   before  = t_used();
	unsigned const   badges  = left();

	/* not a thread: nothing; an IRQ object, and its entry, are none */
	check(!factory.alloc(Native_capability()).valid());
	{
		Native_capability const irq = enter(&hk_irq_create(node)->o);
		check(!factory.alloc(irq).valid());
	}
	check(t_used() == before);
	check(heap.blocks == 0);
	check(left() == badges);

	/* the kernel fails, or there is no badge left: nothing is kept */
	gate_fails = true;
	check(!factory.alloc(thread.cap.local).valid());
	gate_fails = false;
	left([&] () { check(!factory.alloc(thread.cap.local).valid()); });
	check(t_used() == before);
	check(heap.blocks == 0);
	check(named == 0);
	check(left() == badges);

	/* a gate: for the thread, with the badge as its label */
	Native_capability gate = factory.alloc(thread.cap.local);
	hk_gate * const object = (hk_gate *)hk_slot(core_task, slot(gate));
	check(object->o.type == HK_GATE);
	check(left() == badges - 1);
	check(object->thread == thread.object);
	check(object->label == (unsigned long)gate.local_name());
	check(entry(gate)->session() == (Pd_session_component *)&factory);
	check(entry(gate)->pt() == &thread);
	check(heap.blocks == 1);
	check(named == 1);

	/* a gate is as good as its thread */
	Native_capability second = factory.alloc(gate);
	check(((hk_gate *)hk_slot(core_task, slot(second)))->thread == thread.object);

	/* mapped to a component, nowhere, and not at all */
	Native_capability const task = *task_a_cap;
	Cap_mapping mapping(gate, 0x300000), invalid(gate), none(false, 0x301000), made(true, 0x302000);
	mapping.map(task.data()->kcap());
	invalid.map(task.data()->kcap());
	none.map(task.data()->kcap());
	check(hk_slot(task_a, 0x300) == &object->o);
	check(!hk_slot(task_a, 0x301));
	check(made.local.valid());
	check(made.local.local_name() != gate.local_name());
	map_fails = true;
	made.map(task.data()->kcap());
	map_fails = false;
	check(!hk_slot(task_a, 0x302));

	/* nobody frees what another made */
	other.free(gate);
	factory.free(Native_capability());
	check(heap.blocks == 2);

	/* freed: with the last reference it is gone in all protection domains, and the badge free */
	mapping.local = invalid.local = Native_capability();
	factory.free(gate);
	check(heap.blocks == 1);
	check(hk_slot(task_a, 0x300));
	factory.free(gate);
	check(heap.blocks == 1);
	unsigned const last = left();
	destroyed = 0;
	gate = Native_capability();
	check(destroyed == 1);
	check(!hk_slot(task_a, 0x300));
	check(left() == last + 1);
	gate = factory.alloc(thread.cap.local);
	check(gate.valid());

	/* those that are left go with the factory */
	destroyed = 0;
	gate = second = Native_capability();
	check(destroyed == 0);
	check(heap.blocks == 2);
	factory.~Rpc_cap_factory();
	check(destroyed == 2);
	check(heap.blocks == 0);

	/* an entry whose badge another has now takes nothing with it */
	Native_capability young = enter(&hk_irq_create(node)->o);
	{
		Native_capability old = enter(&hk_irq_create(node)->o);
		hk_map(core_task, slot(old), nullptr);
		cap_map()->insert(old.local_name(), 0x3ff000);
		hk_map(core_task, 0x3ff, hk_slot(core_task, slot(young)));
	}
	check(destroyed == 2);
	check(hk_slot(core_task, 0x3ff));
}

/* Core's slots are many, but they end */
static void test_slots()
{
	Known_thread    thread(task_a, nullptr);
	Rpc_cap_factory factory(heap);
	unsigned const  badges = left();
	unsigned id = 40000;

	while (cap_map()->insert(id++));
	check(id > 40000 + 9000);
	check(!factory.alloc(thread.cap.local).valid());
	check(heap.blocks == 0);
	check(left() == badges);
}


/*******************
 ** Foc_native_pd **
 *******************/

Rpc_entrypoint::Rpc_entrypoint(Pd_session *pd, size_t, char const *, bool, Location)
: Thread(0, "ep", 0), _pd_session(*pd) { }

Rpc_entrypoint::~Rpc_entrypoint() { }
void Rpc_entrypoint::entry() { }
void Rpc_entrypoint::_dissolve(Rpc_object_base *obj) { remove(obj); }

Untyped_capability Rpc_entrypoint::_manage(Rpc_object_base *obj)
{
	obj->cap(enter(&hk_gate_create(node, 0, nullptr)->o));
	insert(obj);

	/* somebody made it */
	::entry(obj->Object_pool<Rpc_object_base>::Entry::cap())->session((Pd_session_component *)this);
	return obj->cap();
}

struct Pd : Pd_session_component
{
	explicit Pd(Rpc_entrypoint &ep) : Pd_session_component(ep, "") { }

	void assign_parent(Genode::Capability<Parent>) override { }
	bool assign_pci(addr_t, uint16_t) override { return false; }
	Signal_source_capability alloc_signal_source() override { return Signal_source_capability(); }
	void free_signal_source(Signal_source_capability) override { }
	Signal_context_capability alloc_context(Signal_source_capability, unsigned long) override {
		return Signal_context_capability(); }
	void free_context(Signal_context_capability) override { }
	void submit(Signal_context_capability, unsigned) override { }
	Native_capability alloc_rpc_cap(Native_capability) override { return Native_capability(); }
	void free_rpc_cap(Native_capability) override { }
	Genode::Capability<Region_map> address_space() override { return Genode::Capability<Region_map>(); }
	Genode::Capability<Region_map> stack_area()    override { return Genode::Capability<Region_map>(); }
	Genode::Capability<Region_map> linker_area()   override { return Genode::Capability<Region_map>(); }
	Genode::Capability<Native_pd>  native_pd()     override { return Genode::Capability<Native_pd>(); }
};

/* All that a request could change */
struct Snapshot
{
	hk_object *a[HK_SLOTS], *b[HK_SLOTS], *core[HK_SLOTS];
	hk_thread *attached;
	::uint64_t label;

	void take(hk_irq *irq)
	{
		::memcpy(a,    task_a->cap,    sizeof(a));
		::memcpy(b,    task_b->cap,    sizeof(b));
		::memcpy(core, core_task->cap, sizeof(core));
		attached = irq->thread;
		label    = irq->label;
	}
};

#define refused(call, reason) do { \
	static Snapshot before, after; \
	before.take(irq); \
	check((call) == Foc_native_pd::reason); \
	after.take(irq); \
	check(!::memcmp(&before, &after, sizeof(before))); \
} while (0)

static void test_native_pd()
{
	Rpc_entrypoint &ep = *new Rpc_entrypoint((Pd_session *)&heap, 0, "", false);
	Pd &pd_a = *new Pd(ep), &pd_b = *new Pd(ep);

	pd_a.platform_pd().task = *task_a_cap;
	pd_b.platform_pd().task = enter(&task_b->o);
	Native_pd_component &foc = pd_a.foc();
	check(foc.task_cap() == pd_a.platform_pd().task);

	Cpu_thread_component &thread  = *new Cpu_thread_component(*new Known_thread(task_a, &pd_a.platform_pd()));
	Cpu_thread_component &foreign = *new Cpu_thread_component(*new Known_thread(task_b, &pd_b.platform_pd()));
	ep.manage(&thread);
	ep.manage(&foreign);
	Thread_capability const thread_cap  = reinterpret_cap_cast<Cpu_thread>(thread.Rpc_object_base::cap());
	Thread_capability const foreign_cap = reinterpret_cap_cast<Cpu_thread>(foreign.Rpc_object_base::cap());
	Thread_capability const no_thread   = reinterpret_cap_cast<Cpu_thread>(foc.Rpc_object_base::cap());

	hk_irq * const irq = hk_irq_create(node);
	Native_capability const sem = enter(&irq->o), gate = thread_cap, nothing;
	Native_capability const gone = enter(&hk_irq_create(node)->o);
	hk_destroy(hk_slot(core_task, slot(gone)));

	enum : addr_t { A = 0x300000, B = 0x301000, LAST = 0xfff000, FIRST = 0x200000 };

	/* install */
	refused(foc.install(nothing, A),          INVALID_CAP);
	refused(foc.install(gone, A),             INVALID_CAP);
	refused(foc.install(sem, A + 1),          INVALID_SLOT);
	refused(foc.install(sem, A + 0x800),      INVALID_SLOT);
	refused(foc.install(sem, 0),              INVALID_SLOT);
	refused(foc.install(sem, LAST + 0x1000),  INVALID_SLOT);
	refused(foc.install(sem, ~0UL << 12),     INVALID_SLOT);
	refused(foc.install(sem, FIRST - 0x1000), CORE_SLOT);
	refused(foc.install(sem, 0x7000),         CORE_SLOT);
	map_fails = true;
	refused(foc.install(sem, A),              KERNEL_REFUSED);
	map_fails = false;
	map_does_nothing = true;
	refused(foc.install(sem, A),              KERNEL_REFUSED);
	map_does_nothing = false;
	check(foc.install(sem, A)     == Foc_native_pd::DONE);
	check(hk_slot(task_a, 0x300) == &irq->o);
	check(foc.install(sem, FIRST) == Foc_native_pd::DONE);
	check(foc.install(gate, LAST) == Foc_native_pd::DONE);
	check(!hk_slot(task_b, 0x300));
	refused(foc.install(sem, A),              OCCUPIED);
	refused(foc.install(gate, A),             OCCUPIED);

	/* compare */
	refused(foc.compare(sem, A + 4),          INVALID_SLOT);
	refused(foc.compare(sem, LAST + 0x1000),  INVALID_SLOT);
	refused(foc.compare(sem, B),              EMPTY);
	refused(foc.compare(nothing, B),          EMPTY);
	refused(foc.compare(gate, A),             DIFFERENT);
	refused(foc.compare(gone, A),             DIFFERENT);
	map_fails = true;
	refused(foc.compare(sem, A),              KERNEL_REFUSED);
	map_fails = false;
	refused(foc.compare(sem, A),              DONE);
	refused(foc.compare(nothing, A),          DONE);
	refused(foc.compare(gate, LAST),          DONE);

	/* attach; the argument of a gate is refused without a message to its server */
	refused(foc.irq_attach(nothing, thread_cap, 0),            INVALID_CAP);
	refused(foc.irq_attach(gone, thread_cap, 0),               INVALID_CAP);
	refused(foc.irq_attach(gate, thread_cap, 0),               NO_IRQ);
	refused(foc.irq_attach(thread.platform_thread().cap.local, thread_cap, 0), NO_IRQ);
	refused(foc.irq_attach(pd_a.platform_pd().task, thread_cap, 0), NO_IRQ);
	refused(foc.irq_attach(sem, Thread_capability(), 0),       NO_THREAD);
	refused(foc.irq_attach(sem, no_thread, 0),                 NO_THREAD);
	refused(foc.irq_attach(sem, foreign_cap, 0),               FOREIGN_THREAD);
	irq_fails = true;
	refused(foc.irq_attach(sem, thread_cap, 0),                KERNEL_REFUSED);
	irq_fails = false;
	check(foc.irq_attach(sem, thread_cap, 77) == Foc_native_pd::DONE);
	check(irq->thread == ((Known_thread &)thread.platform_thread()).object);
	check(irq->label == 77);
	refused(foc.irq_attach(sem, thread_cap, 78),               KERNEL_REFUSED);

	/* detach */
	refused(foc.irq_detach(nothing),                 INVALID_CAP);
	refused(foc.irq_detach(gone),                    INVALID_CAP);
	refused(foc.irq_detach(gate),                    NO_IRQ);
	refused(foc.irq_detach(pd_a.platform_pd().task), NO_IRQ);
	irq_fails = true;
	refused(foc.irq_detach(sem),                     KERNEL_REFUSED);
	irq_fails = false;
	check(foc.irq_detach(sem) == Foc_native_pd::DONE);
	check(!irq->thread);
	refused(foc.irq_detach(sem),                     DONE);

	/* pause: what the kernel says, and what the pager knows */
	typedef Foc_native_pd::Stopped Stopped;
	struct Pager : Pager_object { int pager(Ipc_pager &) override { return 0; } } pager;
	check(foc.pause(thread_cap).state  == Stopped::UNKNOWN);
	thread.platform_thread().pager_object = &pager;
	check(foc.pause(foreign_cap).state == Stopped::UNKNOWN);
	check(foc.pause(no_thread).state   == Stopped::UNKNOWN);
	check(!pager.state.paused);

	ex_regs_fails = true;
	check(foc.pause(thread_cap).state == Stopped::UNKNOWN);
	check(!pager.state.paused);
	ex_regs_fails = false;
	ex_regs_flags = 1;
	check(foc.pause(thread_cap).state == Stopped::LEAVING);
	check(pager.state.paused);
	check(ex_regs_told == L4_THREAD_EX_REGS_TRIGGER_EXCEPTION);
	ex_regs_flags = 0x200;
	Stopped const blocked = foc.pause(thread_cap);
	check(blocked.state == Stopped::BLOCKED);
	check(blocked.ip == 0x1234);
	check(blocked.sp == 0x5678);
	check(!ex_regs_told); /* once is enough */
	pager.state.in_exception = true;
	pager.state.ip = 0x42;
	check(foc.pause(thread_cap).state == Stopped::EXCEPTION);
	check(foc.pause(thread_cap).ip == 0x42);

	/* pending signals: of a context, and of nothing else */
	Signal_context_component &context = *new Signal_context_component;
	ep.manage(&context);
	Signal_context_capability const context_cap =
		reinterpret_cap_cast<Signal_context>(context.Rpc_object_base::cap());
	check(foc.pending_signals(context_cap) == 0);
	context.count = 3;
	check(foc.pending_signals(context_cap) == 3);
	check(foc.pending_signals(reinterpret_cap_cast<Signal_context>(gate)) == 0);
	check(foc.pending_signals(Signal_context_capability()) == 0);
}


/***********
 ** Pager **
 ***********/

enum { CALLER = -1 };

struct End { };

struct Pager_message { Ipc_pager::Msg_type type; unsigned long badge, ip; addr_t regs; };

static struct Faulter : Pager_object
{
	int      unresolvable = 0;
	unsigned signals = 0;

	int pager(Ipc_pager &) override { return unresolvable; }
} *faulter;

static Pager_message const *script;
static Pager_message        message;
static unsigned             script_left;
static long                 destination;
static addr_t               regs;
static char                 acts[256]; /* what the pager did, a letter each */

static void act(char const *what) { check(strlen(acts) + strlen(what) < sizeof(acts)); strcat(acts, what); }

static void next_message()
{
	if (!script_left--)
		throw End();
	message = *script++;
	regs    = message.regs;
}

static char const *to() { return destination == CALLER ? "caller " : destination == 0x55 ? "thread " : "nobody "; }

void Ipc_pager::wait_for_fault() { next_message(); }

void Ipc_pager::reply_and_wait_for_fault()
{
	act("page:");
	act(to());
	next_message();
}

addr_t              Ipc_pager::fault_ip()   { return message.ip; }
addr_t              Ipc_pager::fault_addr() { return 0; }
unsigned long       Ipc_pager::badge()      { return message.badge; }
Ipc_pager::Msg_type Ipc_pager::msg_type()   { return message.type; }

void Ipc_pager::set_reply_dst(Native_thread t) { destination = t.kcap ? (long)t.kcap : (long)CALLER; }
void Ipc_pager::acknowledge_wakeup()           { act("ack:"); act(to()); }

void Ipc_pager::acknowledge_exception()
{
	/* whose turn it is must not meet a state that is still in use */
	check(!faulter->state.in_exception);
	faulter->state.lock.lock();
	faulter->state.lock.unlock();
	act(regs == 0x1234 ? "regs:" : "wrong regs:");
	act(to());
}

void Ipc_pager::get_regs(Thread_state *s) { s->utcb = regs; }
void Ipc_pager::set_regs(Thread_state s)  { regs = s.utcb; }

unsigned long Pager_object::badge() const { return 0x55; }

void Pager_object::submit_exception_signal()
{
	/* the handler may look at the thread at once */
	check(state.in_exception);
	state.lock.lock();
	state.lock.unlock();
	act("signal ");
}

Pager_entrypoint::Pager_entrypoint(Rpc_cap_factory &f, Thread_capability thread)
: Thread(0, "pager", 0), _cap_factory(f) { _thread_cap = thread; }

/* What the pager does for these messages */
template <unsigned N> static bool pager_does(Pager_entrypoint &ep, Pager_message const (&m)[N], char const *what)
{
	script      = m;
	script_left = N;
	acts[0]     = 0;
	regs        = 0;
	destination = 0;
	try { ep.entry(); } catch (End) { }
	if (strcmp(acts, what))
		fprintf(stderr, "did '%s', not '%s'\n", acts, what);
	return !strcmp(acts, what);
}

static void test_pager()
{
	Rpc_cap_factory  &factory = *new Rpc_cap_factory(heap);
	Known_thread     &thread  = *new Known_thread(task_b, nullptr);
	Pager_entrypoint &ep = *new Pager_entrypoint(factory, reinterpret_cap_cast<Cpu_thread>(thread.cap.local));
	Thread_state     &state = (faulter = new Faulter)->state;
	unsigned const    blocks = heap.blocks;

	/* its capability is a gate to the pager's thread */
	Pager_capability gate = ep.manage(faulter);
	unsigned long const badge = gate.local_name();
	check(((hk_gate *)hk_slot(core_task, slot(gate)))->thread == thread.object);

	Pager_message const fault     = { Ipc_pager::PAGEFAULT, badge, 0x400, 0 },
	                    exception = { Ipc_pager::EXCEPTION, badge, 0x400, 0x1234 },
	                    pause     = { Ipc_pager::PAUSE,     badge, 0x400, 0x1234 },
	                    resume    = { Ipc_pager::WAKE_UP,   badge, 0, 0x9999 },
	                    wake_up   = { Ipc_pager::WAKE_UP,   badge, (unsigned long)faulter, 0x1234 },
	                    stranger  = { Ipc_pager::PAGEFAULT, badge + 4, 0x400, 0 };

	/* faults: answered with a page, or not at all until the region map has one */
	{ Pager_message const m[] = { fault, fault }; check(pager_does(ep, m, "page:thread page:thread ")); }
	faulter->unresolvable = 1;
	{ Pager_message const m[] = { fault, stranger }; check(pager_does(ep, m, "")); }
	state.utcb = 0x1234;
	{ Pager_message const m[] = { wake_up }; check(pager_does(ep, m, "regs:thread ack:caller ")); }

	/* a thread that is not in an exception is not answered when it is resumed */
	{ Pager_message const m[] = { resume, fault, resume }; check(pager_does(ep, m, "ack:caller ack:caller ")); }
	faulter->unresolvable = 0;
	check(state.exceptions == 0);
	check(!state.in_exception);

	/* an exception lasts until the thread is resumed, with what its registers are then */
	{ Pager_message const m[] = { exception }; check(pager_does(ep, m, "signal ")); }
	check(state.exceptions == 1);
	check(state.in_exception);
	check(state.utcb == 0x1234);
	{ Pager_message const m[] = { resume, resume }; check(pager_does(ep, m, "regs:thread ack:caller ack:caller ")); }
	check(!state.in_exception);

	/* paused: the same, but for the signal */
	state.paused = true;
	{ Pager_message const m[] = { pause }; check(pager_does(ep, m, "")); }
	check(state.exceptions == 2);
	check(state.in_exception);
	state.paused = false;
	{ Pager_message const m[] = { resume }; check(pager_does(ep, m, "regs:thread ack:caller ")); }
	check(!state.in_exception);

	/* resumed before it stopped: it goes on, without the page of the last fault */
	{ Pager_message const m[] = { fault, resume, pause, resume };
	  check(pager_does(ep, m, "page:thread ack:caller regs:thread ack:caller ")); }
	check(state.exceptions == 3);
	check(!state.in_exception);

	/* gone: its messages are nobody's, and its gate is destroyed */
	check(heap.blocks == blocks + 1);
	ep.dissolve(faulter);
	{ Pager_message const m[] = { fault, exception, pause, resume, wake_up }; check(pager_does(ep, m, "")); }
	faulter->cap(Native_capability());
	destroyed = 0;
	gate = Pager_capability();
	check(destroyed == 1);
	check(heap.blocks == blocks);
}


int main()
{
	node      = hk_node_create(1, 1 << 20);
	core_task = hk_task_create(node);
	task_a    = hk_task_create(node);
	task_b    = hk_task_create(node);
	cap_idx_alloc();
	task_a_cap = new Native_capability(enter(&task_a->o));

	test_badges();
	test_gates();
	test_native_pd();
	test_pager();
	check(asserts == 0);
	test_slots();
	printf("5 tests\n");
	fflush(stdout);
	_Exit(0);
}
