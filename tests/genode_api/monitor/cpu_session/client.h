/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_CPU_SESSION_CLIENT_H
#define GENODE_API_MONITOR_CPU_SESSION_CLIENT_H

#include <base/rpc_client.h>
#include <cpu_session/cpu_session.h>

namespace Genode {

	struct Cpu_session_client : Rpc_client<Cpu_session>
	{
		explicit Cpu_session_client(Cpu_session_capability cap) : Rpc_client<Cpu_session>(cap) { }

		Thread_capability create_thread(Capability<Pd_session> pd, Name const &name,
		                                Affinity::Location location, Weight weight,
		                                addr_t utcb = 0) override {
			return call<Rpc_create_thread>(pd, name, location, weight, utcb); }

		void kill_thread(Thread_capability cap) override { call<Rpc_kill_thread>(cap); }

		void exception_sigh(Signal_context_capability cap) override {
			call<Rpc_exception_sigh>(cap); }

		Affinity::Space affinity_space() const override { return call<Rpc_affinity_space>(); }
		Dataspace_capability trace_control()   override { return call<Rpc_trace_control>(); }
		Quota quota()                          override { return call<Rpc_quota>(); }
		Capability<Native_cpu> native_cpu()    override { return call<Rpc_native_cpu>(); }

		int ref_account(Cpu_session_capability cap) override {
			return call<Rpc_ref_account>(cap); }

		int transfer_quota(Cpu_session_capability cap, size_t amount) override {
			return call<Rpc_transfer_quota>(cap, amount); }
	};
}

#endif
