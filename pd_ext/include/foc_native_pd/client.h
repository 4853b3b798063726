/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _INCLUDE__FOC_NATIVE_PD__CLIENT_H_
#define _INCLUDE__FOC_NATIVE_PD__CLIENT_H_

#include <base/rpc_client.h>
#include <foc_native_pd/foc_native_pd.h>

namespace Genode { struct Foc_native_pd_client; }


struct Genode::Foc_native_pd_client : Rpc_client<Foc_native_pd>
{
	explicit Foc_native_pd_client(Capability<Native_pd> cap)
	: Rpc_client<Foc_native_pd>(static_cap_cast<Foc_native_pd>(cap)) { }

	Native_capability task_cap() override { return call<Rpc_task_cap>(); }

	Result install(Native_capability cap, addr_t kcap) override {
		return call<Rpc_install>(cap, kcap); }

	Result compare(Native_capability cap, addr_t kcap) override {
		return call<Rpc_compare>(cap, kcap); }

	Result irq_attach(Native_capability irq, Thread_capability thread,
	                  unsigned long label) override {
		return call<Rpc_irq_attach>(irq, thread, label); }

	Result irq_detach(Native_capability irq) override { return call<Rpc_irq_detach>(irq); }

	Stopped pause(Thread_capability thread) override { return call<Rpc_pause>(thread); }

	unsigned pending_signals(Signal_context_capability context) override {
		return call<Rpc_pending_signals>(context); }
};

#endif
