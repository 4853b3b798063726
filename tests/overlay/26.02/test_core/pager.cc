/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pager
 *
 * It receives messages one after the other, and what it does is written down.
 * Platform_thread's resume is Genode's own; here it is what it does to the pager: a
 * flag, and a message.
 */
#include "core.h"

#include <pager.h>

#include <stdio.h>
#include <string.h>

namespace {

	struct End { };

	struct Pager_message
	{
		Ipc_pager::Msg_type type;
		unsigned long       badge, ip;
		addr_t              regs;
		unsigned            trap; /* 0: not by an exception of its own */
	};

	/* What the kernel says of a thread's stack pointer; see kernel.cc */
	enum : addr_t { SP = 0x5678, OF_THE_KERNEL = 0xffff };
	enum { SYSTEM_CALL = 253, PAGE_FAULT = 14 };

	/* Its badge names it in the thread's answers */
	struct Faulter : Pager_object
	{
		Pager_result result = Pager_result::CONTINUE;

		explicit Faulter(Known_thread &thread) : Pager_object(thread.cap.local.data()->kcap()) { }

		Pager_result pager(Ipc_pager &) override { return result; }
	};
}

static Pager_message const *script;
static unsigned             script_left;
static char                 acts[256]; /* what the pager did */

static void act(char const *what) { check(strlen(acts) + strlen(what) < sizeof(acts)); strcat(acts, what); }

static unsigned long kcap_a, kcap_b;

static char const *name_of(unsigned long kcap) {
	return !kcap ? "caller " : kcap == kcap_a ? "a " : kcap == kcap_b ? "b " : "nobody "; }

/* What the kernel is told of a thread: whether it is an alien, and who has the processor next */
static int alien = -1;

void Foc::l4_thread_control_start()          { alien = -1; }
void Foc::l4_thread_control_alien(int on)    { alien = on; }

l4_msgtag_t Foc::l4_thread_control_commit(l4_cap_idx_t thread)
{
	check(alien != -1);
	check(core_slot(thread)->type == HK_THREAD);
	act(alien ? "alien:" : "no alien:");
	act(name_of(thread));
	return l4_msgtag(0, 0, 0, 0);
}

l4_msgtag_t Foc::l4_thread_switch(l4_cap_idx_t thread)
{
	act("switch:");
	act(name_of(thread));
	ex_regs_flags = 0; /* it blocks */
	return l4_msgtag(0, 0, 0, 0);
}

l4_exc_regs_t *Foc::l4_utcb_exc() { static l4_exc_regs_t regs; return &regs; }

Ipc_pager::Ipc_pager() : _badge(0) { }

void Ipc_pager::wait_for_fault()
{
	if (!script_left--)
		throw End();

	_badge = script->badge;
	_type  = script->type;
	_pf_ip = script->ip;
	if (_type == EXCEPTION || _type == PAUSE) {
		for (Foc::l4_umword_t &word : _regs.word)
			word = script->regs;
		_regs.trapno = script->trap;
		_regs.sp     = script->regs == OF_THE_KERNEL ? OF_THE_KERNEL : SP;
	}
	script++;
}

void Ipc_pager::reply_and_wait_for_fault()
{
	act("page:");
	act(name_of(_last.kcap));
	wait_for_fault();
}

void Ipc_pager::acknowledge_wakeup() { act("ack:"); act(name_of(_last.kcap)); }

/* The kernel takes all words of the answer */
void Ipc_pager::acknowledge_exception()
{
	char text[32];

	for (Foc::l4_umword_t const &word : _regs.word)
		check(word == _regs.word[0]);
	snprintf(text, sizeof(text), "regs %lx:", (unsigned long)_regs.word[0]);
	act(text);
	act(name_of(_last.kcap));
}

void Ipc_pager::get_regs(Foc_thread_state &s) const       { s.cpu.ip = _regs.word[0]; }
void Ipc_pager::set_regs(Foc_thread_state const &s) { check(s.cpu.ip == _regs.word[0]); }

void Pager_object::submit_exception_signal()
{
	/* the handler may look at the thread at once */
	check(state.in_exception);
	act("signal ");
}

Pager_entrypoint::Pager_entrypoint(Runtime &runtime, Rpc_cap_factory &f)
: Thread(runtime, "pager", Stack_size { 0 }, Location()), _cap_factory(f) { }

namespace {

	struct Pager_ep : Pager_entrypoint
	{
		Pager_ep(Rpc_cap_factory &f, Native_capability const &thread) : Pager_entrypoint(runtime(), f) {
			_thread_cap = reinterpret_cap_cast<Cpu_thread>(thread); }
	};

