/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's side of Foc_native_pd; takes the place of base-foc's header
 */
#ifndef CAPLOG_NATIVE_PD_COMPONENT_H
#define CAPLOG_NATIVE_PD_COMPONENT_H

#include <base/weak_ptr.h>
#include <foc_native_pd/foc_native_pd.h>

/* core's PD session relies on this one to include it */
#include <rpc_cap_factory.h>

namespace Genode {

	class  Pd_session_component;
	class  Cpu_thread_component;
	struct Address_space;
	class  Native_pd_component;
}


class Genode::Native_pd_component : public Rpc_object<Foc_native_pd>
{
	public:

		/* Serves requests from now on until its end; 'args' are not used */
		Native_pd_component(Pd_session_component &session, char const *args);
		~Native_pd_component();

		Stops    pause(Threads const &) override;
		unsigned pending_signals(Signal_context_capability) override;

		Seen              look(addr_t, Badges const &) override;
		Made              make_gates(Native_capability, unsigned) override;
		Native_capability gate(unsigned) override;
		Installed         install_gates(Capability<Pd_session::Native_pd>, addr_t,
		                                Badges const &) override;

		Result install(Native_capability, addr_t) override;
		Result irq_attach(Native_capability, Thread_capability, unsigned long) override;
		Result irq_detach(Native_capability) override;

		Native_capability task_cap() override;

	private:

		Pd_session_component &_session;

		/* made once, since that takes several locks */
		Weak_ptr<Address_space> const _space;

		addr_t _task();
		bool   _own(Cpu_thread_component &);
		Stopped _pause(Cpu_thread_component &);
		Result _put(Native_capability const &, addr_t);
		void   _put_all(Rpc_cap_factory &, addr_t, Badges const &, Installed &);
};

#endif
