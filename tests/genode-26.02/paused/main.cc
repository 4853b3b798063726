/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads that are paused at random instants and resumed crosswise
 *
 * Some compute, with values of their own in SSE, AVX and x87 registers, and look at
 * them and at the address of their UTCB, which a segment register has, again and
 * again. Others wait for locks, call a server, or enter the kernel all the time. The
 * main thread stops a few of them, by the CPU session or by Foc_native_pd, and
 * resumes them in another order. Meanwhile the others run, and wake those that are
 * stopped. A stopped thread stands still; a resumed one continues where it was, and
 * each call has its effect once.
 *
 * <config cpus="2"/>: every second thread is on the second CPU.
 */
#include <base/attached_rom_dataspace.h>
#include <base/blockade.h>
#include <base/component.h>
#include <base/entrypoint.h>
#include <base/log.h>
#include <base/thread.h>
#include <cpu_thread/client.h>
#include <foc_native_pd/client.h>

#include <foc/syscall.h>

using namespace Genode;

enum { STACK = 16*1024 };


static void *utcb_by_segment()
{
	void *utcb;
	asm volatile ("mov %%gs:0, %0" : "=r" (utcb));
	return utcb;
}


/* Has the processor AVX registers that the kernel switches? */
static bool has_avx()
{
	unsigned a = 1, b, c = 0, d;
	asm volatile ("cpuid" : "+a" (a), "=b" (b), "+c" (c), "=d" (d));
	return (c & 0x18000000) == 0x18000000;
}


/* Registers that a thread holds while it is paused */
struct Held
{
	uint64_t sse[16][2];
	double   x87;
	uint64_t unused, upper[2][2];
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


/* The same with the upper halves of two AVX registers */
static void hold_upper(Held const &in, Held &out, unsigned long turns)
{
	asm volatile (
		"vinsertf128 $1, 272(%1), %%ymm3, %%ymm3\n"
		"vinsertf128 $1, 288(%1), %%ymm12, %%ymm12\n"
		"1: dec %0             \n"
		"jnz 1b                \n"
		"vextractf128 $1, %%ymm3,  272(%2)\n"
		"vextractf128 $1, %%ymm12, 288(%2)\n"
		"vzeroupper            \n"
		: "+r" (turns) : "r" (&in), "r" (&out)
		: "memory", "cc", "xmm3", "xmm12");
}


/* A thread that is stopped and resumed */
struct Player : Interface
{
	char const * const what;

	unsigned volatile turns = 0, wrong = 0;

	Player(char const *what) : what(what) { }

	virtual Thread_capability cap() = 0;

	void turn(bool right)
	{
		wrong = wrong + !right;
		turns = turns + 1;
	}

	/* Threads that switch to each other by messages leave nothing to the others */
	void leave_some()
	{
		if (turns % 256 == 0)
			Foc::l4_thread_yield();
	}
};


template <typename T>
struct Player_thread : Player, Thread
{
	Player_thread(Env &env, char const *what, Location location)
	: Player(what), Thread(env, Name(what), Stack_size { STACK }, location) { start(); }

	Thread_capability cap() override { return Thread::cap(); }

	void entry() override { static_cast<T *>(this)->play(); }
};


/* Makes no system call: with another thread's UTCB that would end badly */
struct Computing : Player_thread<Computing>
{
	using Player_thread::Player_thread;

	void play()
	{
		void * const utcb = utcb_by_segment();
		bool   const avx  = has_avx();
		Held         in { }, out { };

		for (unsigned i = 0; i < 16; i++)
			in.sse[i][0] = in.sse[i][1] = (addr_t)utcb*(i + 1);
		in.x87 = 3.5*double((addr_t)utcb >> 10 & 0xff);
		for (unsigned i = 0; avx && i < 2; i++)
			in.upper[i][0] = in.upper[i][1] = ~(addr_t)utcb*(i + 1);

		for (;;) {
			hold_registers(in, out, 5000);
			if (avx)
				hold_upper(in, out, 5000);
			turn(utcb_by_segment() == utcb && !memcmp(&in, &out, sizeof(in)));
		}
	}
};


/* Enters the kernel, which answers at once */
struct Entering : Player_thread<Entering>
{
	using Player_thread::Player_thread;

