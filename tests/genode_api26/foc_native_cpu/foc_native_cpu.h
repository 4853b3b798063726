/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_FOC_NATIVE_CPU_FOC_NATIVE_CPU_H
#define GENODE_API26_FOC_NATIVE_CPU_FOC_NATIVE_CPU_H

#include <base/rpc_list.h>
#include <cpu_session/cpu_session.h>
#include <foc/thread_state.h>

#define FOC_NATIVE_CPU_RPC(F)                                                              \
	F(Rpc_native_cap, Native_capability, native_cap, (Thread_capability of), (of))           \
	F(Rpc_thread_state, Foc_thread_state, thread_state, (Thread_capability of), (of))

struct Genode::Cpu_session::Native_cpu : Interface { RPC_INTERFACE(FOC_NATIVE_CPU_RPC); };

#endif
