/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_CPU_THREAD_COMPONENT_H
#define GENODE_API_CORE_CPU_THREAD_COMPONENT_H

#include <base/rpc_server.h>
#include <cpu_thread/cpu_thread.h>

#include <pager.h>
#include <platform_thread.h>

namespace Genode {

	struct Cpu_thread_component : Rpc_object<Cpu_thread>
	{
		Platform_thread &_thread;

		explicit Cpu_thread_component(Platform_thread &t) : _thread(t) { }

		Platform_thread &platform_thread() { return _thread; }

		void         start(addr_t, addr_t) override { }
		void         pause()               override { }
		void         resume()              override { }
		void         cancel_blocking()     override { }
		Thread_state state()               override { return Thread_state(); }
	};
}

#endif
