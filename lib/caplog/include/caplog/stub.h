/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Labels and frames of the blocking stub
 *
 * A thread of a patched component blocks in the kernel at one place only, with
 * all that has to survive in a frame at its stack pointer. So a new thread
 * that starts at a label with a frame at its stack pointer goes on where the
 * old one stood. A log's header tells the labels (stub[], 0: not there).
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
 * What the exception does not tell, FPU state and words of the UTCB, the thread
 * stores itself: with its ip set to SAVE and sp to the struct caplog_resume_*,
 * it fills the first members up to `mr` and raises another exception at
 * SAVED. The monitor puts all registers back.
 */
#ifndef CAPLOG_STUB_H
#define CAPLOG_STUB_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Index in stub[], and name */
#define CAPLOG_STUBS(X)                                                     \
	X(0, READY, ready)     /* the frame is complete, nothing is held      */  \
	X(1, KERNEL, kernel)   /* where the kernel returns to                 */  \
	X(2, HELD, held)       /* counted in the holders word again           */  \
	X(3, RESTART, restart) /* take up a frame of the stub, report "again" */  \
	X(4, RESUME, resume)   /* take up a struct caplog_resume_*            */  \
	X(5, SAVE, save)       /* store FPU state and UTCB words at sp        */  \
	X(6, SAVED, saved)     /* of the exception when that is done          */

enum caplog_stub_label {
#define X(num, id, name) CAPLOG_STUB_##id = num,
	CAPLOG_STUBS(X)
#undef X
};

/* The resumed thread's ip lies this many bytes below its sp, out of the red zone */
#define CAPLOG_RESUME_IP 136u

/* Message words of the UTCB that are kept: a small system call may be half prepared */
#define CAPLOG_RESUME_WORDS 8u

/* entry, thread: the two words of the UTCB that the base library owns */
struct caplog_resume_x86_64 {
	uint8_t  fpu[512];       /* fxsave64; the struct is 16-byte aligned */
	uint64_t entry, thread, mr[CAPLOG_RESUME_WORDS];
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
	uint64_t flags, sp;
};

struct caplog_resume_x86_32 {
	uint8_t  fpu[512];       /* fxsave; the struct is 16-byte aligned */
	uint32_t entry, thread, mr[CAPLOG_RESUME_WORDS];
	uint32_t edi, esi, ebp, ebx, edx, ecx, eax;
	uint32_t flags, sp;
};

struct caplog_resume_arm {
	uint32_t entry, thread, mr[CAPLOG_RESUME_WORDS], cpsr;
	uint32_t r[13], lr, sp;
};

#ifdef __cplusplus
}
#endif

#endif
