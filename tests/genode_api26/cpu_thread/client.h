/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CPU_THREAD_CLIENT_H
#define GENODE_API26_CPU_THREAD_CLIENT_H

#include <base/rpc_client.h>
#include <cpu_thread/cpu_thread.h>

namespace Genode {

	struct Cpu_thread_client : Rpc_client<Cpu_thread>
	{
		using Rpc_client::Rpc_client;

		RPC_CLIENT(CPU_THREAD_RPC)
	};
}

#endif
