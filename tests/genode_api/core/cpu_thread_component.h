/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_CPU_THREAD_COMPONENT_H
#define GENODE_API_CORE_CPU_THREAD_COMPONENT_H

#include <base/rpc_server.h>
#include <cpu_thread/cpu_thread.h>

#include <platform_thread.h>

namespace Genode {

	struct Cpu_thread_component : Rpc_object<Cpu_thread>
	{
		Platform_thread &platform_thread();
	};
}

#endif
