/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The blocking stub on the real kernel: threads are destroyed wherever they
 * stand, new ones take their place, and no thread notices
 *
 * What the monitor does for another protection domain is done here to threads
 * of the own one.
 */
#include <base/env.h>
#include <base/log.h>
#include <base/rpc_server.h>
#include <base/sleep.h>
#include <base/thread.h>
#include <cpu_session/cpu_session.h>
#include <cpu_thread/client.h>

#include <base/internal/stub_labels.h>
#include <base/internal/utcb_words.h>

namespace Fiasco {
#include <l4/sys/thread.h>
}

using namespace Genode;
using Fiasco::l4_thread_yield;


static unsigned failures;

/* One that core never hands out */
enum { DEAD_BADGE = 2 };

static void check(bool ok, char const *what)
{
	log(ok ? "ok: " : "FAILED: ", what);
	failures += !ok;
}


static addr_t label(unsigned i)
{
	::uint64_t labels[CAPLOG_STUB_LABELS];
	stub_labels(labels);
	return labels[i];
}


static void yield_for(unsigned n)
{
	while (n--)
		l4_thread_yield();
}


static Thread_state state_of(Thread_capability cap)
{
	return Cpu_thread_client(cap).state();
}


/*
 * Destroy a thread and start a new one in its place
 */
static Thread_capability replace(Thread_capability old, addr_t ip, addr_t sp)
{
	Cpu_session &cpu    = *env()->cpu_session();
	addr_t const gate   = state_of(old).kcap;
	addr_t const utcb   = state_of(old).utcb;

	/* core may use its badge for something else at once */
	Native_utcb place;
	place.foc_utcb = (Fiasco::l4_utcb_t *)utcb;
	Cap_index *entry = Utcb_words(place).entry();
	entry->id(DEAD_BADGE);

	cpu.kill_thread(old);

	Thread_capability const fresh =
		cpu.create_thread(env()->pd_session_cap(), "again", Affinity::Location(),
		                  Cpu_session::Weight());
	Thread_state const state = state_of(fresh);

	if (state.kcap != gate || state.utcb != utcb)
		check(false, "the new thread has the place of the old one");

	/* the badge of the gate, in the entry that everybody points to */
	entry->id(state.id);

	Cpu_thread_client(fresh).start(ip, sp);
	return fresh;
}


/* A thread that is blocked in the stub */
static Thread_capability restart(Thread_capability old)
{
	Cpu_thread_client(old).pause();

	Thread_state const state = state_of(old);
	check(state.ip == label(CAPLOG_STUB_KERNEL), "the thread is blocked in the stub");

	return replace(old, label(CAPLOG_STUB_RESTART), state.sp);
}


struct Waiter : Thread_deprecated<4096*sizeof(long)>
{
	Lock         &lock;
	bool volatile done = false;

	Waiter(Lock &lock) : Thread_deprecated("waiter"), lock(lock) { }

	void entry() override { lock.lock(); done = true; }
};


struct Test_service
{
	GENODE_RPC(Rpc_add, int, add, int, int);
	GENODE_RPC_INTERFACE(Rpc_add);
};


struct Adder : Rpc_object<Test_service, Adder>
{
	int add(int a, int b) { return a + b; }
};


struct Caller : Thread_deprecated<4096*sizeof(long)>
{
	Capability<Test_service> server;
	int volatile             result = 0;

	Caller(Capability<Test_service> server) : Thread_deprecated("caller"), server(server) { }

	void entry() override { result = server.call<Test_service::Rpc_add>(20, 22); }
};


/* Integer and floating point, long enough to be stopped many times */
static double compute()
{
	unsigned long n = 1;
	double        x = 0;

	for (unsigned long i = 0; i < 100000000UL; i++) {
		n  = n*6364136223846793005UL + 1442695040888963407UL;
		x += (double)(n >> 40)*1e-3;
	}
	return x;
}


struct Computer : Thread_deprecated<4096*sizeof(long)>
{
	double volatile result = 0;
	bool   volatile done   = false;

	Computer() : Thread_deprecated("computer") { }

