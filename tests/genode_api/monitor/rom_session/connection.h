/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_ROM_SESSION_CONNECTION_H
#define GENODE_API_MONITOR_ROM_SESSION_CONNECTION_H

#include <base/connection.h>
#include <rom_session/client.h>

namespace Genode {

	struct Rom_connection : Connection<Rom_session>, Rom_session_client
	{
		Rom_connection(Env &env, char const *label)
		:
			Connection<Rom_session>(env, session(env.parent(), "ram_quota=4K, label=\"%s\"", label)),
			Rom_session_client(cap())
		{ }

		Rom_connection(char const *label)
		:
			Connection<Rom_session>(session(*env()->parent(), "ram_quota=4K, label=\"%s\"", label)),
			Rom_session_client(cap())
		{ }

		using Connection<Rom_session>::cap;
	};
}

#endif
