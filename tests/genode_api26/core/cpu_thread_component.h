/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_CPU_THREAD_COMPONENT_H
#define GENODE_API26_CORE_CPU_THREAD_COMPONENT_H

#include <base/rpc_server.h>
#include <cpu_thread/cpu_thread.h>

#include <pager.h>
#include <platform_thread.h>

namespace Core { struct Cpu_thread_component; }


struct Core::Cpu_thread_component : Rpc_object<Cpu_thread>
{
	Platform_thread      &thread;
	Cpu_thread_component *next = nullptr; /* of its PD session */

	explicit Cpu_thread_component(Platform_thread &t) : thread(t) { }

	Platform_thread &platform_thread() { return thread; }

	void start(addr_t, addr_t) override { }
	void pause()               override { }
	void resume()              override { }
};

#endif
