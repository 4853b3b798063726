/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_L4_SYS_THREAD_H
#define GENODE_API26_L4_SYS_THREAD_H

#include_next <l4/sys/thread.h>

l4_msgtag_t l4_thread_switch(l4_cap_idx_t thread);

void        l4_thread_control_start();
void        l4_thread_control_alien(int on);
l4_msgtag_t l4_thread_control_commit(l4_cap_idx_t thread);

#endif
