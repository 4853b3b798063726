/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a message leaves in core: the badge is the word of its sender
 */
#include "core.h"


enum { WINDOW = 0x345 };

/* A message arrives: a badge, and an object (or none) in the receive window */
static Native_capability arrives(unsigned long badge, hk_object *o)
{
	hk_map(core_task, WINDOW, o);

	Native_capability const cap = the(cap_map()).insert_map(badge, (addr_t)WINDOW << L4_CAP_SHIFT);

	/* it neither stays alive by core, nor stands for what a later message claims to carry */
	check(!hk_slot(core_task, WINDOW));
	return cap;
}

static bool refused(unsigned long badge, hk_object *o) { return !arrives(badge, o).valid(); }

void test_received()
{
	hk_irq  &irq = *hk_irq_create(node), &other = *hk_irq_create(node);
	hk_gate &gate = *hk_gate_create(node, 0, nullptr);

	Native_capability known = enter(&irq.o);
	unsigned long const badge = known.local_name();
	uint32_t      const used  = t_used();

	destroyed = 0;

	/* the object, under its own badge: the entry that there is */
	check(arrives(badge, &irq.o) == known);

	/* another one, or none; a badge that only looks the same in 16 bits */
	check(refused(badge, &other.o));
	check(refused(badge, &gate.o));
	check(refused(badge, nullptr));
	check(refused(badge + 0x10000, &irq.o));
	check(refused(badge + 1, &irq.o));

	/* badges that core did not hand out, or took back; none of its entries */
	unsigned long const unused = badge + 0x4000;
	check(refused(unused, &gate.o));
	check(refused(unused + 1, &gate.o));
	check(refused(0, &gate.o));
	check(refused(0xffff, &gate.o));
	check(refused(~0UL - 1, &gate.o));
	check(is_free(unused));
	check(!is_free(badge));

	/* nobody else loses anything by it */
	check(destroyed == 0);
	check(t_used() == used);
	check(core_slot(known.data()->kcap()) == &irq.o);

	/* the object of a living entry is gone: what arrives under its badge is another */
	hk_destroy(&irq.o);
	check(refused(badge, nullptr));
	check(refused(badge, &gate.o));
	check(!is_free(badge));
	known = Native_capability();
	check(is_free(badge));
	check(t_used() == used - 1);
}


/* More references than an entry counts: it stays, and so does its object */
void test_references()
{
	hk_irq &irq = *hk_irq_create(node);
	Native_capability known = enter(&irq.o);
	uint32_t const at = slot(known);

	destroyed = 0;
	{
		Native_capability copy[600];

		for (Native_capability &c : copy)
			c = known;
		check(core_slot(known.data()->kcap()) == &irq.o);
	}
	check(destroyed == 0);
	check(core_slot(known.data()->kcap()) == &irq.o);
	known = Native_capability();
	check(destroyed == 0);
	check(hk_slot(core_task, at) == &irq.o);

	/* up to its bound it counts */
	Native_capability second = enter(&hk_irq_create(node)->o);
	{
		Native_capability copy[190];

		for (Native_capability &c : copy)
			c = second;
	}
	check(destroyed == 0);
	second = Native_capability();
	check(destroyed == 1);
}
