/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RPC of the overlay, with a kernel entry that is played by the test
 *
 * What is in the message registers at each entry; that an entry which reports
 * "again" is entered once more with all of it; that a reply is sent once; that
 * a thread holds at each entry and does not hold after the call.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

extern "C" {
#include <cmocka.h>
}

#include "objects.h"
#include "t_space.h"

#include <base/blocking.h>
#include <base/ipc.h>

#include <base/internal/cap_log.h>
#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/kept_replies.h>
#include <base/internal/kernel_entry.h>
#include <base/internal/native_thread.h>
#include <base/thread.h>
#include <foc/native_capability.h>

using namespace Genode;
using namespace Fiasco;

static caplog_writer writer;

caplog_writer *Genode::cap_log_writer() { return &writer; }


/* One entry of the kernel: what is expected, what is the answer */
struct Entry
{
	unsigned long dest;
	unsigned      words, items;
	unsigned long message[8];

	unsigned long tag;       /* answer */
	unsigned long label;
	unsigned long answer[8];
	uint16_t      object[4]; /* of capabilities received in the window */
};

enum { ALL_WORDS = ~0u };

static Entry   *script;
static unsigned entered;
static unsigned compared = ALL_WORDS; /* words of a message */


extern "C" unsigned long caplog_kernel_entry(unsigned long dest, unsigned long raw, unsigned long,
                                             unsigned long *label, uint32_t *holders)
{
	Entry const &e = script[entered++];
	l4_msgtag_t tag;
	tag.raw = raw;

	assert_int_equal(*holders, 1);
	assert_int_equal(dest, e.dest);
	assert_int_equal(l4_msgtag_words(tag), e.words);
	assert_int_equal(l4_msgtag_items(tag), e.items);
	assert_memory_equal(l4_utcb_mr()->mr, e.message, min(e.words, compared)*sizeof(long));
	for (unsigned i = 0; i < 4; i++) {
		unsigned long const at = l4_utcb_br()->br[i];
		assert_int_equal(at & 0xfff, L4_RCV_ITEM_SINGLE_CAP);
		if (e.object[i])
			overlay_objects.in[at >> 12] = e.object[i];
	}

	/* a recreated thread has lost its UTCB */
	Genode::memset(l4_utcb_mr(), 0xee, sizeof(l4_msg_regs_t));
	Genode::memset(l4_utcb_br()->br, 0xee, sizeof(l4_utcb_br()->br));
	Genode::memcpy(l4_utcb_mr()->mr, e.answer, sizeof(e.answer));
	if (label)
		*label = e.label;
	return e.tag;
}


namespace Fiasco {
	l4_msgtag_t l4_ipc_send(l4_cap_idx_t, l4_utcb_t *, l4_msgtag_t, l4_timeout_t) {
		return l4_msgtag(0, 0, 0, 0); }
}


static unsigned long tag(unsigned words, unsigned items) { return l4_msgtag(0, words, items, 0).raw; }

static Native_capability cap(uint16_t badge, uint32_t slot)
{
	overlay_objects.in[slot] = badge;
	return Native_capability(*cap_map()->insert(badge, (addr_t)slot << 12));
}

enum : unsigned long { AGAIN = ~0UL, NO_BADGE = ~0UL, ERROR = 0x8000, REPLY = ~0UL << 11 };


static int set_up(void **)
{
	cap_idx_alloc();
	Thread::myself()->native_thread().rcv_window.init();
	return 0;
}

static void test_call(void **)
{
	Native_capability const dst = cap(16, 0x300), sent = cap(24, 0x301), dead = cap(32, 0x302);
	uint32_t const used = t_used();
	Msgbuf<64> snd, rcv;

	snd.insert(sent);
	snd.insert(Native_capability());
	snd.insert(dead);
	snd.word(0) = 7;
	snd.data_size(sizeof(long));
	overlay_objects.in[0x302] = 0;

	/* one item, since one of three capabilities is there */
	Entry call = { 0x300000 | L4_SYSF_CALL, 6, 1, { 16, 3, 24, NO_BADGE, NO_BADGE, 7 },
	               AGAIN, 0, { }, { } };
	Entry again = call;
	again.tag = tag(6, 2);
	/* a new one; none; one whose badge belongs to another living object */
	unsigned long const answer[8] = { 5, 3, 40, NO_BADGE, 24, 9 };
	Genode::memcpy(again.answer, answer, sizeof(answer));
	again.object[0] = 40;
	again.object[1] = 99;

	Entry entries[] = { call, again };
	script  = entries;
	entered = 0;
	assert_int_equal(ipc_call(dst, snd, rcv, 3).value, 5);
	assert_int_equal(entered, 2);
	assert_int_equal(t_holding(), 0);

	assert_int_equal(rcv.used_caps(), 3);
	assert_int_equal(rcv.cap(0).local_name(), 40);
	assert_int_equal(overlay_objects.in[rcv.cap(0).data()->kcap() >> 12], 40);
	assert_false(rcv.cap(1).valid());
	assert_false(rcv.cap(2).valid());
	assert_int_equal(rcv.data_size(), sizeof(long));
	assert_int_equal(rcv.word(0), 9);

	/* the window is gone, and with the message what came in it */
	assert_int_equal(t_used(), used + 1);
	rcv.reset();
	assert_int_equal(t_used(), used);
}

