/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_CPU_SESSION_CPU_SESSION_H
#define GENODE_API_MONITOR_CPU_SESSION_CPU_SESSION_H

#include <base/affinity.h>
#include <base/signal.h>
#include <cpu_session/capability.h>
#include <cpu_thread/cpu_thread.h>
#include <session/session.h>
#include <thread/capability.h>
#include <util/string.h>

namespace Genode {

	struct Pd_session;

	struct Cpu_session : Session
	{
		static char const *service_name() { return "CPU"; }

		struct Thread_creation_failed : Exception { };
		struct Out_of_metadata        : Exception { };

		struct Weight { size_t value = 10; };
		struct Quota  { size_t super_period_us, us; };

		struct Native_cpu { };

		enum { PRIORITY_LIMIT = 1 << 16, DEFAULT_PRIORITY = 0 };

		typedef String<32> Name;

		virtual ~Cpu_session() { }

		virtual Thread_capability create_thread(Capability<Pd_session> pd, Name const &,
		                                        Affinity::Location, Weight, addr_t utcb = 0) = 0;
		virtual void kill_thread(Thread_capability) = 0;
		virtual void exception_sigh(Signal_context_capability) = 0;
		virtual Affinity::Space affinity_space() const = 0;
		virtual Dataspace_capability trace_control() = 0;
		virtual int ref_account(Cpu_session_capability) = 0;
		virtual int transfer_quota(Cpu_session_capability, size_t amount) = 0;
		virtual Quota quota() = 0;
		virtual Capability<Native_cpu> native_cpu() = 0;

		GENODE_RPC_THROW(Rpc_create_thread, Thread_capability, create_thread,
		                 GENODE_TYPE_LIST(Thread_creation_failed, Out_of_metadata),
		                 Capability<Pd_session>, Name const &, Affinity::Location, Weight, addr_t);
		GENODE_RPC(Rpc_kill_thread, void, kill_thread, Thread_capability);
		GENODE_RPC(Rpc_exception_sigh, void, exception_sigh, Signal_context_capability);
		GENODE_RPC(Rpc_affinity_space, Affinity::Space, affinity_space);
		GENODE_RPC(Rpc_trace_control, Dataspace_capability, trace_control);
		GENODE_RPC(Rpc_ref_account, int, ref_account, Cpu_session_capability);
		GENODE_RPC(Rpc_transfer_quota, int, transfer_quota, Cpu_session_capability, size_t);
		GENODE_RPC(Rpc_quota, Quota, quota);
		GENODE_RPC(Rpc_native_cpu, Capability<Native_cpu>, native_cpu);
		GENODE_RPC_INTERFACE(Rpc_create_thread, Rpc_kill_thread, Rpc_exception_sigh,
		                     Rpc_affinity_space, Rpc_trace_control, Rpc_ref_account,
		                     Rpc_transfer_quota, Rpc_quota, Rpc_native_cpu);
	};
}

#endif
