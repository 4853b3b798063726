/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The stub (kernel_entry.S of this machine), as it is
 *
 * Its system call is an interrupt that Linux does not know: the process gets a
 * signal with all registers, and the handler plays the kernel, and the monitor.
 * Other such interrupts, around the stub and within a computation, let
 * it set the registers and look at them.
 *
 * Not like the real kernel: which registers a system call leaves alone (here:
 * none but those that the stub relies on), and whose the FPU is (always ours).
 * The real kernel is asked by run/caplog_stub.run.
 */
#include <caplog/stub.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#define check_equal(got, expected) \
	equal(__LINE__, #got, (unsigned long)(got), #expected, (unsigned long)(expected))

static void fail(int line, const char *what)
{
	fprintf(stderr, "%s:%d: %s\n", __FILE__, line, what);
	_exit(1);
}

static void equal(int line, const char *what, unsigned long got, const char *of, unsigned long expected)
{
	if (got == expected)
		return;
	fprintf(stderr, "%s:%d: %s is %#lx, not %s, %#lx\n", __FILE__, line, what, got, of, expected);
	_exit(1);
}

unsigned long caplog_kernel_entry(unsigned long dest, unsigned long tag, unsigned long timeout,
                                  unsigned long *label, uint32_t *holders);

#define X(num, id, name) extern char caplog_stub_##name[];
CAPLOG_STUBS(X)
#undef X

/* Calls the stub between two traps; a trap within other code */
unsigned long traced_entry(unsigned long dest, unsigned long tag, unsigned long timeout,
                           unsigned long *label, uint32_t *holders);
void compute(void);
extern char trap_before[], trap_after[], trap_inside[], trap_resumed[];

#if defined(__x86_64__)

typedef struct caplog_resume_x86_64 resume_frame;
enum { IP = REG_RIP, SP = REG_RSP, AX = REG_RAX, CX = REG_RCX, DX = REG_RDX, SI = REG_RSI,
       USER = 1008, FRAME_USER = 8, WORDS = 8 };
static const int kept[] = { REG_RBX, REG_RBP, REG_R12, REG_R13, REG_R14, REG_R15 };
static const int all[]  = { REG_R15, REG_R14, REG_R13, REG_R12, REG_R11, REG_R10, REG_R9, REG_R8,
                            REG_RDI, REG_RSI, REG_RBP, REG_RBX, REG_RDX, REG_RCX, REG_RAX };
#define FIRST_REGISTER r15

__asm__(
	".text\n"
	"traced_entry:\n"
	"	sub $8, %rsp\n"
	"trap_before: int $0x31\n"
	"	call caplog_kernel_entry\n"
	"trap_after: int $0x31\n"
	"	add $8, %rsp\n"
	"	ret\n"
	"compute:\n"
	"	push %rbp\n	push %rbx\n	push %r12\n	push %r13\n	push %r14\n	push %r15\n"
	"trap_inside: int $0x31\n"
	"trap_resumed: int $0x31\n"
	"	pop %r15\n	pop %r14\n	pop %r13\n	pop %r12\n	pop %rbx\n	pop %rbp\n"
	"	ret\n");

static void *utcb_pointer;

static void use_utcb(void *utcb)
{
	enum { ARCH_PRCTL = 158, ARCH_SET_GS = 0x1001 };

	utcb_pointer = utcb;
	check_equal(syscall(ARCH_PRCTL, ARCH_SET_GS, &utcb_pointer), 0);
}

static void set_fpu(ucontext_t *u, unsigned cw)
{
	u->uc_mcontext.fpregs->cwd   = (uint16_t)cw;
	u->uc_mcontext.fpregs->mxcsr = 0x1f80u | (cw & 0xc00u) << 3;
}

static int fpu_is(const ucontext_t *u, unsigned cw)
{
	return u->uc_mcontext.fpregs->cwd == cw &&
	       (u->uc_mcontext.fpregs->mxcsr & 0x6000u) == (cw & 0xc00u) << 3;
}

/*
 * Upper halves of the AVX registers, which Linux puts behind the FPU state and a
 * header that says whether they are there
 */
static void fill_upper(ucontext_t *u, int first)
{
	unsigned char *state = (unsigned char *)u->uc_mcontext.fpregs;

	if (!__builtin_cpu_supports("avx"))
		return;
	state[512] |= 4;
	for (int i = 0; i < 256; i++)
		state[576 + i] = (unsigned char)(first ? first + i : 0);
}

static int upper_is(ucontext_t *u, int first)
{
	const unsigned char *state = (const unsigned char *)u->uc_mcontext.fpregs;

	for (int i = 0; i < 256 && __builtin_cpu_supports("avx"); i++)
		if (state[576 + i] != (unsigned char)(first + i))
			return 0;
	return 1;
}

#else

typedef struct caplog_resume_x86_32 resume_frame;
enum { IP = REG_EIP, SP = REG_ESP, AX = REG_EAX, CX = REG_ECX, DX = REG_EDX, SI = REG_ESI,
       USER = 504, FRAME_USER = 4, WORDS = 4 };
static const int kept[] = { REG_EBX, REG_EBP, REG_ESI, REG_EDI };
static const int all[]  = { REG_EDI, REG_ESI, REG_EBP, REG_EBX, REG_EDX, REG_ECX, REG_EAX };
#define FIRST_REGISTER edi

/* The arguments are on the stack, where the stub wants them: so the return address is put away */
__asm__(
	".text\n"
	"traced_entry:\n"
	"	pop %eax\n"
	"	mov %eax, return_address\n"
	"trap_before: int $0x31\n"
	"	call caplog_kernel_entry\n"
	"trap_after: int $0x31\n"
	"	push return_address\n"
	"	ret\n"
	"compute:\n"
	"	push %ebp\n	push %ebx\n	push %esi\n	push %edi\n"
	"trap_inside: int $0x31\n"
	"trap_resumed: int $0x31\n"
	"	pop %edi\n	pop %esi\n	pop %ebx\n	pop %ebp\n"
	"	ret\n"
	".local return_address\n"
	".comm return_address, 4, 4\n");

static void *utcb_pointer;

static void use_utcb(void *utcb)
{
	enum { SET_THREAD_AREA = 243, BITS32 = 1, IN_PAGES = 1 << 4, USEABLE = 1 << 6 };

	/* struct user_desc; -1: any entry that is free */
	struct { unsigned entry; unsigned long base; unsigned limit, flags; } d =
		{ (unsigned)-1, (unsigned long)&utcb_pointer, 0xfffff, BITS32 | IN_PAGES | USEABLE };

	utcb_pointer = utcb;
	check_equal(syscall(SET_THREAD_AREA, &d), 0);
	__asm__ volatile ("mov %w0, %%fs" : : "r" (d.entry << 3 | 3));
}

static void set_fpu(ucontext_t *u, unsigned cw) { u->uc_mcontext.fpregs->cw = 0xffff0000u | cw; }

static int fpu_is(const ucontext_t *u, unsigned cw) { return (u->uc_mcontext.fpregs->cw & 0xffffu) == cw; }

static void fill_upper(ucontext_t *u, int first) { (void)u; (void)first; }
static int  upper_is(ucontext_t *u, int first)   { (void)u; return first; }

#endif

static int at_smsw(const unsigned char *ip) { return ip[0] == 0x0f && ip[1] == 0x01 && ip[2] == 0xe0; }

enum { KEPT = sizeof kept / sizeof kept[0], ALL = sizeof all / sizeof all[0],
       ROUND_DOWN = 0x77f, DEFAULT = 0x37f, FLAGS = 0xcd5,
       DEST = 0x300003, TAG = 0x40002, TIMEOUT = 0x4000000, RESULT = 0x1c3, LABEL = 0x1003 };

static unsigned long *user;     /* the two words of the UTCB */
static unsigned long *message;  /* its first words */
static uint32_t       holders;
static int            remake;   /* does the monitor recreate the thread? */
static unsigned       entries, saves;
static gregset_t      original, before;
static resume_frame  *frame;

static unsigned long reg(const ucontext_t *u, int r) { return (unsigned long)u->uc_mcontext.gregs[r]; }
static void set(ucontext_t *u, int r, unsigned long v) { u->uc_mcontext.gregs[r] = (greg_t)v; }
static void jump(ucontext_t *u, const char *to) { set(u, IP, (unsigned long)to); }

static unsigned long pattern(int r) { return 0x5a000000ul + (unsigned long)r*0x10101ul; }

/* A new thread: nothing is in its registers, nothing in its UTCB */
static void begin_anew(ucontext_t *u, const char *label, unsigned long sp)
{
	for (unsigned i = 0; i < ALL; i++)
		set(u, all[i], 0xdeadul + i);
	set_fpu(u, DEFAULT);
	fill_upper(u, 0);
	user[0] = user[1] = 0;
	memset(message, 0, CAPLOG_RESUME_WORDS * sizeof *message);
	set(u, SP, sp);
	jump(u, label);
}

static void enter_kernel(ucontext_t *u)
{
	const unsigned long *sp = (const unsigned long *)reg(u, SP);

	entries++;
	check_equal(reg(u, DX), DEST);
	check_equal(reg(u, AX), TAG);
	check_equal(reg(u, CX), TIMEOUT);
	check_equal(reg(u, SI), 0);
	check_equal(holders, 0);
	check_equal(sp[FRAME_USER/WORDS], 0x1111);
	check_equal(sp[FRAME_USER/WORDS + 1], 0x2222);

	if (remake) {
		begin_anew(u, caplog_stub_restart, (unsigned long)sp);
		return;
	}
#if defined(__x86_64__)
	for (unsigned i = 0; i < ALL; i++) {
		int const r = all[i];
		if (r != REG_RBX && r != REG_RBP && (r < REG_R12 || r > REG_R15))
			set(u, r, 0xdeadul + i);
	}
#else
	for (unsigned i = 0; i < ALL; i++)
		set(u, all[i], 0xdeadul + i);
#endif
	set(u, AX, RESULT);
	set(u, SI, LABEL);
	jump(u, caplog_stub_kernel);
}

/* A thread that computes is stopped; first of all it stores what only itself can */
static void stop(ucontext_t *u)
{
	unsigned long const sp = reg(u, SP);

	for (unsigned i = 0; i < ALL; i++)
		set(u, all[i], pattern(all[i]));
	for (unsigned i = 0; i < CAPLOG_RESUME_WORDS; i++)
		message[i] = 0x3333 + i;
	set_fpu(u, ROUND_DOWN);
	fill_upper(u, 1);
	memcpy(before, u->uc_mcontext.gregs, sizeof before);
	frame = (resume_frame *)((sp - CAPLOG_RESUME_IP - sizeof *frame) & ~15ul);
	memset(frame, 0, sizeof *frame);
	set(u, SP, (unsigned long)frame);
	jump(u, caplog_stub_save);
}

/* It has: the monitor writes the rest, and recreates the thread */
static void saved(ucontext_t *u)
{
	saves++;
	check_equal(reg(u, IP), (unsigned long)caplog_stub_saved);
	check_equal(frame->entry, 0x1111);
	check_equal(frame->thread, 0x2222);

	for (unsigned i = 0; i < ALL; i++)
		(&frame->FIRST_REGISTER)[i] = (unsigned long)before[all[i]];
	frame->sp    = (unsigned long)before[SP];
	frame->flags = (unsigned long)before[REG_EFL] & FLAGS;
	*(unsigned long *)((unsigned long)before[SP] - CAPLOG_RESUME_IP) = (unsigned long)trap_resumed;
	begin_anew(u, caplog_stub_resume, (unsigned long)frame);
}

static void handler(int sig, siginfo_t *info, void *context)
{
	ucontext_t    *u  = context;
	const char    *ip = (const char *)reg(u, IP);
	(void)info;

	if (sig == SIGILL) {
		saved(u);
	} else if (ip == caplog_stub_ready) {
		enter_kernel(u);
	} else if (at_smsw((const unsigned char *)ip)) {
		/* a processor that does not report it: this thread has the FPU */
		set(u, AX, 0x33);
		jump(u, ip + 3);
	} else if (ip == trap_before) {
		memcpy(original, u->uc_mcontext.gregs, sizeof original);
		for (unsigned i = 0; i < KEPT; i++)
			set(u, kept[i], pattern(kept[i]));
		set_fpu(u, ROUND_DOWN);
		jump(u, ip + 2);
	} else if (ip == trap_after) {
		check_equal(reg(u, SP), (unsigned long)original[SP]);
		for (unsigned i = 0; i < KEPT; i++) {
			check_equal(reg(u, kept[i]), pattern(kept[i]));
			set(u, kept[i], (unsigned long)original[kept[i]]);
		}
		check_equal(fpu_is(u, ROUND_DOWN), 1);
		set_fpu(u, DEFAULT);
		jump(u, ip + 2);
	} else if (ip == trap_inside) {
		stop(u);
	} else if (ip == trap_resumed) {
		check_equal(reg(u, SP), (unsigned long)before[SP]);
		for (unsigned i = 0; i < ALL; i++)
			check_equal(reg(u, all[i]), (unsigned long)before[all[i]]);
		for (unsigned i = 0; i < CAPLOG_RESUME_WORDS; i++)
			check_equal(message[i], 0x3333 + i);
		check_equal(user[0], 0x1111);
		check_equal(user[1], 0x2222);
		check_equal(((reg(u, REG_EFL) ^ (unsigned long)before[REG_EFL]) & FLAGS), 0);
		check_equal(fpu_is(u, ROUND_DOWN), 1);
		check_equal(upper_is(u, 1), 1);
		set_fpu(u, DEFAULT);
		jump(u, ip + 2);
	} else {
		fail(__LINE__, "unexpected signal");
	}
}


int main(void)
{
	struct sigaction action;
	stack_t const    stack = { malloc(1 << 16), 0, 1 << 16 };
	char * const     utcb = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned long    label = 0, result;

	memset(&action, 0, sizeof action);
	action.sa_sigaction = handler;
	action.sa_flags     = SA_SIGINFO | SA_ONSTACK;
	check_equal(sigaltstack(&stack, NULL), 0);
	check_equal(sigaction(SIGSEGV, &action, NULL), 0);
	check_equal(sigaction(SIGILL, &action, NULL), 0);

	use_utcb(utcb);
	message = (unsigned long *)(void *)utcb;
	user = (unsigned long *)(void *)(utcb + USER);
	user[0] = 0x1111;
	user[1] = 0x2222;

	/* a system call that returns; without a label the second time */
	holders = 1;
	result  = traced_entry(DEST, TAG, TIMEOUT, &label, &holders);
	check_equal(result, RESULT);
	check_equal(label, LABEL);
	check_equal(holders, 1);
	result  = traced_entry(DEST, TAG, TIMEOUT, NULL, &holders);
	check_equal(result, RESULT);
	check_equal(holders, 1);

	/* one in which the thread is recreated: nothing was received */
	label  = 7;
	remake = 1;
	result = traced_entry(DEST, TAG, TIMEOUT, &label, &holders);
	check_equal(result, ~0ul);
	check_equal(label, 7);
	check_equal(holders, 1);
	check_equal(user[0], 0x1111);
	check_equal(user[1], 0x2222);

	/* a thread that computes */
	compute();
	check_equal(user[0], 0x1111);
	check_equal(user[1], 0x2222);
	check_equal(entries, 3);
	check_equal(saves, 1);

	printf("3 system calls, 1 computation\n");
	return 0;
}
