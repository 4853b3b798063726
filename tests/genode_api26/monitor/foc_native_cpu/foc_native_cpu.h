/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_FOC_NATIVE_CPU_FOC_NATIVE_CPU_H
#define GENODE_API26_MONITOR_FOC_NATIVE_CPU_FOC_NATIVE_CPU_H

#include <cpu_session/cpu_session.h>
#include <foc/thread_state.h>

namespace Genode {

	struct Cpu_session::Native_cpu : Interface
	{
		virtual Native_capability native_cap(Thread_capability) = 0;
		virtual Foc_thread_state  thread_state(Thread_capability) = 0;
	};
}

#endif
