/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_L4_SYS_THREAD_H
#define GENODE_API_L4_SYS_THREAD_H

#include <l4/sys/types.h>

l4_msgtag_t l4_thread_yield();

enum {
	L4_THREAD_EX_REGS_CANCEL            = 0x10000UL,
	L4_THREAD_EX_REGS_TRIGGER_EXCEPTION = 0x20000UL
};

l4_msgtag_t l4_thread_ex_regs(l4_cap_idx_t thread, l4_addr_t ip, l4_addr_t sp, l4_umword_t flags);
l4_msgtag_t l4_thread_ex_regs_ret(l4_cap_idx_t thread, l4_addr_t *ip, l4_addr_t *sp,
                                  l4_umword_t *flags);

#endif
