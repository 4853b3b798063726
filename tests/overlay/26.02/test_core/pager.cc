/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pager
 *
 * It receives messages one after the other, and what it does is written down.
 * Platform_thread's pause and resume are Genode's own; here they are what they
 * do to the pager: a flag, and a message.
 */
#include "core.h"

#include <pager.h>

#include <stdio.h>
#include <string.h>

namespace {

	struct End { };

	struct Pager_message { Ipc_pager::Msg_type type; unsigned long badge, ip; addr_t regs; };

	/* Its badge names it in the thread's answers */
	struct Faulter : Pager_object
	{
		Pager_result result = Pager_result::CONTINUE;

		explicit Faulter(unsigned long badge) : Pager_object(badge) { }

		Pager_result pager(Ipc_pager &) override { return result; }
	};
}

static Pager_message const *script;
static unsigned             script_left;
static char                 acts[256]; /* what the pager did */

static void act(char const *what) { check(strlen(acts) + strlen(what) < sizeof(acts)); strcat(acts, what); }

/* Threads have odd selectors here */
static char const *name_of(unsigned long kcap) {
	return !kcap ? "caller " : kcap == 0x55 ? "a " : kcap == 0x77 ? "b " : "nobody "; }

Ipc_pager::Ipc_pager() : _badge(0) { }

void Ipc_pager::wait_for_fault()
{
	if (!script_left--)
		throw End();

	_badge = script->badge;
	_type  = script->type;
	_pf_ip = script->ip;
	if (_type == EXCEPTION || _type == PAUSE)
		for (Foc::l4_umword_t &word : _regs.word)
			word = script->regs;
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

	/* An entrypoint, and two threads whose pager it is */
	struct Paged
	{
		Rpc_cap_factory   factory { heap };
		Known_thread     &thread  { *new Known_thread(task_b, nullptr) };
		Pager_ep          ep      { factory, thread.cap.local };
		Faulter           a       { 0x55 }, b { 0x77 };
		Pager_capability  gate_a  { ep.manage(a) }, gate_b { ep.manage(b) };

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

	Pager_message const fault     = { Ipc_pager::PAGEFAULT, badge, 0x400, 0 },
	                    exception = { Ipc_pager::EXCEPTION, badge, 0x400, 0x1234 },
	                    pause     = { Ipc_pager::PAUSE,     badge, 0x400, 0x1234 },
	                    resume    = { Ipc_pager::WAKE_UP,   badge, 0, 0 },
	                    stranger  = { Ipc_pager::PAGEFAULT, badge + 0x10000, 0x400, 0 };

	/* faults: answered with a page, or not at all until the region map has one */
	DOES("page:a page:a ", fault, fault);
	p.a.result = Pager_object::Pager_result::STOP;
	DOES("", fault, stranger);
	p.a.result = Pager_object::Pager_result::CONTINUE;

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
	check(state.exceptions == 3);
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

	Pager_message const a = { Ipc_pager::PAUSE, p.badge_a(), 0x400, 0xa },
	                    b = { Ipc_pager::PAUSE, p.badge_b(), 0x400, 0xb },
	                    resume_a = { Ipc_pager::WAKE_UP, p.badge_a(), 0, 0 },
	                    resume_b = { Ipc_pager::WAKE_UP, p.badge_b(), 0, 0 };

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
