/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_FOC_NATIVE_CPU_CLIENT_H
#define GENODE_API26_FOC_NATIVE_CPU_CLIENT_H

#include <base/rpc_client.h>
#include <foc_native_cpu/foc_native_cpu.h>

namespace Genode {

	struct Foc_native_cpu_client : Rpc_client<Cpu_session::Native_cpu>
	{
		using Rpc_client::Rpc_client;

		RPC_CLIENT(FOC_NATIVE_CPU_RPC)
	};
}

#endif
