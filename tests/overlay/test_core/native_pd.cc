/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Foc_native_pd: what it does, and each of its refusals
 */
#include "scene.h"

#include <foc/syscall.h>


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
	check(hk_slot(task_a, A >> CAPLOG_OWN(SLOT_SHIFT)) == &s.irq.o);
	check(s.foc.install(s.sem, FIRST) == Foc_native_pd::DONE);
	check(s.foc.install(s.gate, LAST) == Foc_native_pd::DONE);
	check(!hk_slot(task_b, A >> CAPLOG_OWN(SLOT_SHIFT)));
	refused(s.foc.install(s.sem, A),              OCCUPIED);
	refused(s.foc.install(s.gate, A),             OCCUPIED);
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
	test_attach(s);
	test_detach(s);
}


static Foc_native_pd::Stopped pause(Scene &s, Thread_capability thread)
{
	Foc_native_pd::Threads one = Foc_native_pd::Threads();

	one.badge[0] = (caplog_badge)thread.local_name();
	return s.foc.pause(one).at(0);
}


/* What the kernel says of a thread, and what the pager knows of it */
void test_pause()
{
	Scene &s = *new Scene;
	typedef Foc_native_pd::Stopped Stopped;
	Kept_thread pager;
	check(pause(s, s.thread_cap).state  == Stopped::UNKNOWN);
	s.thread.platform_thread().pager_object = &pager;
	s.foreign.platform_thread().pager_object = &pager;
	check(pause(s, s.foreign_cap).state == Stopped::UNKNOWN);
	check(pause(s, s.no_thread).state   == Stopped::UNKNOWN);
	check(!pager.state.paused);

	/* the kernel would run a thread that was never started */
	unsigned const before = ex_regs_calls;
	check(pause(s, s.thread_cap).state == Stopped::UNKNOWN);
	check(ex_regs_calls == before);
	s.thread.platform_thread().start(nullptr, nullptr);

	fails.ex_regs = true;
	check(pause(s, s.thread_cap).state == Stopped::UNKNOWN);
	check(!pager.state.paused);
	fails.ex_regs = false;
	ex_regs_flags = 1;
	check(pause(s, s.thread_cap).state == Stopped::LEAVING);
	check(pager.state.paused);
	check(ex_regs_asked == L4_THREAD_EX_REGS_TRIGGER_EXCEPTION);
	ex_regs_flags = 0x200;
	Stopped const blocked = pause(s, s.thread_cap);
	check(blocked.state == Stopped::BLOCKED);
	check(blocked.ip == 0x1234);
	check(blocked.sp == 0x5678);
	/* the kernel ignores it while the thread leaves an exception: so each time */
	check(ex_regs_asked == L4_THREAD_EX_REGS_TRIGGER_EXCEPTION);
	pager.state.in_exception = true;
	pager.ip() = 0x42;
	check(pause(s, s.thread_cap).state == Stopped::EXCEPTION);
	check(!ex_regs_asked);
	check(pause(s, s.thread_cap).ip == 0x42);

	/* each answer in the place of its question */
	Foc_native_pd::Threads some = Foc_native_pd::Threads();
	some.badge[1]  = (caplog_badge)s.foreign_cap.local_name();
	some.badge[2]  = (caplog_badge)s.thread_cap.local_name();
	some.badge[3]  = (caplog_badge)s.no_thread.local_name();
	some.badge[Foc_native_pd::THREADS - 1] = some.badge[2];
	Foc_native_pd::Stops const stops = s.foc.pause(some);
	for (unsigned n = 0; n < Foc_native_pd::THREADS; n++) {
		bool const is_thread = some.badge[n] && some.badge[n] == some.badge[2];
		check(stops.at(n).state == (is_thread ? Stopped::EXCEPTION : Stopped::UNKNOWN));
		check(stops.at(n).ip    == (is_thread ? 0x42 : 0));
	}
}
