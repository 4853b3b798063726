/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_IPC_H
#define GENODE_API26_MONITOR_BASE_IPC_H

#include <base/rpc.h>

namespace Genode {

	struct Ipc_unmarshaller;
	struct Msgbuf_base;
}

#endif
