/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CPU_THREAD_CPU_THREAD_H
#define GENODE_API_CPU_THREAD_CPU_THREAD_H

#include <base/rpc_list.h>
#include <base/thread_state.h>
#include <cpu_thread/capability.h>

#define CPU_THREAD_RPC(F)                                                   \
	F(Rpc_start,           void,         start,  (addr_t ip, addr_t sp), (ip, sp)) \
	F(Rpc_pause,           void,         pause,           (), ())              \
	F(Rpc_resume,          void,         resume,          (), ())              \
	F(Rpc_cancel_blocking, void,         cancel_blocking, (), ())              \
	F(Rpc_get_state,       Thread_state, state,           (), ())

namespace Genode {

	struct Cpu_thread
	{
		struct State_access_failed : Exception { };

		RPC_INTERFACE(CPU_THREAD_RPC);
	};
}

#endif
