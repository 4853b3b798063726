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
#include <region_map_component.h>

#include <stdio.h>
#include <string.h>


enum { CALLER = -1 };

struct End { };

struct Pager_message { Ipc_pager::Msg_type type; unsigned long badge, ip; addr_t regs; };

Fault fault;

static struct Faulter : Rm_client
{
	int      unresolvable = 0;
	unsigned signals = 0;

	int pager(Ipc_pager &) override { return unresolvable; }
} *faulter;

static Pager_message const *script;
static Pager_message        message;
static unsigned             script_left;
static long                 destination;
static addr_t               regs;
static char                 acts[256]; /* what the pager did, a letter each */

static void act(char const *what) { check(strlen(acts) + strlen(what) < sizeof(acts)); strcat(acts, what); }

static void next_message()
{
	if (!script_left--)
		throw End();
	message = *script++;
	regs    = message.regs;
}

static char const *to() { return destination == CALLER ? "caller " : destination == 0x55 ? "thread " : "nobody "; }

void Ipc_pager::wait_for_fault() { next_message(); }

void Ipc_pager::reply_and_wait_for_fault()
{
	act("page:");
	act(to());
	next_message();
}

addr_t              Ipc_pager::fault_ip()   { return message.ip; }
addr_t              Ipc_pager::fault_addr() { return fault.address; }
bool                Ipc_pager::write_fault() const { return fault.write; }
unsigned long       Ipc_pager::badge()      { return message.badge; }
Ipc_pager::Msg_type Ipc_pager::msg_type()   { return message.type; }

void Ipc_pager::set_reply_mapping(Mapping m)
{
	check(m.cacheability == CACHED);
	check(!m.device);
	fault.to       = m.to;
	fault.from     = m.from;
	fault.log2     = m.log2;
	fault.writable = m.writable;
}

void Ipc_pager::set_reply_dst(Native_thread t) { destination = t.kcap ? (long)t.kcap : (long)CALLER; }
void Ipc_pager::acknowledge_wakeup()           { act("ack:"); act(to()); }

void Ipc_pager::acknowledge_exception()
{
	check(!faulter->state.in_exception);

	/* nobody may ask meanwhile that the thread be stopped */
	Lock const free;
	check(memcmp(&free, &faulter->state.lock, sizeof(free)) != 0);

	act(regs == 0x1234 ? "regs:" : "wrong regs:");
	act(to());
}

void Ipc_pager::get_regs(Thread_state *s) { s->utcb = regs; }
void Ipc_pager::set_regs(Thread_state s)  { regs = s.utcb; }

static unsigned long badge_of_faulter = 0x55;

unsigned long Pager_object::badge() const { return badge_of_faulter; }

void Pager_object::submit_exception_signal()
{
	/* the handler may look at the thread at once */
	check(state.in_exception);
	state.lock.lock();
	state.lock.unlock();
	act("signal ");
}

Pager_entrypoint::Pager_entrypoint(Rpc_cap_factory &f, Thread_capability thread)
: Thread(0, "pager", 0), _cap_factory(f) { _thread_cap = thread; }

/* What the pager does for these messages */
template <unsigned N> static bool pager_does(Pager_entrypoint &ep, Pager_message const (&m)[N], char const *what)
{
	script      = m;
	script_left = N;
	acts[0]     = 0;
	regs        = 0;
	destination = 0;
	try { ep.entry(); } catch (End) { }
	if (strcmp(acts, what))
		fprintf(stderr, "did '%s', not '%s'\n", acts, what);
	return !strcmp(acts, what);
}

