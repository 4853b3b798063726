/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_CPU_SESSION_CPU_SESSION_H
#define GENODE_API26_MONITOR_CPU_SESSION_CPU_SESSION_H

#include <cpu_thread/cpu_thread.h>
#include <pd_session/pd_session.h>

namespace Genode {

	struct Cpu_session : Session, Interface
	{
		struct Native_cpu;

		typedef String<32>                              Name;
		typedef Alloc_error                             Create_thread_error;
		typedef Attempt<Thread_capability, Alloc_error> Create_thread_result;

		enum { RAM_QUOTA = 1 };

		virtual Create_thread_result create_thread(Capability<Pd_session>, Name const &, Affinity::Location, addr_t = 0) = 0;
		virtual void kill_thread(Thread_capability) = 0;
		virtual void exception_sigh(Signal_context_capability) = 0;
		virtual Affinity::Space affinity_space() const = 0;
		virtual Dataspace_capability trace_control() = 0;
		virtual Capability<Native_cpu> native_cpu() = 0;
	};
}

#endif
