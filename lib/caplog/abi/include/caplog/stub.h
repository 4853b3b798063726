/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Labels and frames of the blocking stub, for C, C++ and assembly
 *
 * A thread of a patched component blocks in the kernel at one place only, with
 * all that has to survive in a frame at its stack pointer. So a new thread
 * that starts at a label with a frame at its stack pointer continues where the
 * old one was. A log's header holds the labels (stub[], 0: not there).
 *
 *   stopped thread, sp = stack pointer         new thread starts at, with sp
 *   in the kernel, or READY <= ip < KERNEL:    RESTART, the same sp
 *     the frame at sp is complete
 *   ready, KERNEL <= ip < HELD:                none: let it run on a little, a
 *                                              message is in the UTCB
 *   ready, elsewhere:                          RESUME, sp = a struct
 *     its registers are in the exception       caplog_resume_* that the monitor
 *                                              wrote below sp - 136
 *
 * What the exception does not report, FPU state and words of the UTCB, the
 * thread stores itself: with its ip set to SAVE and sp to the struct
 * caplog_resume_*, it fills the first members up to `mr` and raises another
 * exception at SAVED. The monitor puts all registers back.
 */
#ifndef CAPLOG_STUB_H
#define CAPLOG_STUB_H

/* The resumed thread's ip lies this many bytes below its sp, out of the red zone */
#define CAPLOG_RESUME_IP    136

/* Message words of the UTCB that are kept: a small system call may be half prepared */
#define CAPLOG_RESUME_WORDS 8

/* Bytes of FPU state as fxsave stores it, first in both x86 structures */
#define CAPLOG_RESUME_FPU   512

/*
 * Bytes below the structure that SAVE may use: on x86_64, the upper halves of the
 * AVX registers, which fxsave leaves out
 */
#define CAPLOG_RESUME_BELOW 256

/* Offsets in struct caplog_resume_x86_64 */
#define CAPLOG_RESUME_X86_64_ENTRY  512
#define CAPLOG_RESUME_X86_64_THREAD 520
#define CAPLOG_RESUME_X86_64_MR     528

/* Offsets in struct caplog_resume_x86_32 */
#define CAPLOG_RESUME_X86_32_ENTRY  512
#define CAPLOG_RESUME_X86_32_THREAD 516
#define CAPLOG_RESUME_X86_32_MR     520

/* Offsets in struct caplog_resume_arm */
#define CAPLOG_RESUME_ARM_ENTRY  0
#define CAPLOG_RESUME_ARM_THREAD 4
#define CAPLOG_RESUME_ARM_MR     8
#define CAPLOG_RESUME_ARM_CPSR   40
#define CAPLOG_RESUME_ARM_R      44
#define CAPLOG_RESUME_ARM_LR     96
#define CAPLOG_RESUME_ARM_SP     100

#ifndef __ASSEMBLER__

#include <caplog/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Index in stub[], and name */
#define CAPLOG_STUBS(X)                                                       \
	X(0, READY, ready)     /* the frame is complete, nothing is held        */  \
	X(1, KERNEL, kernel)   /* where the kernel returns to                   */  \
	X(2, HELD, held)       /* counted in the holders word again             */  \
	X(3, RESTART, restart) /* load a frame of the stub, report "repeat"     */  \
	X(4, RESUME, resume)   /* load a struct caplog_resume_*                 */  \
	X(5, SAVE, save)       /* store FPU state and UTCB words at sp          */  \
	X(6, SAVED, saved)     /* of the exception when that is done            */

enum caplog_stub_label {
#define X(num, id, name) CAPLOG_STUB_##id = num,
	CAPLOG_STUBS(X)
#undef X
};

/* entry, thread: the two words of the UTCB that the base library owns */
struct caplog_resume_x86_64 {
	uint8_t  fpu[CAPLOG_RESUME_FPU]; /* fxsave64; the struct is 16-byte aligned */
	uint64_t entry, thread, mr[CAPLOG_RESUME_WORDS];
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
	uint64_t flags, sp;
};

struct caplog_resume_x86_32 {
	uint8_t  fpu[CAPLOG_RESUME_FPU]; /* fxsave; the struct is 16-byte aligned */
	uint32_t entry, thread, mr[CAPLOG_RESUME_WORDS];
	uint32_t edi, esi, ebp, ebx, edx, ecx, eax;
	uint32_t flags, sp;
};

