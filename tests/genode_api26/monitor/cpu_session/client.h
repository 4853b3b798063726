/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_CPU_SESSION_CLIENT_H
#define GENODE_API26_MONITOR_CPU_SESSION_CLIENT_H

#include <base/rpc_client.h>
#include <cpu_session/cpu_session.h>

namespace Genode {

	struct Cpu_session_client : Rpc_client<Cpu_session>
	{
		explicit Cpu_session_client(Capability<Cpu_session>);

		Create_thread_result create_thread(Capability<Pd_session>, Name const &, Affinity::Location, addr_t = 0) override;
		void kill_thread(Thread_capability) override;
		void exception_sigh(Signal_context_capability) override;
		Affinity::Space affinity_space() const override;
		Dataspace_capability trace_control() override;
		Capability<Native_cpu> native_cpu() override;
	};
}

#endif
