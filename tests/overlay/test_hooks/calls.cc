/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exactly once: the component is restored while entrypoints are in handlers
 *
 * What a restore is to a call: the caller is another thread, the kernel knows
 * nobody who waits for the reply, and the epoch has changed.
 */
#include <base/internal/kept_replies.h>

#include "hooks.h"


struct Server : Test_entrypoint
{
	struct Object : Rpc_object_base
	{
		unsigned          served = 0, requests[HK_THREADS] = { };
		Native_capability gift;
		void            (*work)(unsigned long who) = nullptr;

		Rpc_exception_code dispatch(Rpc_opcode opcode, Ipc_unmarshaller &, Msgbuf_base &out) override
		{
			unsigned long const who = Overlay::arguments->word(1);
			check(opcode.value == 42);
			served++;
			requests[who]++;
			if (work)
				work(who);
			out.word(0) = 100*who + requests[who];
			out.data_size(sizeof(long));
			out.insert(gift);
			return Rpc_exception_code(7);
		}
	} object;

	Native_capability const cap;

	Server() : cap(_manage(&object)) { object.gift = cap; }
	~Server() { _dissolve(&object); }
};

static Server *outer, *inner;

struct Answer
{
	unsigned long     word;
	long              code;
	Native_capability cap;
};

static Answer invoke(Native_capability const &cap, unsigned long who)
{
	Overlay::Request r;
	r.word(42);
	r.word(who);
	long const code = ipc_call(cap, r.snd, r.rcv, 0).value;
	return { r.rcv.word(0), code, r.rcv.cap(0) };
}

static void expect(Answer const &a, unsigned long word, Native_capability const &cap)
{
	check(a.word == word);
	check(a.code == 7);
	check(a.cap.data() == cap.data());
}

/* The callers with these threads are others now; they repeat their calls when all are made */
static void restore(unsigned first, unsigned second = 0)
{
	core_thread(first)->stopped = 1;
	ask(PEER_REMAKE, first);
	if (second)
		ask(PEER_REMAKE, second);
	cap_space.map.epoch++;
	core_thread(first)->stopped = 0;
}

enum { OUTER = 1, INNER = 2, FIRST = 3, SECOND = 4 }; /* threads */

/* Without a log that has room for replies, calls have no numbers: they are served again, as
 * by an unpatched server */
static bool     numbered() { return cap_space.calls != nullptr; }
static unsigned times(unsigned once, unsigned again) { return numbered() ? once : again; }

static void test_once()
{
	outer->object.work = [] (unsigned long) {
		if (outer->object.served == 1)
			restore(FIRST); };
	Worker w([] () { expect(invoke(outer->cap, 1), 100 + times(1, 2), outer->cap); });
	w.join();
	check(outer->object.served == times(1, 2));
	check(!kept_replies.count());
}

/* A handler that calls: it and its caller wait for replies that are lost */
static void test_nested()
{
	outer->object.served = inner->object.served = 0;
	outer->object.work = [] (unsigned long who) {
		expect(invoke(inner->cap, who), 100*who + 1, inner->cap); };
	inner->object.work = [] (unsigned long) {
		if (inner->object.served == 1)
			restore(FIRST, OUTER); };
	Worker w([] () { expect(invoke(outer->cap, 2), 201, outer->cap); });
	w.join();
	check(inner->object.served == 1);
	check(outer->object.served == 1);
	check(!kept_replies.count());
	inner->object.work = nullptr;
}

/* The second restore comes before the first caller asked again */
static void test_two_kept()
{
	outer->object.served = 0;
	outer->object.work = [] (unsigned long who) {
		unsigned const thread = who == 3 ? FIRST : SECOND;
		if (outer->object.requests[who] > 1)
			return;
		restore(thread);
		core_thread(thread)->stopped = 1; };
	Worker first ([] () { expect(invoke(outer->cap, 3), 301, outer->cap); });
	wait_for([] () { return core_thread(FIRST)->stopped && core_thread(OUTER)->state == HK_WAITING; });
	Worker second([] () { expect(invoke(outer->cap, 4), 401, outer->cap); });
	wait_for([] () { return core_thread(SECOND)->stopped && core_thread(OUTER)->state == HK_WAITING; });
	check(kept_replies.count() == 2);
	core_thread(SECOND)->stopped = 0;
	second.join();
	check(kept_replies.count() == 1);
	core_thread(FIRST)->stopped = 0;
	first.join();
	check(outer->object.served == 2);
	check(!kept_replies.count());
}

