/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_CPU_THREAD_CPU_THREAD_H
#define GENODE_API26_MONITOR_CPU_THREAD_CPU_THREAD_H

#include <base/affinity.h>
#include <base/signal.h>
#include <base/thread_state.h>
#include <dataspace/capability.h>
#include <util/interface.h>

namespace Genode {

	struct Cpu_thread : Interface
	{
		virtual Dataspace_capability utcb() = 0;
		virtual void start(addr_t ip, addr_t sp) = 0;
		virtual void pause() = 0;
		virtual void resume() = 0;
		virtual Thread_state state() = 0;
		virtual void state(Thread_state const &) = 0;
		virtual void exception_sigh(Signal_context_capability) = 0;
		virtual void single_step(bool) = 0;
		virtual void affinity(Affinity::Location) = 0;
		virtual unsigned trace_control_index() = 0;
		virtual Dataspace_capability trace_buffer() = 0;
		virtual Dataspace_capability trace_policy() = 0;
	};

	typedef Capability<Cpu_thread> Thread_capability;
}

#endif