struct caplog_resume_arm {
	uint32_t entry, thread, mr[CAPLOG_RESUME_WORDS], cpsr;
	uint32_t r[13], lr, sp;
};

CAPLOG_SIZE(caplog_resume_x86_64, 728);
CAPLOG_AT(caplog_resume_x86_64, fpu, 0);
CAPLOG_AT(caplog_resume_x86_64, entry, CAPLOG_RESUME_X86_64_ENTRY);
CAPLOG_AT(caplog_resume_x86_64, thread, CAPLOG_RESUME_X86_64_THREAD);
CAPLOG_AT(caplog_resume_x86_64, mr, CAPLOG_RESUME_X86_64_MR);
CAPLOG_AT(caplog_resume_x86_64, r15, 592);
CAPLOG_AT(caplog_resume_x86_64, r14, 600);
CAPLOG_AT(caplog_resume_x86_64, r13, 608);
CAPLOG_AT(caplog_resume_x86_64, r12, 616);
CAPLOG_AT(caplog_resume_x86_64, r11, 624);
CAPLOG_AT(caplog_resume_x86_64, r10, 632);
CAPLOG_AT(caplog_resume_x86_64, r9, 640);
CAPLOG_AT(caplog_resume_x86_64, r8, 648);
CAPLOG_AT(caplog_resume_x86_64, rdi, 656);
CAPLOG_AT(caplog_resume_x86_64, rsi, 664);
CAPLOG_AT(caplog_resume_x86_64, rbp, 672);
CAPLOG_AT(caplog_resume_x86_64, rbx, 680);
CAPLOG_AT(caplog_resume_x86_64, rdx, 688);
CAPLOG_AT(caplog_resume_x86_64, rcx, 696);
CAPLOG_AT(caplog_resume_x86_64, rax, 704);
CAPLOG_AT(caplog_resume_x86_64, flags, 712);
CAPLOG_AT(caplog_resume_x86_64, sp, 720);

CAPLOG_SIZE(caplog_resume_x86_32, 588);
CAPLOG_AT(caplog_resume_x86_32, fpu, 0);
CAPLOG_AT(caplog_resume_x86_32, entry, CAPLOG_RESUME_X86_32_ENTRY);
CAPLOG_AT(caplog_resume_x86_32, thread, CAPLOG_RESUME_X86_32_THREAD);
CAPLOG_AT(caplog_resume_x86_32, mr, CAPLOG_RESUME_X86_32_MR);
CAPLOG_AT(caplog_resume_x86_32, edi, 552);
CAPLOG_AT(caplog_resume_x86_32, esi, 556);
CAPLOG_AT(caplog_resume_x86_32, ebp, 560);
CAPLOG_AT(caplog_resume_x86_32, ebx, 564);
CAPLOG_AT(caplog_resume_x86_32, edx, 568);
CAPLOG_AT(caplog_resume_x86_32, ecx, 572);
CAPLOG_AT(caplog_resume_x86_32, eax, 576);
CAPLOG_AT(caplog_resume_x86_32, flags, 580);
CAPLOG_AT(caplog_resume_x86_32, sp, 584);

CAPLOG_SIZE(caplog_resume_arm, 104);
CAPLOG_AT(caplog_resume_arm, entry, CAPLOG_RESUME_ARM_ENTRY);
CAPLOG_AT(caplog_resume_arm, thread, CAPLOG_RESUME_ARM_THREAD);
CAPLOG_AT(caplog_resume_arm, mr, CAPLOG_RESUME_ARM_MR);
CAPLOG_AT(caplog_resume_arm, cpsr, CAPLOG_RESUME_ARM_CPSR);
CAPLOG_AT(caplog_resume_arm, r, CAPLOG_RESUME_ARM_R);
CAPLOG_AT(caplog_resume_arm, lr, CAPLOG_RESUME_ARM_LR);
CAPLOG_AT(caplog_resume_arm, sp, CAPLOG_RESUME_ARM_SP);

#ifdef __cplusplus
}
#endif

#endif /* __ASSEMBLER__ */

#endif
