/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages: a request is the call of a function that the server looks up
 */
#ifndef GENODE_API_MONITOR_BASE_IPC_H
#define GENODE_API_MONITOR_BASE_IPC_H

#include <base/exception.h>

namespace Genode {

	struct Ipc_error        : Exception { };
	struct Blocking_canceled : Exception { };

	struct Rpc_opcode
	{
		long value;
		explicit Rpc_opcode(long v) : value(v) { }
	};

	struct Rpc_exception_code
	{
		enum { SUCCESS = 0, INVALID_OBJECT = -1, INVALID_OPCODE = -2 };

		long value;
		explicit Rpc_exception_code(long v) : value(v) { }
	};

	/* A request with its arguments; it keeps its result, or what the server threw */
	struct Ipc_unmarshaller { virtual void deliver(void (*function)(), void *server) = 0; };

	struct Msgbuf_base { };
}

#endif
