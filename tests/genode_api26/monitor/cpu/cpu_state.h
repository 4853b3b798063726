/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_CPU_CPU_STATE_H
#define GENODE_API26_MONITOR_CPU_CPU_STATE_H

#include <base/stdint.h>

namespace Genode {

	struct Cpu_state
	{
		addr_t r8, r9, r10, r11, r12, r13, r14, r15, rax, rbx, rcx, rdx, rdi, rsi, rbp,
		       ip, eflags, sp;
	};
}

#endif
