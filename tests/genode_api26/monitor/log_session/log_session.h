/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_LOG_SESSION_LOG_SESSION_H
#define GENODE_API26_MONITOR_LOG_SESSION_LOG_SESSION_H

#include <parent/parent.h>

namespace Genode {

	struct Log_session : Session, Interface
	{
		typedef Rpc_in_buffer<232> String;

		virtual void write(String const &) = 0;

		GENODE_RPC(Rpc_write, void, write, String const &);
		GENODE_RPC_INTERFACE(Rpc_write);
	};
}

#endif
