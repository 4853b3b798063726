/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities that arrive, are sent, are dropped, or find no place
 */
#include "hooks.h"

#include <base/internal/parent_cap.h>


void test_received()
{
	uint32_t const used = t_used();
	{
		Native_capability const a = give(80);
		check(a.valid());
		check(a.local_name() == 80);
		check(slot(a) >= USER);
		check(core_object(80) == hk_slot(core.task, slot(a)));
		check_kind(a, CAPLOG_RECEIVED);

		/* known: the same entry, and no record */
		::uint64_t        const before = records();
		Native_capability const again  = give(80);
		check(again == a);
		check(records() == before);
		check(!give(0).valid());
		check(records() == before);

		/* two alive with one badge cannot be: it is not the peer's to say so */
		check(!ask(PEER_FORGE, 80).valid());
		check(records() == before);
		compare();
	}
	/* with the last reference the slot is free, and what it held stays mapped */
	compare();
	check(t_used() == used);
}

void test_four()
{
	Overlay::Request r;

	r.word(PEER_GIVE);
	for (unsigned i = 0; i < 4; i++)
		r.word(i == 2 ? 0 : 88 + 8*i);
	r.call(peer());
	compare();

	check(r.rcv.used_caps() == 4);
	check(!r.rcv.cap(2).valid());
	for (unsigned i = 0; i < 4; i++)
		check((i == 2 || core_object(88 + 8*i) == hk_slot(core.task, slot(r.rcv.cap(i)))));

	/* and back: a capability whose object is gone is sent as none */
	Msgbuf<64> snd, rcv;
	destroy(88);
	compare();
	snd.insert(r.rcv.cap(0));
	snd.insert(r.rcv.cap(1));
	snd.word(0) = PEER_GIVE;
	snd.data_size(sizeof(long));
	ipc_call(peer(), snd, rcv, 0);
	check(!snd.cap(0).valid());
	check(snd.cap(1).valid());
}

void test_stale()
{
	Native_capability const old = give(160);

	/* the badge is used again while the dead capability is still held */
	destroy(160);
	check_kind(old, CAPLOG_RECEIVED);
	Native_capability const young = give(160);

	check(slot(young) != slot(old));
	check(young.local_name() == old.local_name());
	check(core_object(160) == hk_slot(core.task, slot(young)));
	compare();
	if (logged()) {
		check(space.cap[slot(old)].stale);
		check(!space.cap[slot(young)].stale);
	}
	check(give(160) == young);
}

void test_placed()
{
	/* the parent is another one now */
	Native_capability const parent = parent_cap();
	check(slot(parent) == slot(Foc::PARENT_CAP));
	check_kind(parent, CAPLOG_PLACED);

	Capability_map    &map = the(cap_map());
	Native_capability  gate = give(168);
	Cap_index  * const at   = map.insert(168, Cap_space::kcap_of(USER - 1));

	/* at a place of its own it is another entry, and the previous one stays */
	check(hk_map(core.task, USER - 1, core_object(168)) == 0);
	hk_map(core.task, slot(gate), nullptr);
	compare();
	check(t_find(168) == at);
	if (logged())
		check(space.cap[slot(gate)].stale);

	map.remove(at);
	hk_map(core.task, USER - 1, nullptr);
	compare();
	check(!t_find(168));
}

void test_broken()
{
	auto receive = [] (unsigned how, Msgbuf_base &rcv)
	{
		Msgbuf<64> snd;
		snd.word(0) = PEER_BROKEN;
		snd.word(1) = how;
		snd.data_size(2*sizeof(long));
		check(ipc_call(peer(), snd, rcv, 0).value == 0);
		compare();
	};
	Msgbuf<64> rcv;

	receive(NO_COUNT, rcv);
	check(rcv.used_caps() == 0);
	check(rcv.data_size() == 0);
	receive(NO_BADGES, rcv);
	check(rcv.used_caps() == 0);
	check(rcv.data_size() == 0);

	/* the data begin after all badges, also after those without a capability */
	receive(NO_ITEMS, rcv);
	check(rcv.used_caps() == 3);
	check(rcv.cap(0) == peer());
	check(!rcv.cap(1).valid());
	check(!rcv.cap(2).valid());
	check(rcv.data_size() == sizeof(long));
	check(rcv.word(0) == 77);

	receive(TOO_LONG, rcv);
	check(rcv.data_size() == 64);
	check(rcv.word(0) == 2);
	check(rcv.word(64/sizeof(long) - 1) == 1 + 64/sizeof(long));
	rcv.reset();
	receive(TOO_MANY_CAPS, rcv);
	check(rcv.used_caps() == 4);

	/* what does not fit the UTCB is not sent */
	static Native_capability to;
	to = peer();
	check(fails([] () {
		Msgbuf<64*sizeof(long)> snd, rcv;
		snd.data_size(62*sizeof(long));
		ipc_call(to, snd, rcv, 0);
	}));

	/* neither is anything to nobody, or to somebody who is gone */
	auto call = [] () { Msgbuf<64> snd, rcv; ipc_call(to, snd, rcv, 0); };
	to = Native_capability();
	check(fails(call));
	to = give(176);
	destroy(176);
	check(fails(call));
	to = Native_capability();
	compare();
}

void test_exhausted()
{
	static Cap_index *taken[HK_SLOTS];
	Prepared_call call([] () { give(184); });
	unsigned n = 0;

	while ((taken[n] = the(cap_idx_alloc()).alloc_range(1)))
		n++;
	check(overlay_asserts() == 1);

	/* no slots for a receive window: no call */
	check(call.fails());

	/* a window, but no slot for what arrives in it */
	for (unsigned i = 0; i < 4; i++)
		the(cap_idx_alloc()).free_range(t_slot(taken[--n]), 1);
	check(!give(184).valid());
	compare();

	while (n)
		the(cap_idx_alloc()).free_range(t_slot(taken[--n]), 1);
	check(give(184).valid());
}