void test_pager()
{
	Rpc_cap_factory  &factory = *new Rpc_cap_factory(heap);
	Known_thread     &thread  = *new Known_thread(task_b, nullptr);
	Pager_entrypoint &ep = *new Pager_entrypoint(factory, reinterpret_cap_cast<Cpu_thread>(thread.cap.local));
	Thread_state     &state = (faulter = new Faulter)->state;
	unsigned const    blocks = heap.blocks;

	/* its capability is a gate to the pager's thread */
	Pager_capability gate = ep.manage(faulter);
	unsigned long const badge = gate.local_name();
	check(((hk_gate *)hk_slot(core_task, slot(gate)))->thread == thread.object);

	Pager_message const fault     = { Ipc_pager::PAGEFAULT, badge, 0x400, 0 },
	                    exception = { Ipc_pager::EXCEPTION, badge, 0x400, 0x1234 },
	                    pause     = { Ipc_pager::PAUSE,     badge, 0x400, 0x1234 },
	                    resume    = { Ipc_pager::WAKE_UP,   badge, 0, 0x9999 },
	                    wake_up   = { Ipc_pager::WAKE_UP,   badge, (unsigned long)faulter, 0x1234 },
	                    stranger  = { Ipc_pager::PAGEFAULT, badge + 4, 0x400, 0 };

	/* faults: answered with a page, or not at all until the region map has one */
	{ Pager_message const m[] = { fault, fault }; check(pager_does(ep, m, "page:thread page:thread ")); }
	faulter->unresolvable = 1;
	{ Pager_message const m[] = { fault, stranger }; check(pager_does(ep, m, "")); }
	state.utcb = 0x1234;
	/* a message wakes up no thread that waits for a page, whoever sends it */
	{ Pager_message const m[] = { wake_up }; check(pager_does(ep, m, "ack:caller ")); }

	/* the kernel ends its wait, and nobody waits for the pager */
	ex_regs_asked = 0;
	badge_of_faulter = thread.cap.local.data()->kcap();
	faulter->unresolved_page_fault_occurred();
	check(state.unresolved_page_fault);
	faulter->wake_up();
	check(ex_regs_asked == L4_THREAD_EX_REGS_CANCEL);
	badge_of_faulter = 0x55;

	/* a thread that is not in an exception is not answered when it is resumed */
	{ Pager_message const m[] = { resume, fault, resume }; check(pager_does(ep, m, "ack:caller ack:caller ")); }
	faulter->unresolvable = 0;
	check(state.exceptions == 0);
	check(!state.in_exception);

	/* an exception lasts until the thread is resumed, with what its registers are then */
	{ Pager_message const m[] = { exception }; check(pager_does(ep, m, "signal ")); }
	check(state.exceptions == 1);
	check(state.in_exception);
	check(state.utcb == 0x1234);
	{ Pager_message const m[] = { resume, resume }; check(pager_does(ep, m, "regs:thread ack:caller ack:caller ")); }
	check(!state.in_exception);

	/* paused: the same, but for the signal */
	state.paused = true;
	{ Pager_message const m[] = { pause }; check(pager_does(ep, m, "")); }
	check(state.exceptions == 2);
	check(state.in_exception);

	/* a message of a sibling, which has the pager's gate as well, does not resume it */
	{ Pager_message const m[] = { resume, wake_up }; check(pager_does(ep, m, "ack:caller ack:caller ")); }
	check(state.in_exception);
	state.paused = false;
	{ Pager_message const m[] = { resume }; check(pager_does(ep, m, "regs:thread ack:caller ")); }
	check(!state.in_exception);

	/* resumed before it stopped: it continues, without the page of the last fault */
	{ Pager_message const m[] = { fault, resume, pause, resume };
	  check(pager_does(ep, m, "page:thread ack:caller regs:thread ack:caller ")); }
	check(state.exceptions == 3);
	check(!state.in_exception);

	/* gone: its messages belong to no object, and its gate is destroyed */
	check(heap.blocks == blocks + 1);
	ep.dissolve(faulter);
	{ Pager_message const m[] = { fault, exception, pause, resume, wake_up }; check(pager_does(ep, m, "")); }
	faulter->cap(Native_capability());
	destroyed = 0;
	gate = Pager_capability();
	check(destroyed == 1);
	check(heap.blocks == blocks);
}
