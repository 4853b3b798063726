/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads that are paused and resumed crosswise keep their registers
 *
 * Each computing thread holds values of its own in SSE and x87 registers, and
 * looks at them and at the address of its UTCB, which a segment register has,
 * again and again. The main thread pauses one, pauses another, resumes the first.
 * Nothing here needs more than Genode as it is.
 *
 * <config cpus="2"/>: computing threads beside the first are on the second CPU.
 */
#include <base/attached_rom_dataspace.h>
#include <base/blockade.h>
#include <base/component.h>
#include <base/log.h>
#include <base/thread.h>
#include <cpu_thread/client.h>

#include <foc/syscall.h>

using namespace Genode;

enum { STACK = 16*1024, ROUNDS = 20, COMPUTING = 3 };


static void *utcb_by_segment()
{
	void *utcb;
	asm volatile ("mov %%gs:0, %0" : "=r" (utcb));
	return utcb;
}


/* Registers that a thread holds while it is paused */
struct Held
{
	uint64_t sse[16][2];
	double   x87;
};

/* Fill the registers, spend some time, store them */
static void hold_registers(Held const &in, Held &out, unsigned long turns)
{
	asm volatile (
		"fldl   256(%1)       \n"
		"movups   0(%1), %%xmm0 \n" "movups  16(%1), %%xmm1 \n"
		"movups  32(%1), %%xmm2 \n" "movups  48(%1), %%xmm3 \n"
		"movups  64(%1), %%xmm4 \n" "movups  80(%1), %%xmm5 \n"
		"movups  96(%1), %%xmm6 \n" "movups 112(%1), %%xmm7 \n"
		"movups 128(%1), %%xmm8 \n" "movups 144(%1), %%xmm9 \n"
		"movups 160(%1), %%xmm10\n" "movups 176(%1), %%xmm11\n"
		"movups 192(%1), %%xmm12\n" "movups 208(%1), %%xmm13\n"
		"movups 224(%1), %%xmm14\n" "movups 240(%1), %%xmm15\n"
		"1: dec %0             \n"
		"jnz 1b                \n"
		"movups %%xmm0,    0(%2)\n" "movups %%xmm1,   16(%2)\n"
		"movups %%xmm2,   32(%2)\n" "movups %%xmm3,   48(%2)\n"
		"movups %%xmm4,   64(%2)\n" "movups %%xmm5,   80(%2)\n"
		"movups %%xmm6,   96(%2)\n" "movups %%xmm7,  112(%2)\n"
		"movups %%xmm8,  128(%2)\n" "movups %%xmm9,  144(%2)\n"
		"movups %%xmm10, 160(%2)\n" "movups %%xmm11, 176(%2)\n"
		"movups %%xmm12, 192(%2)\n" "movups %%xmm13, 208(%2)\n"
		"movups %%xmm14, 224(%2)\n" "movups %%xmm15, 240(%2)\n"
		"fstpl  256(%2)        \n"
		: "+r" (turns) : "r" (&in), "r" (&out)
		: "memory", "cc", "st",
		  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
		  "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}


/* Makes no system call: with another thread's UTCB that would end badly */
struct Computing : Thread
{
	unsigned const    number;
	unsigned volatile turns = 0, wrong_utcb = 0, wrong_fpu = 0;

	Computing(Env &env, unsigned number, Location location)
	: Thread(env, Name("computing ", number), Stack_size { STACK }, location), number(number)
	{ start(); }

	void entry() override
	{
		void * const utcb = utcb_by_segment();
		Held in { }, out { };

		for (unsigned i = 0; i < 16; i++)
			in.sse[i][0] = in.sse[i][1] = ~0UL/(number + 2)*(i + 1);
		in.x87 = 3.5*number;

		for (;;) {
			hold_registers(in, out, 5000);

			if (utcb_by_segment() != utcb)
				wrong_utcb = wrong_utcb + 1;
			if (memcmp(&in, &out, sizeof(in)))
				wrong_fpu = wrong_fpu + 1;
			turns = turns + 1;
		}
	}
};


/* Is paused in the kernel, where it waits to be woken */
struct Waiting : Thread
{
	Blockade          next { };
	unsigned volatile woken = 0;

	Waiting(Env &env) : Thread(env, Name("waiting"), Stack_size { STACK }, Location()) { start(); }

	void entry() override
	{
		for (;;) {
			next.block();
			woken = woken + 1;
		}
	}
};


struct Main
{
	Env                   &env;
	Attached_rom_dataspace config { env, "config" };

	unsigned const cpus = config.node().attribute_value("cpus", 1u);

	/* the main thread is on the first CPU, and never waits for time */
	Thread::Location other() const { return Thread::Location(int(cpus) - 1, 0); }

	Computing one { env, 1, other() }, two { env, 2, other() }, three { env, 3, other() };
	Waiting   waiting { env };

	unsigned failures = 0;

	void check(bool right, auto const &... what)
	{
		if (!right)
			log("FAILED: ", what...);
		failures += !right;
	}

	/* Until it went on; its turns take a while */
	bool continues(Computing &thread)
	{
		unsigned const before = thread.turns;
		for (unsigned n = 0; n < 100000 && thread.turns - before < 2; n++)
			Foc::l4_thread_yield();
		return thread.turns - before >= 2;
	}

	bool stands(Computing &thread)
	{
		unsigned const before = thread.turns;
		for (unsigned n = 0; n < 2; n++)
			Foc::l4_thread_yield();
		return thread.turns == before;
	}

	void cross(Computing &a, Computing &b)
	{
		Cpu_thread_client first(a.cap()), second(b.cap()), third(waiting.cap());

		first.pause();
		second.pause();
		third.pause();
		check(stands(a) && stands(b), "a paused thread runs");

		/* woken while it is paused: it goes on once it is resumed */
		unsigned const woken = waiting.woken;
		waiting.next.wakeup();

		first.resume();
		check(continues(a), "thread ", a.number, " does not continue");
		second.resume();
		check(continues(b), "thread ", b.number, " does not continue");
		third.resume();
		for (unsigned n = 0; n < 100000 && waiting.woken == woken; n++)
			Foc::l4_thread_yield();
		check(waiting.woken == woken + 1, "the waiting thread was woken ",
		      waiting.woken - woken, " times, not once");
	}

	Main(Env &env) : env(env)
	{
		log("--- pause test, ", cpus, " CPUs ---");
		for (unsigned n = 0; n < ROUNDS && !failures; n++) {
			cross(one, two);
			cross(three, one);
			cross(two, three);
			if (n % 4 == 3)
				log("round ", n + 1);
		}
		Computing * const computing[COMPUTING] { &one, &two, &three };

		for (Computing *thread : computing) {
			log("thread ", thread->number, ": ", thread->turns, " turns, another UTCB in ",
			    thread->wrong_utcb, ", other registers in ", thread->wrong_fpu);
			failures += thread->wrong_utcb || thread->wrong_fpu;
		}
		log("--- pause test ", failures ? "FAILED" : "finished", " ---");
	}
};


void Component::construct(Env &env) { static Main main(env); }
