/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's side of Foc_native_pd; takes the place of base-foc's header
 */
#ifndef _CORE__INCLUDE__NATIVE_PD_COMPONENT_H_
#define _CORE__INCLUDE__NATIVE_PD_COMPONENT_H_

#include <foc_native_pd/foc_native_pd.h>
#include <rpc_cap_factory.h>

namespace Genode {

	class Cpu_thread_component;
	class Pd_session_component;
	class Native_pd_component;
}


class Genode::Native_pd_component : public Rpc_object<Foc_native_pd>
{
	private:

		Pd_session_component &_pd_session;

		addr_t _task();
		bool   _own(Cpu_thread_component &);

	public:

		Native_pd_component(Pd_session_component &, char const *args);

		~Native_pd_component();

		Native_capability task_cap() override;

		Result install(Native_capability, addr_t) override;
		Result compare(Native_capability, addr_t) override;
		Result irq_attach(Native_capability, Thread_capability, unsigned long) override;
		Result irq_detach(Native_capability) override;
		Stopped  pause(Thread_capability) override;
		unsigned pending_signals(Signal_context_capability) override;
};

#endif
