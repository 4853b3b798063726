/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Client of Foc_native_pd, for the monitor
 */
#ifndef CAPLOG_FOC_NATIVE_PD_CLIENT_H
#define CAPLOG_FOC_NATIVE_PD_CLIENT_H

#include <base/rpc_client.h>
#include <foc_native_pd/foc_native_pd.h>

namespace Genode { class Foc_native_pd_client; }


class Genode::Foc_native_pd_client : public Rpc_client<Foc_native_pd>
{
	private:

		/* What Pd_session::native_pd returns; on this kernel it has more functions */
		static Capability<Foc_native_pd> _extended(Capability<Native_pd> const &cap) {
			return static_cap_cast<Foc_native_pd>(cap); }

	public:

		Foc_native_pd_client(Capability<Native_pd> const &cap)
		: Rpc_client<Foc_native_pd>(_extended(cap)) { }

		Stops pause(Threads const &threads) override { return call<Rpc_pause>(threads); }

		/* The same for one thread */
		Stopped pause(Thread_capability thread)
		{
			Threads one = Threads();
			one.badge[0] = (caplog_badge)thread.local_name();
			return pause(one).at(0);
		}

		Result install(Native_capability c, addr_t kcap) override { return call<Rpc_install>(c, kcap); }
		Seen   look(addr_t kcap, Badges const &b) override { return call<Rpc_look>(kcap, b); }

		Made make_gates(Native_capability thread, unsigned count) override {
			return call<Rpc_make_gates>(thread, count); }

		Native_capability gate(unsigned badge) override { return call<Rpc_gate>(badge); }

		Installed install_gates(Capability<Native_pd> maker, addr_t kcap, Badges const &b) override {
			return call<Rpc_install_gates>(maker, kcap, b); }

		Result irq_detach(Native_capability irq) override { return call<Rpc_irq_detach>(irq); }
		Result irq_attach(Native_capability irq, Thread_capability t, unsigned long label) override {
			return call<Rpc_irq_attach>(irq, t, label); }

		unsigned pending_signals(Signal_context_capability c) override {
			return call<Rpc_pending_signals>(c); }

		Result  track(Dataspace_capability ds, uint32_t id) override { return call<Rpc_track>(ds, id); }
		Written take_written() override { return call<Rpc_take_written>(); }
		Result  keep(Dataspace_capability room) override { return call<Rpc_keep>(room); }

		Native_capability task_cap() override { return call<Rpc_task_cap>(); }
};

#endif
