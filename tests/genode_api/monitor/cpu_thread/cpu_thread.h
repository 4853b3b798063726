/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_CPU_THREAD_CPU_THREAD_H
#define GENODE_API_MONITOR_CPU_THREAD_CPU_THREAD_H

#include <base/affinity.h>
#include <base/exception.h>
#include <base/signal.h>
#include <base/thread_state.h>
#include <dataspace/capability.h>

namespace Genode {

	struct Cpu_thread
	{
		struct State_access_failed : Exception { };

		virtual ~Cpu_thread() { }

		virtual Dataspace_capability utcb() = 0;
		virtual void         start(addr_t ip, addr_t sp) = 0;
		virtual void         pause() = 0;
		virtual void         resume() = 0;
		virtual void         cancel_blocking() = 0;
		virtual Thread_state state() = 0;
		virtual void         state(Thread_state const &) = 0;
		virtual void         exception_sigh(Signal_context_capability) = 0;
		virtual void         single_step(bool) = 0;
		virtual void         affinity(Affinity::Location) = 0;
		virtual unsigned     trace_control_index() = 0;
		virtual Dataspace_capability trace_buffer() = 0;
		virtual Dataspace_capability trace_policy() = 0;

		GENODE_RPC(Rpc_utcb, Dataspace_capability, utcb);
		GENODE_RPC(Rpc_start, void, start, addr_t, addr_t);
		GENODE_RPC(Rpc_pause, void, pause);
		GENODE_RPC(Rpc_resume, void, resume);
		GENODE_RPC(Rpc_cancel_blocking, void, cancel_blocking);
		GENODE_RPC_THROW(Rpc_get_state, Thread_state, state, GENODE_TYPE_LIST(State_access_failed));
		GENODE_RPC_THROW(Rpc_set_state, void, state, GENODE_TYPE_LIST(State_access_failed),
		                 Thread_state const &);
		GENODE_RPC(Rpc_exception_sigh, void, exception_sigh, Signal_context_capability);
		GENODE_RPC(Rpc_single_step, void, single_step, bool);
		GENODE_RPC(Rpc_affinity, void, affinity, Affinity::Location);
		GENODE_RPC(Rpc_trace_control_index, unsigned, trace_control_index);
		GENODE_RPC(Rpc_trace_buffer, Dataspace_capability, trace_buffer);
		GENODE_RPC(Rpc_trace_policy, Dataspace_capability, trace_policy);
		GENODE_RPC_INTERFACE(Rpc_utcb, Rpc_start, Rpc_pause, Rpc_resume, Rpc_cancel_blocking,
		                     Rpc_set_state, Rpc_get_state, Rpc_exception_sigh, Rpc_single_step,
		                     Rpc_affinity, Rpc_trace_control_index, Rpc_trace_buffer,
		                     Rpc_trace_policy);
	};
}

#endif