static void test_cancelled(void **)
{
	Native_capability const dst = cap(16, 0x300);
	uint32_t const used = t_used();
	Msgbuf<64> snd, rcv;
	bool       cancelled = false;
	Entry      call = { 0x300000 | L4_SYSF_CALL, 2, 0, { 16, 0 }, ERROR, 0, { }, { } };

	script  = &call;
	entered = 0;
	l4_utcb_tcr()->error = L4_IPC_RECANCELED;
	try { ipc_call(dst, snd, rcv, 0); }
	catch (Blocking_canceled) { cancelled = true; }

	assert_true(cancelled);
	assert_int_equal(t_holding(), 0);
	assert_int_equal(t_used(), used);
}

/* Words, badges and items share the message registers: what exceeds them is not sent */
static void test_too_long(void **)
{
	enum { BADGES = Msgbuf_base::MAX_CAPS_PER_MSG, FIT = L4_UTCB_GENERIC_DATA_SIZE - 2 - 3*BADGES };

	Native_capability const dst = cap(16, 0x300), sent = cap(24, 0x301);

	for (unsigned words = FIT - 1; words < FIT + 2*BADGES + 2; words++) {
		Msgbuf<512> snd, rcv;
		Entry       call = { 0x300000 | L4_SYSF_CALL, 2 + BADGES + words, BADGES,
		                     { 16, BADGES, 24, 24, 24, 24 }, tag(2, 0), 0, { }, { } };
		bool        sent_it = true;

		for (unsigned i = 0; i < BADGES; i++)
			snd.insert(sent);
		for (unsigned i = 0; i < words; i++)
			snd.word(i) = 0;
		snd.data_size(words*sizeof(long));

		script  = &call;
		entered = 0;
		compared = 6;
		try { ipc_call(dst, snd, rcv, 0); } catch (Ipc_error) { sent_it = false; }
		compared = ALL_WORDS;

		assert_int_equal(sent_it, words <= FIT);
		assert_int_equal(entered, sent_it);
		assert_int_equal(t_holding(), 0);
	}
}

/* A reply goes out once: not again after an error, a restart, a refused request */
static void test_reply_once(void **)
{
	Msgbuf<64> reply, request;
	reply.word(0) = 3;
	reply.data_size(sizeof(long));

	Entry const send = { REPLY | L4_SYSF_REPLY_AND_WAIT, 3, 0, { 0, 0, 3 }, ERROR, 0, { }, { } };
	Entry const wait = { REPLY | L4_SYSF_WAIT, 0, 0, { }, AGAIN, 0, { }, { } };

	Entry forged = wait;
	forged.tag       = tag(2, 0);
	forged.label     = 48;
	forged.answer[0] = 56;
	forged.answer[1] = 0;

	/* its sender gets the answer that there is no such object */
	Entry good = { REPLY | L4_SYSF_REPLY_AND_WAIT, 2, 0, { ~0UL, 0 }, forged.tag, 48 | 3,
	               { 48, 0 }, { } };

	Entry entries[] = { send, wait, forged, good };
	script  = entries;
	entered = 0;

	cap_space.hold();
	Served_request got;
	ipc_reply_wait(Rpc_exception_code(0), reply, request, got);
	assert_int_equal(t_holding(), 1);
	cap_space.release();

	assert_int_equal(entered, 4);
	assert_int_equal(got.badge, 48);
}


int main()
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_call),
		cmocka_unit_test(test_cancelled),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_reply_once),
	};
	return cmocka_run_group_tests_name("overlay_ipc", tests, set_up, NULL);
}
