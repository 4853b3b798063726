/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_LOG_SESSION_LOG_SESSION_H
#define GENODE_API_MONITOR_LOG_SESSION_LOG_SESSION_H

#include <base/rpc_args.h>
#include <base/rpc.h>
#include <session/session.h>

namespace Genode {

	struct Log_session : Session
	{
		static char const *service_name() { return "LOG"; }

		enum { MAX_STRING_LEN = 236 };

		typedef Rpc_in_buffer<MAX_STRING_LEN> String;

		virtual ~Log_session() { }

		virtual size_t write(String const &) = 0;

		GENODE_RPC(Rpc_write, size_t, write, String const &);
		GENODE_RPC_INTERFACE(Rpc_write);
	};
}

#endif