	Known_thread &the_first()  { static Known_thread &thread = *new Known_thread(task_a, nullptr); return thread; }
	Known_thread &the_second() { static Known_thread &thread = *new Known_thread(task_a, nullptr); return thread; }

	/* An entrypoint, and two threads whose pager it is */
	struct Paged
	{
		Rpc_cap_factory   factory { heap };
		Known_thread     &thread  { *new Known_thread(task_b, nullptr) };
		Pager_ep          ep      { factory, thread.cap.local };
		Known_thread     &first   { the_first() };
		Known_thread     &second  { the_second() };
		Faulter           a       { first }, b { second };
		Pager_capability  gate_a  { ep.manage(a) }, gate_b { ep.manage(b) };

		Paged()
		{
			kcap_a = first.cap.local.data()->kcap();
			kcap_b = second.cap.local.data()->kcap();
		}

		unsigned long badge_a() { return (unsigned long)gate_a.local_name(); }
		unsigned long badge_b() { return (unsigned long)gate_b.local_name(); }

		/* What the pager does for these messages */
		template <unsigned N> bool does(Pager_message const (&m)[N], char const *what)
		{
			script      = m;
			script_left = N;
			acts[0]     = 0;
			try { ep.entry(); } catch (End) { }
			if (strcmp(acts, what))
				fprintf(stderr, "did '%s', not '%s'\n", acts, what);
			return !strcmp(acts, what);
		}
	};
}

#define DOES(what, ...) do { Pager_message const m[] = { __VA_ARGS__ }; check(p.does(m, what)); } while (0)

void test_pager()
{
	unsigned const blocks = heap.blocks;
	Paged &p = *new Paged;
	Pager_object_exception_state &state = p.a.state;
	unsigned long const badge = p.badge_a();

	/* its capability is a gate to the pager's thread */
	check(((hk_gate *)hk_slot(core_task, slot(p.gate_a)))->thread == p.thread.object);
	check(badge != p.badge_b());

	Pager_message const fault     = { Ipc_pager::PAGEFAULT, badge, 0x400, 0, 0 },
	                    exception = { Ipc_pager::EXCEPTION, badge, 0x400, 0x1234, 0 },
	                    pause     = { Ipc_pager::PAUSE,     badge, 0x400, 0x1234, 0 },
	                    resume    = { Ipc_pager::WAKE_UP,   badge, 0, 0, 0 },
	                    wake_up   = { Ipc_pager::WAKE_UP,   badge, 0x400, 0, 0 },
	                    stranger  = { Ipc_pager::PAGEFAULT, badge + 0x10000, 0x400, 0, 0 };

	/* faults: answered with a page, or not at all until the region map has one */
	DOES("page:a page:a ", fault, fault);
	p.a.result = Pager_object::Pager_result::STOP;
	DOES("", fault, stranger);
	p.a.result = Pager_object::Pager_result::CONTINUE;

	/* one is told that a fault is resolved by the kernel, which ends its wait; the pager is not asked */
	ex_regs_asked = 0;
	p.a.unresolved_page_fault_occurred();
	check(state.state.state == Thread_state::State::PAGE_FAULT);
	p.a.wake_up();
	check(ex_regs_asked == Foc::L4_THREAD_EX_REGS_CANCEL);
	DOES("ack:caller ", wake_up);

	/* a thread that is not in an exception is not answered when it is resumed */
	DOES("ack:caller ack:caller page:a ", resume, resume, fault);
	check(state.exceptions == 0);
	check(!state.in_exception);

	/* an exception lasts until the thread is resumed, with what its registers are then */
	DOES("signal ", exception);
	check(state.exceptions == 1);
	check(state.in_exception);
	check(state.state.cpu.ip == 0x1234);
	DOES("regs 1234:a ack:caller ack:caller ", resume, resume);
	check(!state.in_exception);

	/* paused: the same, but for the signal */
	state.paused = true;
	DOES("", pause);
	check(state.exceptions == 2);
	check(state.in_exception);

	/* its siblings have the gate to the pager, but only core's word counts */
	DOES("ack:caller ", resume);
	check(state.in_exception);
	state.paused = false;
	DOES("regs 1234:a ack:caller ", resume);
	check(!state.in_exception);

	/* resumed before it stopped: it continues */
	DOES("ack:caller regs 1234:a ack:caller ", resume, pause, resume);
	check(state.exceptions == 2);
	check(!state.in_exception);

	/* gone: its messages belong to no object, and its gate is destroyed */
	p.ep.dissolve(p.a);
	DOES("", fault, exception, pause, resume);
	p.a.cap(Native_capability());
	destroyed = 0;
	p.gate_a = Pager_capability();
	check(destroyed == 1);
	p.ep.dissolve(p.b);
	check(heap.blocks == blocks);
}


