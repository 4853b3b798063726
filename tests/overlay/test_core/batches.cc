/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Foc_native_pd: requests about many slots or gates, and each of their refusals
 */
#include "scene.h"

typedef Foc_native_pd::Badges    Badges;
typedef Foc_native_pd::Seen      Seen;
typedef Foc_native_pd::Made      Made;
typedef Foc_native_pd::Installed Installed;
typedef Genode::Capability<Pd_session::Native_pd> Maker;

enum : addr_t { WINDOW = 0x300000, NEXT = 0x340000, END_WINDOW = 0xfc0000, NO_WINDOW = 0x310000 };

static Badges const NOTHING = Badges();

static Badges one(unsigned n, unsigned badge)
{
	Badges badges = NOTHING;

	badges.badge[n] = badge;
	return badges;
}

static Maker maker(Native_pd_component &foc) {
	return reinterpret_cap_cast<Pd_session::Native_pd>(foc.Rpc_object_base::cap()); }

/* A look changes nothing, whatever it finds */
static Seen look(Scene &s, addr_t kcap, Badges const &badges)
{
	static Snapshot before, after;

	before.take(&s.irq);
	Seen const seen = s.foc.look(kcap, badges);
	after.take(&s.irq);
	check(!::memcmp(&before, &after, sizeof(before)));
	return seen;
}

static void test_look(Scene &s)
{
	unsigned const sem = s.sem.local_name(), gate = s.gate.local_name();

	check(look(s, NO_WINDOW, one(0, sem)).result               == Foc_native_pd::INVALID_SLOT);
	check(look(s, WINDOW + 1, one(0, sem)).result              == Foc_native_pd::INVALID_SLOT);
	check(look(s, END_WINDOW + 0x40000, one(0, sem)).result    == Foc_native_pd::INVALID_SLOT);
	check(look(s, ~0UL << 18, one(0, sem)).result              == Foc_native_pd::INVALID_SLOT);

	/* all is empty */
	Badges all = NOTHING;
	for (caplog_badge &badge : all.badge)
		badge = Foc_native_pd::ANY;
	check(!look(s, WINDOW, all).used);
	check(!look(s, WINDOW, NOTHING).used);
	check(look(s, WINDOW, all).result == Foc_native_pd::DONE);

	check(s.foc.install(s.sem,  WINDOW + 0x3000)  == Foc_native_pd::DONE);
	check(s.foc.install(s.gate, WINDOW + 0x28000) == Foc_native_pd::DONE);
	check(s.foc.install(s.gate, WINDOW + 0x3f000) == Foc_native_pd::DONE);
	check(look(s, WINDOW, all).used == (1ULL << 3 | 1ULL << 40 | 1ULL << 63));
	check(look(s, WINDOW, all).same == 0);

	Badges right = all;
	right.badge[3]  = sem;
	right.badge[40] = right.badge[63] = gate;
	right.badge[5]  = gate; /* empty */
	check(look(s, WINDOW, right).used == (1ULL << 3 | 1ULL << 40 | 1ULL << 63));
	check(look(s, WINDOW, right).same == (1ULL << 3 | 1ULL << 40 | 1ULL << 63));

	/* only what was asked for, whatever lies between */
	check(look(s, WINDOW, one(3, sem)).used  == 1ULL << 3);
	check(look(s, WINDOW, one(40, sem)).used == 1ULL << 40);
	check(look(s, WINDOW, one(40, sem)).same == 0);
	check(look(s, WINDOW, one(3, 0xfffc)).used == 1ULL << 3);
	check(look(s, WINDOW, one(3, 0xfffc)).same == 0);
	check(look(s, WINDOW, one(4, sem)).used  == 0);

	/* destroyed, though core has its entry: neither used nor same */
	hk_object * const dying = &hk_irq_create(node)->o;
	Native_capability const known = enter(dying);
	check(s.foc.install(known, END_WINDOW) == Foc_native_pd::DONE);
	check(look(s, END_WINDOW, one(0, known.local_name())).same == 1);
	hk_destroy(dying);
	check(look(s, END_WINDOW, one(0, known.local_name())).used == 0);
	check(look(s, END_WINDOW, one(0, known.local_name())).same == 0);
	check(s.foc.install(s.sem, END_WINDOW + 0x1000) == Foc_native_pd::DONE);
	Badges both = one(0, known.local_name());
	both.badge[1] = sem;
	check(look(s, END_WINDOW, both).used == 2);
	check(look(s, END_WINDOW, both).same == 2);

	/* without the kernel there is no answer */
	fails.map = true;
	check(look(s, WINDOW, right).result == Foc_native_pd::KERNEL_REFUSED);
	fails.map = false;
	fails.map_silently = true;
	check(look(s, WINDOW, right).result == Foc_native_pd::KERNEL_REFUSED);
	check(look(s, WINDOW, right).same == 0);
	fails.map_silently = false;
}

