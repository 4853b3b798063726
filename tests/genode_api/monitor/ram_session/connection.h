/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_RAM_SESSION_CONNECTION_H
#define GENODE_API_MONITOR_RAM_SESSION_CONNECTION_H

#include <base/connection.h>
#include <ram_session/client.h>

namespace Genode {

	struct Ram_connection : Connection<Ram_session>, Ram_session_client
	{
		enum { RAM_QUOTA = 64*1024 };

		Ram_connection(char const *label = "")
		:
			Connection<Ram_session>(session(*env()->parent(), "ram_quota=64K, label=\"%s\"", label)),
			Ram_session_client(cap())
		{ }

		Ram_connection(Env &env, char const *label = "")
		:
			Connection<Ram_session>(env, session(env.parent(), "ram_quota=64K, label=\"%s\"", label)),
			Ram_session_client(cap())
		{ }

		using Connection<Ram_session>::cap;
	};
}

#endif
