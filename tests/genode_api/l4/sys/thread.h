/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_L4_SYS_THREAD_H
#define GENODE_API_L4_SYS_THREAD_H

#include <l4/sys/types.h>

l4_msgtag_t l4_thread_switch(l4_cap_idx_t to);
l4_msgtag_t l4_thread_yield();

#endif
