/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Foc_native_pd: what it does, and each of its refusals
 */
#include "core.h"

#include <native_pd_component.h>
#include <pd_session_component.h>
#include <pager.h>
#include <signal_source_component.h>

namespace Fiasco {
#include <l4/sys/thread.h>
}

#include <string.h>


Rpc_entrypoint::Rpc_entrypoint(Pd_session *pd, size_t, char const *, bool, Location)
: Thread(0, "ep", 0), _pd_session(*pd) { }

Rpc_entrypoint::~Rpc_entrypoint() { }
void Rpc_entrypoint::entry() { }
void Rpc_entrypoint::_dissolve(Rpc_object_base *obj) { remove(obj); }

Untyped_capability Rpc_entrypoint::_manage(Rpc_object_base *obj)
{
	obj->cap(enter(&hk_gate_create(node, 0, nullptr)->o));
	insert(obj);

	/* it belongs to a session */
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

/*
 * Two PD sessions, a thread and an IRQ object
 */
struct Scene
{
	Rpc_entrypoint &ep   { *new Rpc_entrypoint((Pd_session *)&heap, 0, "", false) };
	Pd             &pd_a { *new Pd(ep) }, &pd_b { *new Pd(ep) };

	Native_pd_component &foc { pd_a.foc() };

	Cpu_thread_component &thread  { made(task_a, pd_a) };
	Cpu_thread_component &foreign { made(task_b, pd_b) };

	hk_irq &irq { *hk_irq_create(node) };

	/* Who made the IRQ object */
	Native_capability const made_irq { enter(&irq.o) };
	struct Source : Signal_source_rpc_object
	{
		explicit Source(Cap_index &entry) : Signal_source_rpc_object(entry) { }

		Signal wait_for_signal() override { return Signal(); }

	} source { *::entry(made_irq) };

	/* of the IRQ object; of another one, which was destroyed; of a gate; of nothing */
	Native_capability const sem { source._request_semaphore() }, gone { enter(&hk_irq_create(node)->o) },
	                        gate { thread.Rpc_object_base::cap() }, nothing { };

	/* of a gate of which core knows neither maker nor thread; of an IRQ object of no source */
	Native_capability const bare_gate { enter(&hk_gate_create(node, 8, nullptr)->o) },
	                        other_irq { enter(&hk_irq_create(node)->o) };

	Thread_capability const thread_cap  { reinterpret_cap_cast<Cpu_thread>(gate) },
	                        foreign_cap { reinterpret_cap_cast<Cpu_thread>(foreign.Rpc_object_base::cap()) },
	                        no_thread   { reinterpret_cap_cast<Cpu_thread>(foc.Rpc_object_base::cap()) };

	Cpu_thread_component &made(hk_task *task, Pd &pd)
	{
		Cpu_thread_component &t = *new Cpu_thread_component(*new Known_thread(task, &pd.platform_pd()));

		ep.manage(&t);
		return t;
	}

	Scene()
	{
		pd_a.platform_pd().task = *task_a_cap;
		pd_b.platform_pd().task = enter(&task_b->o);
		hk_destroy(hk_slot(core_task, slot(gone)));
	}
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
	before.take(&s.irq); \
	check((call) == Foc_native_pd::reason); \
	after.take(&s.irq); \
	check(!::memcmp(&before, &after, sizeof(before))); \
} while (0)

enum : addr_t { A = 0x300000, B = 0x301000, LAST = 0xfff000, FIRST = 0x200000 };


static void test_install(Scene &s)
{
	refused(s.foc.install(s.nothing, A),          INVALID_CAP);
	refused(s.foc.install(s.gone, A),             INVALID_CAP);
	refused(s.foc.install(s.sem, A + 1),          INVALID_SLOT);
	refused(s.foc.install(s.sem, A + 0x800),      INVALID_SLOT);
	refused(s.foc.install(s.sem, 0),              INVALID_SLOT);
	refused(s.foc.install(s.sem, LAST + 0x1000),  INVALID_SLOT);
	refused(s.foc.install(s.sem, ~0UL << 12),     INVALID_SLOT);
	refused(s.foc.install(s.sem, FIRST - 0x1000), CORE_SLOT);
	refused(s.foc.install(s.sem, 0x7000),         CORE_SLOT);
	fails.map = true;
	refused(s.foc.install(s.sem, A),              KERNEL_REFUSED);
	fails.map = false;
	fails.map_silently = true;
	refused(s.foc.install(s.sem, A),              KERNEL_REFUSED);
	fails.map_silently = false;
	check(s.foc.install(s.sem, A)     == Foc_native_pd::DONE);
	check(hk_slot(task_a, 0x300) == &s.irq.o);
	check(s.foc.install(s.sem, FIRST) == Foc_native_pd::DONE);
	check(s.foc.install(s.gate, LAST) == Foc_native_pd::DONE);
	check(!hk_slot(task_b, 0x300));
	refused(s.foc.install(s.sem, A),              OCCUPIED);
	refused(s.foc.install(s.gate, A),             OCCUPIED);
}


/* After test_install */
static void test_compare(Scene &s)
{
	refused(s.foc.compare(s.sem, A + 4),          INVALID_SLOT);
	refused(s.foc.compare(s.sem, LAST + 0x1000),  INVALID_SLOT);
	refused(s.foc.compare(s.sem, B),              EMPTY);
	refused(s.foc.compare(s.nothing, B),          INVALID_CAP);
	refused(s.foc.compare(s.nothing, A),          INVALID_CAP);
	refused(s.foc.compare(s.gate, A),             DIFFERENT);
	refused(s.foc.compare(s.gone, A),             INVALID_CAP);
	fails.map = true;
	refused(s.foc.compare(s.sem, A),              KERNEL_REFUSED);
	fails.map = false;
	refused(s.foc.compare(s.sem, A),              DONE);
	refused(s.foc.compare(s.gate, LAST),          DONE);

	refused(s.foc.occupied(A),                    DONE);
	refused(s.foc.occupied(B),                    EMPTY);
	refused(s.foc.occupied(A + 4),                INVALID_SLOT);
	refused(s.foc.occupied(LAST + 0x1000),        INVALID_SLOT);
}


/* A gate is refused without a message to its server */
static void test_attach(Scene &s)
{
	refused(s.foc.irq_attach(s.nothing, s.thread_cap, 0),            INVALID_CAP);
	refused(s.foc.irq_attach(s.gone, s.thread_cap, 0),               INVALID_CAP);
	refused(s.foc.irq_attach(s.gate, s.thread_cap, 0),               NO_IRQ);
	refused(s.foc.irq_attach(s.thread.platform_thread().cap.local, s.thread_cap, 0), NO_IRQ);
	refused(s.foc.irq_attach(s.pd_a.platform_pd().task, s.thread_cap, 0), NO_IRQ);
	refused(s.foc.irq_attach(s.bare_gate, s.thread_cap, 0),          NO_IRQ);
	refused(s.foc.irq_attach(s.other_irq, s.thread_cap, 0),          NO_IRQ);
	refused(s.foc.irq_attach(s.sem, Thread_capability(), 0),       NO_THREAD);
	refused(s.foc.irq_attach(s.sem, s.no_thread, 0),                 NO_THREAD);
	refused(s.foc.irq_attach(s.sem, s.foreign_cap, 0),               FOREIGN_THREAD);
	fails.irq = true;
	refused(s.foc.irq_attach(s.sem, s.thread_cap, 0),                KERNEL_REFUSED);
	fails.irq = false;
	check(s.foc.irq_attach(s.sem, s.thread_cap, 77) == Foc_native_pd::DONE);
	check(s.irq.thread == ((Known_thread &)s.thread.platform_thread()).object);
	check(s.irq.label == 77);
	refused(s.foc.irq_attach(s.sem, s.thread_cap, 78),               KERNEL_REFUSED);
}


static void test_detach(Scene &s)
{
	refused(s.foc.irq_detach(s.nothing),                 INVALID_CAP);
	refused(s.foc.irq_detach(s.gone),                    INVALID_CAP);
	refused(s.foc.irq_detach(s.gate),                    NO_IRQ);
	refused(s.foc.irq_detach(s.bare_gate),               NO_IRQ);
	refused(s.foc.irq_detach(s.other_irq),               NO_IRQ);
	refused(s.foc.irq_detach(s.pd_a.platform_pd().task), NO_IRQ);
	fails.irq = true;
	refused(s.foc.irq_detach(s.sem),                     KERNEL_REFUSED);
	fails.irq = false;
	check(s.foc.irq_detach(s.sem) == Foc_native_pd::DONE);
	check(!s.irq.thread);
	refused(s.foc.irq_detach(s.sem),                     DONE);
}


void test_native_pd()
{
	Scene &s = *new Scene;

	check(s.foc.task_cap() == s.pd_a.platform_pd().task);
	test_install(s);
	test_compare(s);
	test_attach(s);
	test_detach(s);
}


/* What the kernel says of a thread, and what the pager knows of it */
void test_pause()
{
	Scene &s = *new Scene;
	typedef Foc_native_pd::Stopped Stopped;
	struct Pager : Pager_object { int pager(Ipc_pager &) override { return 0; } } pager;
	check(s.foc.pause(s.thread_cap).state  == Stopped::UNKNOWN);
	s.thread.platform_thread().pager_object = &pager;
	check(s.foc.pause(s.foreign_cap).state == Stopped::UNKNOWN);
	check(s.foc.pause(s.no_thread).state   == Stopped::UNKNOWN);
	check(!pager.state.paused);

	fails.ex_regs = true;
	check(s.foc.pause(s.thread_cap).state == Stopped::UNKNOWN);
	check(!pager.state.paused);
	fails.ex_regs = false;
	ex_regs_flags = 1;
	check(s.foc.pause(s.thread_cap).state == Stopped::LEAVING);
	check(pager.state.paused);
	check(ex_regs_asked == L4_THREAD_EX_REGS_TRIGGER_EXCEPTION);
	ex_regs_flags = 0x200;
	Stopped const blocked = s.foc.pause(s.thread_cap);
	check(blocked.state == Stopped::BLOCKED);
	check(blocked.ip == 0x1234);
	check(blocked.sp == 0x5678);
	check(!ex_regs_asked); /* once is enough */
	pager.state.in_exception = true;
	pager.state.ip = 0x42;
	check(s.foc.pause(s.thread_cap).state == Stopped::EXCEPTION);
	check(s.foc.pause(s.thread_cap).ip == 0x42);
}


/* Of a context, and of nothing else */
void test_pending_signals()
{
	Scene &s = *new Scene;

	Signal_context_component &context = *new Signal_context_component;
	s.ep.manage(&context);
	Signal_context_capability const context_cap =
		reinterpret_cap_cast<Signal_context>(context.Rpc_object_base::cap());
	check(s.foc.pending_signals(context_cap) == 0);
	context.count = 3;
	check(s.foc.pending_signals(context_cap) == 3);
	check(s.foc.pending_signals(reinterpret_cap_cast<Signal_context>(s.gate)) == 0);
	check(s.foc.pending_signals(Signal_context_capability()) == 0);
}