	void play()
	{
		using namespace Foc;

		for (void * const utcb = utcb_by_segment(); ; ) {
			l4_task_cap_valid(L4_BASE_TASK_CAP, L4_BASE_TASK_CAP);
			turn(utcb_by_segment() == utcb);
			leave_some();
		}
	}
};


/* One wakes the other, and waits for it */
struct Ball { Blockade there { }, back { }; unsigned volatile at = 0; };

template <bool FIRST>
struct Playing : Player_thread<Playing<FIRST>>
{
	static Ball &ball() { static Ball ball { }; return ball; }

	using Player_thread<Playing<FIRST>>::Player_thread;

	void play()
	{
		Ball &ball = Playing<true>::ball();

		for (;;) {
			if (!FIRST)
				ball.there.block();
			unsigned const at = ball.at;
			ball.at = at + 1;
			this->turn(at % 2 == !FIRST);
			this->leave_some();
			if (FIRST) {
				ball.there.wakeup();
				ball.back.block();
			} else {
				ball.back.wakeup();
			}
		}
	}
};


struct Count : Interface
{
	GENODE_RPC(Rpc_count, unsigned, count, unsigned, unsigned);
	GENODE_RPC_INTERFACE(Rpc_count);
};


/* Knows the next number of each caller */
struct Server : Player, Rpc_object<Count, Server>
{
	enum { CALLERS = 2 };

	Entrypoint        ep;
	unsigned          next[CALLERS] { };
	Thread_capability thread { };
	Capability<Count> count_cap { reinterpret_cap_cast<Count>(ep.manage(*this)) };

	Server(Env &env, char const *what, Thread::Location location)
	: Player(what), ep(env, STACK, what, location) { }

	unsigned count(unsigned caller, unsigned n)
	{
		thread = Thread::myself()->cap();
		turn(n == next[caller]);
		next[caller] = n + 1;
		return n + 1;
	}

	Thread_capability cap() override { return thread; }
};


struct Calling : Player, Thread
{
	Capability<Count> const server;
	unsigned          const number;

	Calling(Env &env, char const *what, Location location, Server &server, unsigned number)
	:
		Player(what), Thread(env, Name(what), Stack_size { STACK }, location),
		server(server.count_cap), number(number)
	{ start(); }

	Thread_capability cap() override { return Thread::cap(); }

	void entry() override
	{
		for (unsigned n = 0; ; n++) {
			turn(server.call<Count::Rpc_count>(number, n) == n + 1);
			leave_some();
		}
	}
};


struct Main
{
	Env                   &env;
	Attached_rom_dataspace config { env, "config" };
	Foc_native_pd_client   pd     { env.pd().native_pd() };

	unsigned const cpus   = config.node().attribute_value("cpus",   1u);
	unsigned const rounds = config.node().attribute_value("rounds", 400u);

	Thread::Location on(unsigned cpu) const { return Thread::Location(int(cpu % cpus), 0); }

	Computing      one    { env, "computing 1",   on(0) }, two { env, "computing 2", on(1) };
	Entering       enters { env, "entering",      on(0) };
	Playing<true>  first  { env, "first player",  on(1) };
	Playing<false> second { env, "second player", on(0) };
	Server         server { env, "server",        on(1) };
	Calling        caller { env, "caller",        on(0), server, 0 },
	               other  { env, "other caller",  on(1), server, 1 };

	enum { PLAYERS = 8, AT_ONCE = 4 };

	Player * const player[PLAYERS] { &one, &two, &enters, &first, &second, &server, &caller, &other };

