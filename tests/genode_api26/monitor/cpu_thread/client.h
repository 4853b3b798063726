/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_CPU_THREAD_CLIENT_H
#define GENODE_API26_MONITOR_CPU_THREAD_CLIENT_H

#include <cpu_thread/cpu_thread.h>

namespace Genode {

	struct Cpu_thread_client : Cpu_thread
	{
		explicit Cpu_thread_client(Thread_capability);

		Dataspace_capability utcb() override;
		void start(addr_t ip, addr_t sp) override;
		void pause() override;
		void resume() override;
		Thread_state state() override;
		void state(Thread_state const &) override;
		void exception_sigh(Signal_context_capability) override;
		void single_step(bool) override;
		void affinity(Affinity::Location) override;
		unsigned trace_control_index() override;
		Dataspace_capability trace_buffer() override;
		Dataspace_capability trace_policy() override;
	};
}

#endif