/* Refusals make no gate; those that were made before one stay */
static void test_make_gates(Scene &s)
{
	Native_capability const thread = s.thread.platform_thread().cap.local;
	unsigned const blocks = heap.blocks;

	check(s.foc.make_gates(s.nothing, 3).result    == Foc_native_pd::NO_THREAD);
	check(s.foc.make_gates(s.sem, 3).result        == Foc_native_pd::NO_THREAD);
	check(s.foc.make_gates(s.gone, 3).result       == Foc_native_pd::NO_THREAD);
	check(s.foc.make_gates(s.bare_gate, 3).result  == Foc_native_pd::NO_THREAD);
	check(s.foc.make_gates(s.gate, 3).result       == Foc_native_pd::NO_THREAD);
	/* core's own gates have a thread of core */
	Rpc_cap_factory &others = s.pd_b.factory();
	Native_capability const gate = gate_of(others, thread);
	check(entry(gate)->pt());
	check(s.foc.make_gates(gate, 3).result         == Foc_native_pd::NO_THREAD);
	others.free(gate);
	fails.gate = true;
	check(s.foc.make_gates(thread, 3).result       == Foc_native_pd::NO_BADGE);
	check(s.foc.make_gates(thread, 3).count        == 0);
	fails.gate = false;
	heap.fails_after = 2;
	Made few = s.foc.make_gates(thread, 3);
	heap.fails_after = ~0U;
	check(few.result == Foc_native_pd::NO_QUOTA);
	check(few.count == 2);
	check(heap.blocks == blocks + 2);
	for (unsigned i = 0; i < few.count; i++)
		s.pd_a.factory().free(s.foc.gate(few.made.badge[i]));
	check(heap.blocks == blocks);
	check(!s.foc.gate(few.made.badge[0]).valid());

	named = 0;
	Made const many = s.foc.make_gates(thread, ~0U);
	check(many.result == Foc_native_pd::DONE);
	check(many.count == Foc_native_pd::BATCH);
	check(named == (NAMES_ALL_GATES ? many.count : 0));
	for (unsigned i = 0; i < many.count; i++) {
		Native_capability const made = s.foc.gate(many.made.badge[i]);

		check(made.valid());
		check(made.local_name() == many.made.badge[i]);
		check(!s.pd_b.foc().gate(many.made.badge[i]).valid());
		hk_object * const o = core_slot(made.data()->kcap());
		check(((hk_gate *)o)->thread == ((Known_thread &)s.thread.platform_thread()).object);
		s.pd_a.factory().free(made);
	}
	check(heap.blocks == blocks);
}

