/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_CPU_THREAD_CLIENT_H
#define GENODE_API_MONITOR_CPU_THREAD_CLIENT_H

#include <base/rpc_client.h>
#include <cpu_thread/cpu_thread.h>
#include <thread/capability.h>

namespace Genode {

	struct Cpu_thread_client : Rpc_client<Cpu_thread>
	{
		explicit Cpu_thread_client(Thread_capability cap) : Rpc_client<Cpu_thread>(cap) { }

		Dataspace_capability utcb()           override { return call<Rpc_utcb>(); }
		void start(addr_t ip, addr_t sp)      override { call<Rpc_start>(ip, sp); }
		void pause()                          override { call<Rpc_pause>(); }
		void resume()                         override { call<Rpc_resume>(); }
		void cancel_blocking()                override { call<Rpc_cancel_blocking>(); }
		Thread_state state()                  override { return call<Rpc_get_state>(); }
		void state(Thread_state const &s)     override { call<Rpc_set_state>(s); }
		void single_step(bool on)             override { call<Rpc_single_step>(on); }
		void affinity(Affinity::Location l)   override { call<Rpc_affinity>(l); }
		unsigned trace_control_index()        override { return call<Rpc_trace_control_index>(); }
		Dataspace_capability trace_buffer()   override { return call<Rpc_trace_buffer>(); }
		Dataspace_capability trace_policy()   override { return call<Rpc_trace_policy>(); }

		void exception_sigh(Signal_context_capability cap) override {
			call<Rpc_exception_sigh>(cap); }
	};
}

#endif
