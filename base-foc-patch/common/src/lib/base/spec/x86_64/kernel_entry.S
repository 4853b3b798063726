/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unsigned long caplog_kernel_entry(unsigned long dest, unsigned long tag,
 *                                   unsigned long timeout, unsigned long *label,
 *                                   uint32_t *holders)
 *
 * See base/internal/kernel_entry.h and caplog/stub.h. Frame, from sp upwards:
 * FPU control words, two words of the UTCB, holders, label, r15 to r12, rbx,
 * rbp, return address.
 *
 * This thread has the FPU if CR0.TS is clear. Otherwise the control words are
 * what they were when it last had it; reading them then would cost a trap and
 * make the kernel switch the FPU. So the last words are kept per UTCB, that is,
 * per thread; 0: the thread never used the FPU.
 */

#include <base/internal/enter_kernel_x86_64.inc>
#include <caplog/stub.h>

/*
 * Upper halves of the AVX registers, which fxsave leaves out: below the frame, if
 * the processor and the kernel have them. Then a word of the frame that fxsave
 * leaves alone is 1.
 */
#define UPPER_HALVES    (-CAPLOG_RESUME_BELOW)
#define HAS_UPPER       464
#define OSXSAVE_AND_AVX 0x18000000

/* In the UTCB; check.cc of tests/genode_api compares the words with Genode's */
#define UTCB_ENTRY  1008
#define UTCB_THREAD 1016
#define UTCB_SHIFT  10
#define UTCBS       128 /* of a component, one after the other */
#define CR0_TS      8

#if CAPLOG_RESUME_WORDS != 8
#error "the loops over the message words below are for eight"
#endif

	.macro utcb_to reg
	mov    %gs:0, \reg
	.endm

	.macro global name
	.global \name
	.hidden \name
	.type   \name, @function
\name:
	.endm

	/* eax: are there AVX registers? Changes eax to edx */
	.macro avx_to_eax
	mov    $1, %eax
	xor    %ecx, %ecx
	cpuid
	not    %ecx
	xor    %eax, %eax
	test   $OSXSAVE_AND_AVX, %ecx
	setz   %al
	.endm

	.text

global caplog_kernel_entry
	push   %rbp
	push   %rbx
	push   %r12
	push   %r13
	push   %r14
	push   %r15
	push   %rcx
	push   %r8
	utcb_to %rax
	push   UTCB_THREAD(%rax)
	push   UTCB_ENTRY(%rax)
	shr    $UTCB_SHIFT, %rax
	and    $(UTCBS - 1), %eax
	lea    caplog_fpu_words(%rip), %r9
	lea    (%r9,%rax,8), %r9
	smsw   %eax
	test   $CR0_TS, %al
	jnz    1f
	stmxcsr  (%r9)
	fnstcw 4(%r9)
1:	push   (%r9)

	put_timeouts
	mov    %rdi, %rdx
	mov    %rsi, %rax
	xor    %esi, %esi
	decl (HOLDERS)
global caplog_stub_ready
	enter_kernel
global caplog_stub_kernel
	mov    24(%rsp), %r8
	incl (%r8)
global caplog_stub_held
	mov    32(%rsp), %rcx
	test   %rcx, %rcx
	jz     1f
	mov    %rsi, (%rcx)
1:	add    $40, %rsp
2:	pop    %r15
	pop    %r14
	pop    %r13
	pop    %r12
	pop    %rbx
	pop    %rbp
	ret

global caplog_stub_restart
	utcb_to %rax
	cmpq   $0, (%rsp)
	je     1f
	ldmxcsr  (%rsp)
	fldcw  4(%rsp)
1:	add    $8, %rsp
	pop    UTCB_ENTRY(%rax)
	pop    UTCB_THREAD(%rax)
	pop    %r8
	pop    %rcx
	incl (%r8)
	mov    $-1, %rax
	jmp    2b

global caplog_stub_resume
	avx_to_eax
	and    HAS_UPPER(%rsp), %eax
	fxrstor64 (%rsp)
	jz     1f
	.irp   i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vinsertf128 $1, UPPER_HALVES + 16*\i(%rsp), %ymm\i, %ymm\i
	.endr
1:	utcb_to %rax
	add    $CAPLOG_RESUME_FPU, %rsp
	pop    UTCB_ENTRY(%rax)
	pop    UTCB_THREAD(%rax)
	.irp   i, 0, 1, 2, 3, 4, 5, 6, 7
	pop    8*\i(%rax)
	.endr
	pop    %r15
	pop    %r14
	pop    %r13
	pop    %r12
	pop    %r11
	pop    %r10
	pop    %r9
	pop    %r8
	pop    %rdi
	pop    %rsi
	pop    %rbp
	pop    %rbx
	pop    %rdx
	pop    %rcx
	pop    %rax
	popfq
	pop    %rsp
	jmp    *-CAPLOG_RESUME_IP(%rsp)

global caplog_stub_save
	fxsave64 (%rsp)
	avx_to_eax
	mov    %rax, HAS_UPPER(%rsp)
	test   %eax, %eax
	jz     1f
	.irp   i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vextractf128 $1, %ymm\i, UPPER_HALVES + 16*\i(%rsp)
	.endr
1:
	utcb_to %rax
	mov    UTCB_ENTRY(%rax), %rcx
	mov    %rcx, CAPLOG_RESUME_X86_64_ENTRY(%rsp)
	mov    UTCB_THREAD(%rax), %rcx
	mov    %rcx, CAPLOG_RESUME_X86_64_THREAD(%rsp)
	.irp   i, 0, 1, 2, 3, 4, 5, 6, 7
	mov    8*\i(%rax), %rcx
	mov    %rcx, CAPLOG_RESUME_X86_64_MR+8*\i(%rsp)
	.endr
global caplog_stub_saved
	ud2

	.local caplog_fpu_words
	.comm  caplog_fpu_words, 8*UTCBS, 8

	.section .note.GNU-stack, "", @progbits
