/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The blocking stub on the real kernel: threads are destroyed wherever they
 * stand, new ones take their place, and no thread notices
 *
 * What a monitor does for another protection domain is done here to threads of
 * the own one, by the interfaces that it has. If there is more than one CPU, each
 * new thread is on another one than the thread whose place it takes.
 */
#include <base/component.h>
#include <base/log.h>
#include <base/rpc_server.h>
#include <base/thread.h>
#include <cpu_thread/client.h>
#include <foc_native_cpu/client.h>
#include <foc_native_pd/client.h>

#include <base/internal/stub_labels.h>
#include <base/internal/utcb_words.h>

using namespace Genode;
using Foc::l4_thread_yield;


static Env     *env;
static unsigned failures;
static unsigned cpus = 1;

static Affinity::Location on(unsigned n) { return Affinity::Location(int(n % cpus), 0); }

/* One that core never hands out */
enum { DEAD_BADGE = 2, STACK = 4096*sizeof(long) };

static void check(bool ok, char const *what)
{
	if (ok)
		log("ok: ", what);
	else
		log("FAILED: ", what);
	failures += !ok;
}


static addr_t label(unsigned i)
{
	::uint64_t labels[CAPLOG_STUB_LABELS];
	stub_labels(labels);
	return (addr_t)labels[i];
}


/* Time for the other threads, a millisecond each if they have a CPU of their own */
static void yield_for(unsigned n)
{
	using namespace Foc;

	while (n--)
		if (cpus == 1)
			l4_thread_yield();
		else
			l4_ipc_sleep(l4_timeout(L4_IPC_TIMEOUT_NEVER, l4_timeout_rel(1000, 0)));
}


static Foc_thread_state place_of(Thread_capability cap)
{
	Foc_native_cpu_client cpu(env->cpu().native_cpu());
	return cpu.thread_state(cap);
}


static Thread_state state_of(Thread_capability cap) { return Cpu_thread_client(cap).state(); }


/* Stop a thread, wherever it is about to go */
static Foc_native_pd::Stopped pause(Thread_capability cap)
{
	Foc_native_pd_client pd(env->pd().native_pd());

	for (unsigned i = 0; i < 1000; i++) {
		Foc_native_pd::Stopped const stopped = pd.pause(cap);
		if (stopped.state != Foc_native_pd::Stopped::LEAVING)
			return stopped;
		yield_for(1);
	}
	check(false, "the thread stops");
	return pd.pause(cap);
}


/*
 * Destroy a thread and start a new one in its place
 */
static Thread_capability replace(Thread_capability old, addr_t ip, addr_t sp)
{
	static unsigned        nth   = 0;
	Cpu_session           &cpu   = env->cpu();
	Foc_thread_state const was   = place_of(old);

	/* core may use its badge for something else */
	Native_utcb place;
	place.foc_utcb = (Foc::l4_utcb_t *)was.utcb;
	Cap_index *entry = Utcb_words(place).entry();
	entry->id(DEAD_BADGE);

	cpu.kill_thread(old);

	Thread_capability const fresh =
		cpu.create_thread(env->pd_session_cap(), "again", on(nth++))
		.convert<Thread_capability>([] (Thread_capability cap) { return cap; },
		                            [] (Alloc_error)           { return Thread_capability(); });

	Foc_thread_state const is = place_of(fresh);
	if (is.kcap != was.kcap || is.utcb != was.utcb)
		check(false, "the new thread has the place of the old one");

	/* the badge of the gate, in the entry that everybody points to */
	entry->id(is.id);

	Cpu_thread_client(fresh).start(ip, sp);
	return fresh;
}


/* A thread that is blocked in the stub */
static Thread_capability restart(Thread_capability old)
{
	Foc_native_pd::Stopped const stopped = pause(old);

	check(stopped.ip == label(CAPLOG_STUB_KERNEL), "the thread is blocked in the stub");
	return replace(old, label(CAPLOG_STUB_RESTART), stopped.sp);
}


struct Waiter : Thread
{
	Blockade     &blockade;
	bool volatile done = false;

	Waiter(Blockade &b)
	: Thread(*env, "waiter", Stack_size { STACK }, on(1)), blockade(b) { start(); }

	void entry() override { blockade.block(); done = true; }
};


struct Test_service : Interface
{
	GENODE_RPC(Rpc_add, int, add, int, int);
	GENODE_RPC_INTERFACE(Rpc_add);
};


struct Adder : Rpc_object<Test_service, Adder>
{
	Blockade *before = nullptr;

	int add(int a, int b)
	{
		if (before)
			before->block();
		return a + b;
	}
};


struct Caller : Thread
{
	Capability<Test_service> server;
	int volatile             result = 0;

	Caller(Capability<Test_service> server)
	: Thread(*env, "caller", Stack_size { STACK }, on(1)), server(server) { start(); }

	void entry() override { result = server.call<Test_service::Rpc_add>(20, 22); }
};


struct Server : Entrypoint
{
	Server() : Entrypoint(*env, STACK, "server", on(0)) { }
};


/* Has the processor AVX registers that the kernel switches? */
static bool has_avx()
{
	unsigned a = 1, b, c = 0, d;
	asm volatile ("cpuid" : "+a" (a), "=b" (b), "+c" (c), "=d" (d));
	return (c & 0x18000000) == 0x18000000;
}


/*
 * Integer, floating point and, where it exists, AVX, long enough to be stopped many
 * times. The sum in the AVX register is in its upper half only.
 */
