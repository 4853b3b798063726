/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_PD_SESSION_CONNECTION_H
#define GENODE_API_MONITOR_PD_SESSION_CONNECTION_H

#include <base/connection.h>
#include <pd_session/client.h>

namespace Genode {

	struct Pd_connection : Connection<Pd_session>, Pd_session_client
	{
		enum { RAM_QUOTA = 64*1024 };

		Pd_connection(char const *label = "")
		:
			Connection<Pd_session>(session(*env()->parent(), "ram_quota=64K, label=\"%s\"", label)),
			Pd_session_client(cap())
		{ }

		Pd_connection(Env &env, char const *label = "")
		:
			Connection<Pd_session>(env, session(env.parent(), "ram_quota=64K, label=\"%s\"", label)),
			Pd_session_client(cap())
		{ }

		using Connection<Pd_session>::cap;
	};
}

#endif
