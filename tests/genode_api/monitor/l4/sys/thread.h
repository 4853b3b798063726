/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_L4_SYS_THREAD_H
#define GENODE_API_MONITOR_L4_SYS_THREAD_H

void l4_thread_yield();

#endif
