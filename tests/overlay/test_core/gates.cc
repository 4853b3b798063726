/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Badges, gates, mappings, and the end of core's slots
 */
#include "core.h"


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

void test_badges()
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
	badges.free(0x8001);
	badges.free(0x8007);
	none = false;
	try { badges.alloc(); } catch (Cap_id_allocator::Out_of_ids) { none = true; }
	check(none);
	badges.free(0x8004);
	check(badges.alloc() == 0x8004);
}

void test_gates()
{
	Known_thread     thread(task_a, nullptr);
	Rpc_cap_factory &factory = *new Rpc_cap_factory(heap), other(heap);
	uint32_t const   before  = t_used();
	unsigned const   badges  = left();

	/* not a thread: nothing; an IRQ object and its entry are no threads */
	check(!factory.alloc(Native_capability()).valid());
	{
		Native_capability const irq = enter(&hk_irq_create(node)->o);
		check(!factory.alloc(irq).valid());
	}
	check(t_used() == before);
	check(heap.blocks == 0);
	check(left() == badges);

	/* the kernel fails, or there is no badge left: nothing is kept */
	fails.gate = true;
	check(!factory.alloc(thread.cap.local).valid());
	fails.gate = false;
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

/* Somebody in core holds capabilities of a thread and of its gates when it ends */
void test_gates_of_the_dead()
{
	Known_thread      &thread = *new Known_thread(task_a, nullptr), living(task_a, nullptr);
	Rpc_cap_factory    factory(heap);
	Native_capability  gate   = factory.alloc(thread.cap.local), old = thread.own_gate,
	                   object = thread.cap.local, second = factory.alloc(gate);

	check(gate.valid());
	check(second.valid());
	factory.free(second);
	check(factory.alloc(gate).valid());

	delete &thread;
	check(!entry(gate)->pt());
	check(!factory.alloc(gate).valid());
	check(!factory.alloc(old).valid());
	check(!factory.alloc(object).valid());
	check(factory.alloc(living.cap.local).valid());
	check(factory.alloc(living.own_gate).valid());
}


/* Core's slots are many, but they end */
void test_slots()
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