/* Who makes another call does not wait for the reply to an earlier one */
static void test_kept_for_nobody()
{
	uint32_t const used = t_used();
	{
		Msgbuf<64> reply;
		reply.insert(give(400));

		Served_request lost;
		uint32_t const &holder = cap_space.holder();
		lost.call = cap_space.next_call(holder);
		kept_replies.keep(lost, Rpc_exception_code(9), reply);
	}
	check(kept_replies.count() == 1);
	check(t_used() == used + 1);
	outer->object.work = nullptr;
	check(invoke(outer->cap, 5).word == 501);
	check(!kept_replies.count());
	/* its capability went with it */
	check(t_used() == used);
}

/* Callers that died */
static void test_full()
{
	Msgbuf<64> reply;
	Served_request lost;

	reply.insert(inner->cap);
	for (unsigned i = 0; i < 2*CAPLOG_KEPT; i++) {
		lost.call = caplog_call_number(4 + 4*i, 0, 1);
		kept_replies.keep(lost, Rpc_exception_code(9), reply);
	}
	check(kept_replies.count() == CAPLOG_KEPT);

	Rpc_exception_code answer(0);
	reply.reset();
	lost.again = true;
	check(kept_replies.take(lost, answer, reply));
	check(answer.value == 9);
	check(reply.used_caps() == 1);
	check(reply.cap(0).data() == inner->cap.data());
	lost.call = caplog_call_number(4, 0, 1);
	check(!kept_replies.take(lost, answer, reply));
	for (unsigned i = CAPLOG_KEPT; i < 2*CAPLOG_KEPT - 1; i++) {
		lost.call = caplog_call_number(4 + 4*i, 0, 1);
		kept_replies.take(lost, answer, reply);
	}
	check(!kept_replies.count());
}

/* The parent has the dataspace as well: whatever it writes, no other memory is touched */
static void test_written_by_others()
{
	uint8_t * const bytes = (uint8_t *)(cap_space.calls + 1);
	Msgbuf<1024> message;
	Served_request request;
	uint32_t random = 1;
	unsigned taken = 0;

	for (unsigned i = 0; i < 400; i++) {
		/* not the table alone, or no reply would be found */
		unsigned const first = i % 8 ? sizeof(caplog_kept) : 0;
		for (unsigned n = first; n < sizeof(Kept_memory); n++, random = random*1664525 + 1013904223)
			if (!(random >> 28))
				bytes[n] = i % 3 ? random >> 20 : 0xff;
		request.call  = caplog_call_number(4 + i / 4 % 40, 0, 1);
		request.again = i & 1;
		message.reset();
		message.insert(inner->cap);
		Rpc_exception_code answer(0);
		if (~i & 2)
			kept_replies.keep(request, answer, message);
		else if (kept_replies.take(request, answer, message)) {
			taken++;
			for (unsigned n = 0; n < message.used_caps(); n++)
				if (message.cap(n).data())
					check(message.cap(n).data() == inner->cap.data());
		}
	}
	check(taken > 20);
	kept_replies.begin(*(Kept_memory *)(((addr_t)bytes + 7) & ~7UL));
	for (unsigned place = 0; place < CAPLOG_KEPT; place++) {
		request.call = caplog_call_number(4 + place, 0, 1);
		message.reset();
		kept_replies.keep(request, Rpc_exception_code(0), message);
	}
	kept_replies.begin(*(Kept_memory *)(((addr_t)bytes + 7) & ~7UL));
}

/* A message that has no room for a part of the number, on 32 bit */
static void test_full_message()
{
	Overlay::Request r;
	r.word(42);
	r.word(6);
	while (r.snd.data_size() < (HK_WORDS - 2)*sizeof(long))
		r.word(0);
	outer->object.work = [] (unsigned long) {
		if (outer->object.served == 1)
			restore(FIRST); };
	outer->object.served = 0;
	static Overlay::Request *full;
	full = &r;
	Worker w([] () { check(ipc_call(outer->cap, full->snd, full->rcv, 0).value == 7); });
	w.join();
	check(outer->object.served == times(1, 2));
}

void test_calls()
{
	check(numbered() == (logged() && core.log != LOG_TIGHT));
	outer = new Server;
	inner = new Server;
	test_once();
	if (numbered()) {
		test_nested();
		test_two_kept();
		test_kept_for_nobody();
		test_full();
		test_written_by_others();
	}
	test_full_message();
	compare();
	delete inner;
	delete outer;
	compare();
}
