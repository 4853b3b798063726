/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CPU_THREAD_CPU_THREAD_H
#define GENODE_API_CPU_THREAD_CPU_THREAD_H

#include <base/thread_state.h>
#include <cpu_thread/capability.h>

namespace Genode {

	struct Cpu_thread
	{
		struct State_access_failed : Exception { };

		virtual ~Cpu_thread() { }

		virtual void         start(addr_t ip, addr_t sp) = 0;
		virtual void         pause() = 0;
		virtual void         resume() = 0;
		virtual void         cancel_blocking() = 0;
		virtual Thread_state state() = 0;

		GENODE_RPC(Rpc_start, void, start, addr_t, addr_t);
		GENODE_RPC(Rpc_pause, void, pause);
		GENODE_RPC(Rpc_resume, void, resume);
		GENODE_RPC(Rpc_cancel_blocking, void, cancel_blocking);
		GENODE_RPC_THROW(Rpc_get_state, Thread_state, state, GENODE_TYPE_LIST(State_access_failed));
		GENODE_RPC_INTERFACE(Rpc_start, Rpc_pause, Rpc_resume, Rpc_cancel_blocking, Rpc_get_state);
	};
}

#endif
