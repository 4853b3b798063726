/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_THREAD_STATE_H
#define GENODE_API_MONITOR_BASE_THREAD_STATE_H

#include <base/stdint.h>

namespace Genode {

	/* Registers of the machine that compiles this, and what Fiasco.OC's core adds */
	struct Thread_state
	{
		addr_t ip = 0, sp = 0;
#ifdef __x86_64__
		addr_t r8 = 0, r9 = 0, r10 = 0, r11 = 0, r12 = 0, r13 = 0, r14 = 0, r15 = 0,
		       rax = 0, rbx = 0, rcx = 0, rdx = 0, rdi = 0, rsi = 0, rbp = 0, eflags = 0;
#elif defined(__i386__)
		addr_t edi = 0, esi = 0, ebp = 0, ebx = 0, edx = 0, ecx = 0, eax = 0, eflags = 0;
#else
		addr_t r0 = 0, r1 = 0, r2 = 0, r3 = 0, r4 = 0, r5 = 0, r6 = 0, r7 = 0, r8 = 0, r9 = 0,
		       r10 = 0, r11 = 0, r12 = 0, lr = 0, cpsr = 0;
#endif
		addr_t   kcap = 0;             /* of the gate        */
		int      id   = 0;             /* badge of the gate  */
		addr_t   utcb = 0;
		unsigned exceptions   = 0;
		bool     in_exception = false;
	};
}

#endif
