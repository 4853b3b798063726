/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_L4_SYS_THREAD_H
#define GENODE_API_MONITOR_L4_SYS_THREAD_H

enum { L4_THREAD_EX_REGS_CANCEL = 0x10000 };

void l4_thread_yield();
void l4_thread_ex_regs(unsigned long thread, unsigned long ip, unsigned long sp, unsigned long flags);

#endif
