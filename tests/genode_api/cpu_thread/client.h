/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CPU_THREAD_CLIENT_H
#define GENODE_API_CPU_THREAD_CLIENT_H

#include <base/rpc_client.h>
#include <cpu_thread/cpu_thread.h>
#include <thread/capability.h>

namespace Genode {

	struct Cpu_thread_client : Rpc_client<Cpu_thread>
	{
		explicit Cpu_thread_client(Thread_capability cap) : Rpc_client<Cpu_thread>(cap) { }

		void         start(addr_t ip, addr_t sp) override { call<Rpc_start>(ip, sp); }
		void         pause()                     override { call<Rpc_pause>(); }
		void         resume()                    override { call<Rpc_resume>(); }
		void         cancel_blocking()           override { call<Rpc_cancel_blocking>(); }
		Thread_state state()                     override { return call<Rpc_get_state>(); }
	};
}

#endif
