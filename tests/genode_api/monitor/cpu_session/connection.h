/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_CPU_SESSION_CONNECTION_H
#define GENODE_API_MONITOR_CPU_SESSION_CONNECTION_H

#include <base/connection.h>
#include <cpu_session/client.h>

namespace Genode {

	struct Cpu_connection : Connection<Cpu_session>, Cpu_session_client
	{
		enum { RAM_QUOTA = 36*1024 };

		Cpu_connection(Env &env, char const *label = "", long priority = DEFAULT_PRIORITY,
		               Affinity const & = Affinity())
		:
			Connection<Cpu_session>(env, session(env.parent(),
				"priority=0x%lx, ram_quota=128K, label=\"%s\"", priority, label)),
			Cpu_session_client(cap())
		{ }

		using Connection<Cpu_session>::cap;
	};
}

#endif
