/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_FOC_NATIVE_CPU_CLIENT_H
#define GENODE_API_MONITOR_FOC_NATIVE_CPU_CLIENT_H

#include <base/rpc_client.h>
#include <cpu_session/cpu_session.h>

namespace Genode {

	struct Foc_native_cpu : Cpu_session::Native_cpu
	{
		virtual ~Foc_native_cpu() { }

		virtual void enable_vcpu(Thread_capability, addr_t) = 0;
		virtual Native_capability native_cap(Thread_capability) = 0;
		virtual Native_capability alloc_irq() = 0;

		GENODE_RPC(Rpc_enable_vcpu, void, enable_vcpu, Thread_capability, addr_t);
		GENODE_RPC(Rpc_native_cap, Native_capability, native_cap, Thread_capability);
		GENODE_RPC(Rpc_alloc_irq, Native_capability, alloc_irq);
		GENODE_RPC_INTERFACE(Rpc_enable_vcpu, Rpc_native_cap, Rpc_alloc_irq);
	};

	struct Foc_native_cpu_client : Rpc_client<Foc_native_cpu>
	{
		explicit Foc_native_cpu_client(Capability<Native_cpu> cap)
		: Rpc_client<Foc_native_cpu>(static_cap_cast<Foc_native_cpu>(cap)) { }

		void enable_vcpu(Thread_capability cap, addr_t at) override {
			call<Rpc_enable_vcpu>(cap, at); }

		Native_capability native_cap(Thread_capability cap) override {
			return call<Rpc_native_cap>(cap); }

		Native_capability alloc_irq() override { return call<Rpc_alloc_irq>(); }
	};
}

#endif