	void entry() override { result = compute(); done = true; }
};


/*
 * A thread that runs: registers from its exception, FPU by the save label
 */
static Thread_capability resume_elsewhere(Thread_capability old)
{
	static caplog_resume_x86_64 *frame;

	Cpu_thread_client thread(old);

	/* it may wait for a page just now */
	for (unsigned i = 0; thread.pause(), !state_of(old).in_exception; i++) {
		if (i == 100) {
			check(false, "the running thread gets into an exception");
			return old;
		}
		thread.resume();
		yield_for(1);
	}

	Thread_state const s = state_of(old);

	addr_t const at = (s.sp - CAPLOG_RESUME_IP - sizeof(*frame)) & ~15UL;
	frame = (caplog_resume_x86_64 *)at;

	/* let it store its FPU state and the words of its UTCB */
	Thread_state save = s;
	save.ip = label(CAPLOG_STUB_SAVE);
	save.sp = at;
	unsigned const exceptions = s.exceptions;
	thread.state(save);
	thread.resume();
	while (state_of(old).exceptions == exceptions)
		yield_for(1);
	check(state_of(old).ip == label(CAPLOG_STUB_SAVED), "the FPU state is saved");

	frame->r15 = s.r15; frame->r14 = s.r14; frame->r13 = s.r13; frame->r12 = s.r12;
	frame->r11 = s.r11; frame->r10 = s.r10; frame->r9  = s.r9;  frame->r8  = s.r8;
	frame->rdi = s.rdi; frame->rsi = s.rsi; frame->rbp = s.rbp; frame->rbx = s.rbx;
	frame->rdx = s.rdx; frame->rcx = s.rcx; frame->rax = s.rax;
	frame->flags = s.eflags & 0xcd5; /* arithmetic flags and direction */
	frame->sp    = s.sp;
	*(unsigned long *)(s.sp - CAPLOG_RESUME_IP) = s.ip;

	return replace(old, label(CAPLOG_STUB_RESUME), at);
}


int main()
{
	log("--- stub test ---");

	{
		static Lock   lock(Lock::LOCKED);
		static Waiter waiter(lock);

		waiter.start();
		yield_for(100);
		Thread_capability cap = restart(waiter.cap());
		yield_for(100);
		cap = restart(cap);
		yield_for(100);
		check(!waiter.done, "a waiter that was recreated still waits");

		/* a wake-up that is lost: the lock is passed on while no thread waits */
		lock.unlock();
		for (unsigned i = 0; i < 1000 && !waiter.done; i++)
			yield_for(10);
		check(waiter.done, "and gets the lock when it is free");
	}
	{
		static Rpc_entrypoint ep(env()->pd_session(), 4096*sizeof(long), "server", false);
		static Adder          adder;
		static Caller         caller(ep.manage(&adder));

		caller.start();
		yield_for(100);
		restart(caller.cap());
		yield_for(100);
		check(!caller.result, "a caller that was recreated still waits");

		ep.activate();
		for (unsigned i = 0; i < 1000 && !caller.result; i++)
			yield_for(10);
		check(caller.result == 42, "and gets the answer when the server is ready");

		/* the server's thread: its old gates are gone with it, new ones can be made */
		static Adder  second;
		restart(((Thread &)ep).cap());
		static Caller late(ep.manage(&second));
		late.start();
		for (unsigned i = 0; i < 1000 && !late.result; i++)
			yield_for(10);
		check(late.result == 42, "a server that was recreated serves new objects");
	}
	{
		static Computer computer;
		computer.start();

		Thread_capability cap = computer.cap();
		unsigned replaced = 0;
		for (; replaced < 5 && !computer.done; replaced++) {
			yield_for(1);
			cap = resume_elsewhere(cap);
		}
		check(replaced == 5 && !computer.done, "five threads took part");
		while (!computer.done)
			yield_for(10);
		check(computer.result == compute(), "a computation continues through five threads");
	}
	if (failures)
		error("stub test: ", failures, " failures");
	else
		log("--- stub test finished ---");
	return failures;
}