static double compute(bool avx)
{
	unsigned long n = 1;
	double        x = 0;
	unsigned long upper[4] = { 0, 0, 1, 3 }, sum[4] = { };

	if (avx)
		asm volatile ("vmovdqu %0, %%ymm12\n vmovdqu %0, %%ymm13" : : "m" (upper));

	for (unsigned long i = 0; i < 20000000UL; i++) {
		n  = n*6364136223846793005UL + 1442695040888963407UL;
		x += (double)(n >> 40)*1e-3;
		/* two unsigned sums of 128 bits, as integers of AVX need AVX2 */
		if (avx && i % 1024 == 0)
			asm volatile (
				"vextractf128 $1, %%ymm12, %%xmm14\n"
				"vextractf128 $1, %%ymm13, %%xmm15\n"
				"paddq %%xmm15, %%xmm14\n"
				"vinsertf128 $1, %%xmm14, %%ymm12, %%ymm12" : : : "xmm14", "xmm15");
	}
	if (avx)
		asm volatile ("vmovdqu %%ymm12, %0\n vzeroupper" : "=m" (sum));
	return x + (double)sum[2] + (double)sum[3];
}


struct Computer : Thread
{
	bool     const  avx;
	double volatile result = 0;
	bool   volatile done   = false;

	Computer(bool avx)
	: Thread(*env, "computer", Stack_size { 4*STACK }, on(0)), avx(avx) { start(); }

	void entry() override { result = compute(avx); done = true; }
};


/*
 * A thread that runs: registers from its exception, FPU by the save label
 */
static Thread_capability resume_elsewhere(Thread_capability old)
{
	Cpu_thread_client thread(old);

	for (unsigned i = 0; pause(old).state != Foc_native_pd::Stopped::EXCEPTION; i++) {
		if (i == 100) {
			check(false, "the running thread gets into an exception");
			return old;
		}
		/* it waits for a page just now */
		thread.resume();
		yield_for(1);
	}
	Cpu_state const s = state_of(old).cpu;

	addr_t const at = (s.sp - CAPLOG_RESUME_IP - sizeof(caplog_resume_x86_64)) & ~15UL;
	caplog_resume_x86_64 * const frame = (caplog_resume_x86_64 *)at;

	/* let it store its FPU state and the words of its UTCB */
	Thread_state save = state_of(old);
	save.cpu.ip = label(CAPLOG_STUB_SAVE);
	save.cpu.sp = at;
	thread.state(save);
	thread.resume();

	for (unsigned i = 0; i < 100000 && state_of(old).cpu.ip != label(CAPLOG_STUB_SAVED); i++)
		yield_for(1);
	if (state_of(old).cpu.ip != label(CAPLOG_STUB_SAVED))
		check(false, "the FPU state is saved");

	frame->r15 = s.r15; frame->r14 = s.r14; frame->r13 = s.r13; frame->r12 = s.r12;
	frame->r11 = s.r11; frame->r10 = s.r10; frame->r9  = s.r9;  frame->r8  = s.r8;
	frame->rdi = s.rdi; frame->rsi = s.rsi; frame->rbp = s.rbp; frame->rbx = s.rbx;
	frame->rdx = s.rdx; frame->rcx = s.rcx; frame->rax = s.rax;
	frame->flags = s.eflags & 0xcd5; /* arithmetic flags and direction */
	frame->sp    = s.sp;
	*(unsigned long *)(s.sp - CAPLOG_RESUME_IP) = s.ip;

	return replace(old, label(CAPLOG_STUB_RESUME), at);
}


static void test_blocked()
{
	static Blockade blockade;
	static Waiter   waiter(blockade);

	yield_for(100);
	Thread_capability cap = restart(waiter.cap());
	yield_for(100);
	cap = restart(cap);
	yield_for(100);
	check(!waiter.done, "a waiter that was recreated still waits");

	blockade.wakeup();
	for (unsigned i = 0; i < 1000 && !waiter.done; i++)
		yield_for(10);
	check(waiter.done, "and continues when it is woken");
}


static void test_calls()
{
	static Server   server;
	static Blockade go;
	static Adder    adder;

	adder.before = &go;
	Capability<Test_service> const cap =
		reinterpret_cap_cast<Test_service>(server.manage(adder));

	/* the first is being served, the second is not received yet */
	static Caller first(cap), caller(cap);

	yield_for(100);
	restart(caller.cap());
	yield_for(100);
	check(!caller.result, "a caller that was recreated still waits");

	go.wakeup();
	/* two at once would be one */
	for (unsigned i = 0; i < 1000 && !first.result; i++)
		yield_for(10);
	go.wakeup();
	for (unsigned i = 0; i < 1000 && !(caller.result && first.result); i++)
		yield_for(10);
	check(first.result == 42 && caller.result == 42, "and gets the answer when the server is ready");
	adder.before = nullptr;
}


void Component::construct(Env &e)
{
	env  = &e;
	cpus = env->cpu().affinity_space().width();
	log("--- stub test, CPUs: ", cpus, " ---");

	test_blocked();
	test_calls();

	bool const avx = has_avx();
	if (avx)
		log("the computation uses AVX");

	static Computer computer(avx);
	Thread_capability cap = computer.cap();
	unsigned replaced = 0;
	for (; replaced < 5 && !computer.done; replaced++) {
		yield_for(1);
		cap = resume_elsewhere(cap);
	}
	check(replaced == 5 && !computer.done, "five threads took part");
	while (!computer.done)
		yield_for(10);
	check(computer.result == compute(avx), "a computation continues through five threads");

	if (failures)
		error("stub test: ", failures, " failures");
	else
		log("--- stub test finished ---");
}
