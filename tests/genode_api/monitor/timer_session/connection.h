/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_TIMER_SESSION_CONNECTION_H
#define GENODE_API_MONITOR_TIMER_SESSION_CONNECTION_H

#include <base/connection.h>
#include <timer_session/client.h>

namespace Timer {

	struct Connection : Genode::Connection<Session>, Session_client
	{
		Connection(Genode::Env &env)
		:
			Genode::Connection<Session>(env, session(env.parent(), "ram_quota=8K")),
			Session_client(Genode::Connection<Session>::cap())
		{ }

		Connection()
		:
			Genode::Connection<Session>(session(*Genode::env()->parent(), "ram_quota=8K")),
			Session_client(Genode::Connection<Session>::cap())
		{ }

		void usleep(unsigned us) override;
		void msleep(unsigned ms) override { usleep(1000*ms); }
	};
}

#endif
