/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unsigned long caplog_kernel_entry(unsigned long dest, unsigned long tag,
 *                                   unsigned long timeout, unsigned long *label,
 *                                   uint32_t *holders)
 *
 * See base/internal/kernel_entry.h and caplog/stub.h. Frame, from sp upwards:
 * holders, label, two words of the UTCB, r4 to r11, return address.
 *
 * System call on Fiasco.OC: a jump to the address -12, with r2 capability and
 * kind, r0 tag, r3 timeouts, r4 label; it changes these. A jump to -256
 * returns the UTCB in r0.
 */

#include <caplog/stub.h>

/* In the UTCB; check.cc of tests/genode_api compares the words with Genode's */
#define UTCB_ENTRY  504
#define UTCB_THREAD 508

#if CAPLOG_RESUME_WORDS != 8
#error "the loops over the message words below are for eight"
#endif

	.macro utcb_to_r0
	mov    lr, pc
	mvn    pc, #255 /* jump to -256 */
	.endm

	/* *r5 += n, by way of r1; no other thread writes to this word */
	.macro add_holder n
	ldr    r1, [r5]
	add    r1, r1, #\n
	str    r1, [r5]
	.endm

	.macro global name
	.global \name
	.hidden \name
	.type   \name, %function
\name:
	.endm

	.text
	.arm
	.align 2

global caplog_kernel_entry
	push   {r4-r11, lr}
	ldr    r5, [sp, #36]
	mov    r6, r0
	mov    r7, r1
	mov    r8, r2
	mov    r9, r3
	utcb_to_r0
	ldr    r10, [r0, #UTCB_ENTRY]
	ldr    r11, [r0, #UTCB_THREAD]
	push   {r5, r9, r10, r11}

	mov    r0, r7
	mov    r2, r6
	mov    r3, r8
	mov    r4, #0
	add_holder -1
global caplog_stub_ready
	mov    lr, pc
	mvn    pc, #11 /* jump to -12 */
global caplog_stub_kernel
	ldr    r5, [sp]
	add_holder 1
global caplog_stub_held
	ldr    r9, [sp, #4]
	cmp    r9, #0
	strne  r4, [r9]
	add    sp, sp, #16
	pop    {r4-r11, pc}

global caplog_stub_restart
	utcb_to_r0
	pop    {r5, r9, r10, r11}
	str    r10, [r0, #UTCB_ENTRY]
	str    r11, [r0, #UTCB_THREAD]
	add_holder 1
	mvn    r0, #0
	pop    {r4-r11, pc}

global caplog_stub_resume
	utcb_to_r0
	pop    {r1, r2}
	str    r1, [r0, #UTCB_ENTRY]
	str    r2, [r0, #UTCB_THREAD]
	pop    {r1-r8}
	stm    r0, {r1-r8}
	pop    {r12}
	msr    cpsr_f, r12
	ldm    sp, {r0-r12}
	ldr    lr, [sp, #(CAPLOG_RESUME_ARM_LR - CAPLOG_RESUME_ARM_R)]
	ldr    sp, [sp, #(CAPLOG_RESUME_ARM_SP - CAPLOG_RESUME_ARM_R)]
	ldr    pc, [sp, #-CAPLOG_RESUME_IP]

global caplog_stub_save
	utcb_to_r0
	ldr    r1, [r0, #UTCB_ENTRY]
	ldr    r2, [r0, #UTCB_THREAD]
	stm    sp, {r1, r2}
	add    r12, sp, #CAPLOG_RESUME_ARM_MR
	ldm    r0, {r1-r8}
	stm    r12, {r1-r8}
	.word  0xe7f000f0 /* never a valid instruction; the exception has the address after it */
global caplog_stub_saved
	nop

	.section .note.GNU-stack, "", %progbits