static void test_install_gates(Scene &s)
{
	Native_capability const thread = s.thread.platform_thread().cap.local;
	Made const made  = s.foc.make_gates(thread, 3);
	Made const other = s.pd_b.foc().make_gates(s.foreign.platform_thread().cap.local, 1);
	Maker const own  = maker(s.foc), theirs = maker(s.pd_b.foc());
	Maker const no_pd = reinterpret_cap_cast<Pd_session::Native_pd>(s.gate);
	unsigned const badge = made.made.badge[0];

	#define none(call, reason) do { \
		static Snapshot before, after; \
		before.take(&s.irq); \
		Installed const answer = s.foc.install_gates call; \
		check(answer.result == Foc_native_pd::reason); \
		check(answer.done == 0); \
		after.take(&s.irq); \
		check(!::memcmp(&before, &after, sizeof(before))); \
	} while (0)

	none((Maker(), NEXT, one(0, badge)), NO_PD);
	none((no_pd, NEXT, one(0, badge)), NO_PD);
	none((own, NEXT + 0x1000, one(0, badge)), INVALID_SLOT);
	none((own, NEXT + 4, one(0, badge)), INVALID_SLOT);
	none((own, END_WINDOW + 0x40000, one(0, badge)), INVALID_SLOT);
	none((own, 0, one(0, badge)), CORE_SLOT);
	none((own, 0x1c0000, one(63, badge)), CORE_SLOT);
	none((own, NEXT, NOTHING), DONE);

	/* by its badge nobody gets what the PD session did not make, nor what is not a gate */
	none((own, NEXT, one(0, 0xfffc)), NO_GATE);
	none((own, NEXT, one(0, Foc_native_pd::ANY)), NO_GATE);
	none((own, NEXT, one(0, s.sem.local_name())), NO_GATE);
	none((own, NEXT, one(0, s.gate.local_name())), NO_GATE);
	none((own, NEXT, one(0, thread.local_name())), NO_GATE);
	none((own, NEXT, one(0, s.pd_a.platform_pd().task.local_name())), NO_GATE);
	none((own, NEXT, one(0, other.made.badge[0])), NO_GATE);
	none((theirs, NEXT, one(0, badge)), NO_GATE);
	fails.map = true;
	none((own, NEXT, one(0, badge)), KERNEL_REFUSED);
	fails.map = false;
	fails.map_silently = true;
	none((own, NEXT, one(0, badge)), KERNEL_REFUSED);
	fails.map_silently = false;

	Badges badges = NOTHING;
	badges.badge[1]  = made.made.badge[0];
	badges.badge[62] = made.made.badge[1];
	Installed answer = s.foc.install_gates(own, NEXT, badges);
	check(answer.result == Foc_native_pd::DONE);
	check(answer.done == (1ULL << 1 | 1ULL << 62));
	check(look(s, NEXT, badges).same == (1ULL << 1 | 1ULL << 62));
	check(!hk_slot(task_b, 0x341));
	none((own, NEXT, one(1, made.made.badge[2])), OCCUPIED);

	/* another's gates, by leave of their maker; what comes before a refusal is done */
	badges = one(8, other.made.badge[0]);
	badges.badge[9]  = badge;
	badges.badge[10] = other.made.badge[0];
	answer = s.foc.install_gates(theirs, NEXT, badges);
	check(answer.result == Foc_native_pd::NO_GATE);
	check(answer.done == 1ULL << 8);
	check(hk_slot(task_a, 0x348));
	check(!hk_slot(task_a, 0x34a));

	/* a gate that was freed is a badge without an object */
	s.pd_a.factory().free(s.foc.gate(badge));
	none((own, NEXT, one(20, badge)), NO_GATE);
	#undef none

	for (unsigned i = 1; i < made.count; i++)
		s.pd_a.factory().free(s.foc.gate(made.made.badge[i]));
	s.pd_b.factory().free(s.pd_b.foc().gate(other.made.badge[0]));
}

void test_batches()
{
	Scene &s = *new Scene;

	for (unsigned n = 0; n < HK_SLOTS; n++)
		hk_map(task_a, n, nullptr);
	test_look(s);
	test_make_gates(s);
	test_install_gates(s);
}
