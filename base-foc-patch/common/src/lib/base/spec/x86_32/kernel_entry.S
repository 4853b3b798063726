/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unsigned long caplog_kernel_entry(unsigned long dest, unsigned long tag,
 *                                   unsigned long timeout, unsigned long *label,
 *                                   uint32_t *holders)
 *
 * See base/internal/kernel_entry.h and caplog/stub.h. Frame, from sp upwards:
 * FPU control word, two words of the UTCB, edi, esi, ebx, ebp, return address,
 * arguments.
 *
 * The FPU control word is the one of the last time that the thread had the FPU
 * (see x86_64); 0: never.
 *
 * System call on Fiasco.OC: edx capability and kind, eax tag, ecx timeouts,
 * esi label; no other register is expected to survive. A software interrupt, and
 * not the kernel's entry page, so that the thread's ip is the place in the stub.
 */

#include <caplog/stub.h>

/* In the UTCB; check.cc of tests/genode_api compares the words with Genode's */
#define UTCB_ENTRY  504
#define UTCB_THREAD 508
#define UTCB_SHIFT  9
#define UTCBS       128 /* of a component, one after the other */
#define CR0_TS      8

#if CAPLOG_RESUME_WORDS != 8
#error "the loops over the message words below are for eight"
#endif

#define ARG_DEST    32
#define ARG_TAG     36
#define ARG_TIMEOUT 40
#define ARG_LABEL   44
#define ARG_HOLDERS 48

	.macro utcb_to reg
	mov    %fs:0, \reg
	.endm

	.macro global name
	.global \name
	.hidden \name
	.type   \name, @function
\name:
	.endm

	.text

global caplog_kernel_entry
	push   %ebp
	push   %ebx
	push   %esi
	push   %edi
	utcb_to %eax
	push   UTCB_THREAD(%eax)
	push   UTCB_ENTRY(%eax)
	shr    $UTCB_SHIFT, %eax
	and    $(UTCBS - 1), %eax
	call   3f
3:	pop    %ecx
	lea    caplog_fpu_words-3b(%ecx,%eax,4), %ecx
	smsw   %eax
	test   $CR0_TS, %al
	jnz    1f
	fnstcw (%ecx)
1:	push   (%ecx)

	mov    ARG_HOLDERS(%esp), %ebx
	mov    ARG_DEST(%esp), %edx
	mov    ARG_TAG(%esp), %eax
	mov    ARG_TIMEOUT(%esp), %ecx
	xor    %esi, %esi
	decl (%ebx)
global caplog_stub_ready
	int    $0x30
global caplog_stub_kernel
	mov    ARG_HOLDERS(%esp), %ebx
	incl (%ebx)
global caplog_stub_held
	mov    ARG_LABEL(%esp), %ecx
	test   %ecx, %ecx
	jz     1f
	mov    %esi, (%ecx)
1:	add    $12, %esp
2:	pop    %edi
	pop    %esi
	pop    %ebx
	pop    %ebp
	ret

global caplog_stub_restart
	utcb_to %eax
	cmpl   $0, (%esp)
	je     1f
	fldcw  (%esp)
1:	mov    ARG_HOLDERS(%esp), %ebx
	incl (%ebx)
	add    $4, %esp
	pop    UTCB_ENTRY(%eax)
	pop    UTCB_THREAD(%eax)
	mov    $-1, %eax
	jmp    2b

global caplog_stub_resume
	utcb_to %eax
	fxrstor (%esp)
	add    $CAPLOG_RESUME_FPU, %esp
	pop    UTCB_ENTRY(%eax)
	pop    UTCB_THREAD(%eax)
	.irp   i, 0, 1, 2, 3, 4, 5, 6, 7
	pop    4*\i(%eax)
	.endr
	pop    %edi
	pop    %esi
	pop    %ebp
	pop    %ebx
	pop    %edx
	pop    %ecx
	pop    %eax
	popf
	pop    %esp
	jmp    *-CAPLOG_RESUME_IP(%esp)

global caplog_stub_save
	fxsave (%esp)
	utcb_to %eax
	mov    UTCB_ENTRY(%eax), %ecx
	mov    %ecx, CAPLOG_RESUME_X86_32_ENTRY(%esp)
	mov    UTCB_THREAD(%eax), %ecx
	mov    %ecx, CAPLOG_RESUME_X86_32_THREAD(%esp)
	.irp   i, 0, 1, 2, 3, 4, 5, 6, 7
	mov    4*\i(%eax), %ecx
	mov    %ecx, CAPLOG_RESUME_X86_32_MR+4*\i(%esp)
	.endr
global caplog_stub_saved
	ud2

	.local caplog_fpu_words
	.comm  caplog_fpu_words, 4*UTCBS, 4

	.section .note.GNU-stack, "", @progbits