	unsigned failures = 0, state = config.node().attribute_value("seed", 1u);
	unsigned blocked = 0, at_call = 0, behind_call = 0, elsewhere = 0, missing = 0;

	void failed(auto const &... what)
	{
		log("FAILED: ", what...);
		failures++;
	}

	unsigned below(unsigned n)
	{
		state = state*1664525 + 1013904223;
		return (state >> 16) % n;
	}

	/* Of the kernel's clock: whoever runs at the end of it, is stopped anywhere */
	static void sleep_ms(unsigned ms)
	{
		using namespace Foc;

		while (ms--)
			l4_ipc_sleep(l4_timeout(L4_IPC_TIMEOUT_NEVER, l4_timeout_rel(1000, 0)));
	}

	/* The two bytes of the instruction that enters the kernel */
	static bool enters_kernel(addr_t at)
	{
		uint8_t const * const byte = (uint8_t const *)at;
		return byte[0] == 0x0f && byte[1] == 0x05;
	}

	void stop(Player &p)
	{
		using Stopped = Foc_native_pd::Stopped;

		if (below(2)) {
			Cpu_thread_client(p.cap()).pause();
		} else {
			for (unsigned n = 0; n < 1000 && pd.pause(p.cap()).state == Stopped::LEAVING; n++)
				Foc::l4_thread_yield();
		}

		Stopped const is = pd.pause(p.cap());
		if (is.state == Stopped::BLOCKED)
			blocked++;
		else if (is.state != Stopped::EXCEPTION)
			missing++;
		else if (enters_kernel(is.ip))
			at_call++;
		else if (enters_kernel(is.ip - 2))
			behind_call++;
		else
			elsewhere++;
	}

	void resume(Player &p) { Cpu_thread_client(p.cap()).resume(); }

	void some_at_once()
	{
		unsigned const count = 1 + below(AT_ONCE), from = below(PLAYERS), step = 1 + 2*below(PLAYERS/2);
		unsigned       turns[AT_ONCE];

		auto nth = [&] (unsigned n) -> Player & { return *player[(from + n*step) % PLAYERS]; };

		for (unsigned n = 0; n < count; n++) {
			stop(nth(n));
			turns[n] = nth(n).turns;
			sleep_ms(below(3));
		}
		for (unsigned n = 0; n < count; n++)
			if (nth(n).turns != turns[n])
				failed(nth(n).what, " runs while it is stopped");

		/* in another order; a thread may be stopped again before it ran */
		for (unsigned n = 0; n < count; n++) {
			Player &p = nth((n + 1) % count);
			resume(p);
			if (!below(4)) {
				stop(p);
				unsigned const before = p.turns;
				sleep_ms(2);
				if (p.turns != before)
					failed(p.what, " runs while it is stopped again");
				resume(p);
			}
			sleep_ms(below(2));
		}
	}

	void all_continue()
	{
		for (Player *p : player) {
			unsigned const before = p->turns;
			for (unsigned ms = 0; ms < 1000 && p->turns - before < 2; ms++)
				sleep_ms(1);
			if (p->turns - before < 2)
				failed(p->what, " does not continue");
			if (p->wrong)
				failed(p->what, " was disturbed");
		}
	}

	Main(Env &env) : env(env)
	{
		log("--- pause test, ", cpus, " CPUs", has_avx() ? ", AVX ---" : " ---");
		all_continue();

		for (unsigned n = 1; n <= rounds && !failures; n++) {
			some_at_once();
			all_continue();
			if (n % 50 == 0)
				log("round ", n);
		}
		log("stopped: ", blocked, " blocked in the kernel, ", at_call, " before and ", behind_call,
		    " behind a system call, ", elsewhere, " elsewhere, ", missing, " not at once");
		for (Player *p : player)
			log(p->what, ": ", p->turns, " turns");
		log("--- pause test ", failures ? "FAILED" : "finished", " ---");
	}
};


void Component::construct(Env &env) { static Main main(env); }