/* Each thread continues with its own registers, whoever was stopped after it */
void test_two_exceptions()
{
	Paged &p = *new Paged;

	Pager_message const a = { Ipc_pager::PAUSE, p.badge_a(), 0x400, 0xa, 0 },
	                    b = { Ipc_pager::PAUSE, p.badge_b(), 0x400, 0xb, 0 },
	                    resume_a = { Ipc_pager::WAKE_UP, p.badge_a(), 0, 0, 0 },
	                    resume_b = { Ipc_pager::WAKE_UP, p.badge_b(), 0, 0, 0 };

	p.a.state.paused = p.b.state.paused = true;
	DOES("", a, b);
	p.a.state.paused = p.b.state.paused = false;
	DOES("regs a:a ack:caller regs b:b ack:caller ", resume_a, resume_b);
	p.a.state.paused = p.b.state.paused = true;
	DOES("", a, b);
	p.a.state.paused = p.b.state.paused = false;
	DOES("regs b:b ack:caller regs a:a ack:caller ", resume_b, resume_a);
	p.ep.dissolve(p.a);
	p.ep.dissolve(p.b);
}


/* Where a thread stands is asked with what stops it; it is an alien until it is known to stand */
void test_stop()
{
	Paged &p = *new Paged;
	Pager_object_exception_state &state = p.a.state;
	Known_thread &thread = p.first;

	/* not started: the kernel would run it */
	thread.pager_object = &p.a;
	acts[0] = 0;
	thread.pause();
	check(!state.paused);
	check(!strlen(acts));
	thread.start(nullptr, nullptr);

	/* it is about to block, and does so when it has the processor */
	ex_regs_flags = 1;
	thread.pause();
	check(!strcmp(acts, "alien:a switch:a "));
	check(ex_regs_asked == L4_THREAD_EX_REGS_TRIGGER_EXCEPTION);
	check(state.paused);
	check(state.state.cpu.ip == 0x1234);
	check(state.state.cpu.sp == SP);

	Pager_message const pause     = { Ipc_pager::PAUSE,     p.badge_a(), 0x400, 0x42, 0 },
	                    exception = { Ipc_pager::EXCEPTION, p.badge_a(), 0x400, 0x42, 3 },
	                    call      = { Ipc_pager::EXCEPTION, p.badge_a(), 0x400, 0x42, SYSTEM_CALL },
	                    fault     = { Ipc_pager::EXCEPTION, p.badge_a(), 0x400, 0x42, PAGE_FAULT },
	                    first     = { Ipc_pager::EXCEPTION, p.badge_a(), 0x400, OF_THE_KERNEL, PAGE_FAULT },
	                    resume    = { Ipc_pager::WAKE_UP,   p.badge_a(), 0, 0, 0 };

	/* resumed before it stopped: an alien until then */
	state.paused = false;
	DOES("ack:caller no alien:a regs 42:a ", resume, pause);
	check(!state.in_exception);

	/* asked for each time, as the kernel may have ignored it, but not in an exception */
	auto stop = [&] { bool ready; acts[0] = 0; return state.stop(kcap_a, ready); };
	check(stop());
	check(!strcmp(acts, "alien:a "));
	check(stop());
	check(!strlen(acts));
	check(ex_regs_asked == L4_THREAD_EX_REGS_TRIGGER_EXCEPTION);
	DOES("no alien:a ", pause);
	check(state.in_exception);
	check(stop());
	check(!strlen(acts));
	check(!ex_regs_asked);
	state.paused = false;
	DOES("regs 42:a ack:caller ", resume);

	/* the kernel ignored it: the thread stands before its next call or access */
	Pager_message const of_aliens[] = { call, fault };
	for (Pager_message const &next : of_aliens) {
		check(stop());
		DOES("no alien:a ", next);
		check(state.in_exception);
		state.paused = false;
		DOES("regs 42:a ack:caller ", resume);
	}

	/* what the kernel has in store comes after the exception of an alien */
	check(stop());
	DOES("no alien:a regs ffff:a ", first, pause);
	check(state.in_exception);
	state.paused = false;
	DOES("regs 42:a ack:caller ", resume);

	/* its own exceptions remain what they are, and so do those of no alien */
	check(stop());
	DOES("no alien:a signal ", exception);
	state.paused = false;
	DOES("regs 42:a ack:caller signal ", resume, fault);
	DOES("regs 42:a ack:caller signal ", resume, call);
	DOES("regs 42:a ack:caller ", resume);

	/* the kernel refuses */
	fails.ex_regs = true;
	check(!stop());
	check(!state.paused);
	fails.ex_regs = false;
	p.ep.dissolve(p.a);
	p.ep.dissolve(p.b);
}
