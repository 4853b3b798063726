/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_INTERNAL_IPC_SERVER_H
#define GENODE_API_BASE_INTERNAL_IPC_SERVER_H

#include <base/ipc.h>

namespace Genode {

	typedef Native_capability Reply_capability;

	struct Rpc_request
	{
		Reply_capability caller;
		unsigned long    badge = ~0UL;

		Rpc_request() { }
		Rpc_request(Reply_capability c, unsigned long b) : caller(c), badge(b) { }
	};

	struct Ipc_server : Native_capability
	{
		Ipc_server();
		~Ipc_server();
	};

	void ipc_reply(Native_capability caller, Rpc_exception_code, Msgbuf_base &snd_msg);

	Rpc_request ipc_reply_wait(Reply_capability const &caller, Rpc_exception_code reply_exc,
	                           Msgbuf_base &reply_msg, Msgbuf_base &request_msg);
}

#endif
