/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_FOC_NATIVE_CPU_CLIENT_H
#define GENODE_API26_MONITOR_FOC_NATIVE_CPU_CLIENT_H

#include <foc_native_cpu/foc_native_cpu.h>

namespace Genode {

	struct Foc_native_cpu_client : Cpu_session::Native_cpu
	{
		explicit Foc_native_cpu_client(Capability<Cpu_session::Native_cpu>);

		Native_capability native_cap(Thread_capability) override;
		Foc_thread_state  thread_state(Thread_capability) override;
	};
}

#endif
