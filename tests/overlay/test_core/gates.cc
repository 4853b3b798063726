/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Badges, gates, mappings, and the end of core's slots
 */
#include "core.h"


void test_gates()
{
	Known_thread     thread(task_a, nullptr);
	Rpc_cap_factory &factory = *new Rpc_cap_factory(heap), other(heap);
	uint32_t const   before  = t_used();
	unsigned const   badges  = badges_used();

	/* not a thread: nothing; an IRQ object and its entry are no threads */
	check(!gate_of(factory, Native_capability()).valid());
	{
		Native_capability const irq = enter(&hk_irq_create(node)->o);
		check(!gate_of(factory, irq).valid());
	}
	check(t_used() == before);
	check(heap.blocks == 0);
	check(badges_used() == badges);

	/* the kernel fails: nothing is kept */
	fails.gate = true;
	check(!gate_of(factory, thread.cap.local).valid());
	fails.gate = false;
	check(t_used() == before);
	check(heap.blocks == 0);
	check(named == 0);
	check(badges_used() == badges);

	/* a gate: for the thread, with the badge as its label */
	Native_capability gate = gate_of(factory, thread.cap.local);
	hk_gate * const object = (hk_gate *)hk_slot(core_task, slot(gate));
	check(object->o.type == HK_GATE);
	check(badges_used() == badges + 1);
	check(object->thread == thread.object);
	check(object->label == (unsigned long)gate.local_name());
	check(entry(gate)->session() == (Pd_session_component *)&factory);
	check(entry(gate)->pt() == &thread);
	check(heap.blocks == 1);
	check(named == 1);

	/* a gate is as good as its thread */
	Native_capability second = gate_of(factory, gate);
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
	fails.map = true;
	made.map(task.data()->kcap());
	fails.map = false;
	check(!hk_slot(task_a, 0x302));

	/* an entrypoint cannot free what another one allocated */
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
	unsigned const last = badges_used();
	destroyed = 0;
	gate = Native_capability();
	check(destroyed == 1);
	check(!hk_slot(task_a, 0x300));
	check(badges_used() == last - 1);
	gate = gate_of(factory, thread.cap.local);
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
		the(cap_map()).insert((unsigned long)old.local_name(), 0x3ff000);
		hk_map(core_task, 0x3ff, hk_slot(core_task, slot(young)));
	}
	check(destroyed == 2);
	check(hk_slot(core_task, 0x3ff));
}

/* Somebody in core holds capabilities of a thread and of its gates when it ends */
void test_gates_of_the_dead()
{
	Known_thread      &thread = *new Known_thread(task_a, nullptr), living(task_a, nullptr);
	Rpc_cap_factory    factory(heap);
	Native_capability  gate   = gate_of(factory, thread.cap.local), old = thread.own_gate,
	                   object = thread.cap.local, second = gate_of(factory, gate);

	check(gate.valid());
	check(second.valid());
	factory.free(second);
	check(gate_of(factory, gate).valid());

	delete &thread;
	check(!entry(gate)->pt());
	check(!gate_of(factory, gate).valid());
	check(!gate_of(factory, old).valid());
	check(!gate_of(factory, object).valid());
	check(gate_of(factory, living.cap.local).valid());
	check(gate_of(factory, living.own_gate).valid());
}

/*
 * A thread that core takes away runs once more and faults, and its own gate is
 * where the fault goes: the gate ends after it, and is not left behind
 */
void test_gate_of_a_thread()
{
	unsigned const badges = badges_used();
	uint32_t const before = t_used();

	Known_thread      &thread = *new Known_thread(task_a, nullptr);
	Native_capability  object = thread.cap.local;
	uint32_t const     gate   = slot(thread.own_gate);

	destroyed = 0;
	delete &thread;
	check(destroyed == 0);
	check(hk_slot(core_task, gate));

	/* the last reference to the thread */
	object = Native_capability();
	check(destroyed == 2);
	check(!hk_slot(core_task, gate));
	check(t_used() == before);
	check(badges_used() == badges);
}


/* Core's slots are many, but they end */
void test_slots()
{
	Known_thread    thread(task_a, nullptr);
	Rpc_cap_factory factory(heap);
	unsigned const  first  = 1u << (CAPLOG_OWN(BADGE_BITS) - 1);
	unsigned id = first;

	while (the(cap_map()).insert(id++));
	check(id - first > CAPLOG_OWN(CORE_SLOTS)/10*9);
	unsigned const badges = badges_used();
	check(!gate_of(factory, thread.cap.local).valid());
	check(heap.blocks == 0);
	check(badges_used() == badges);
}
