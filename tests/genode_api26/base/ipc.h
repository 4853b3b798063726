/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_IPC_H
#define GENODE_API26_BASE_IPC_H

#include <base/ipc_msgbuf.h>
#include <base/log.h>
#include <base/rpc.h>

namespace Genode {

	struct Ipc_unmarshaller : Noncopyable
	{
		Ipc_unmarshaller(Msgbuf_base &);

		template <typename T> void extract(T &);
	};

	Rpc_exception_code ipc_call(Native_capability dst, Msgbuf_base &snd_msg,
	                            Msgbuf_base &rcv_msg, size_t rcv_caps);
}

#endif
