/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RPC without messages: a client calls the server's function
 *
 * An opcode is a place in the interface's list. What a server has there is a
 * function whose type depends on the RPC only, so that the client can call it.
 */
#ifndef GENODE_API_MONITOR_BASE_RPC_H
#define GENODE_API_MONITOR_BASE_RPC_H

#include <util/meta.h>

namespace Genode {

	class Native_capability;

	template <typename> struct Rpc_signature;

	/* The server of a capability, for the time of one call */
	struct Rpc_call
	{
		void (*function)();
		void  *server;
		void  *entrypoint;

		/* \throw Ipc_error, if there is no such object or function */
		Rpc_call(Native_capability const &, long opcode);
		~Rpc_call();
	};

	template <typename RET, typename... ARGS> struct Rpc_signature<RET (ARGS...)>
	{
		typedef RET Ret_type;

		static RET call(Native_capability const &dst, long opcode, ARGS... args)
		{
			Rpc_call call(dst, opcode);

			return ((RET (*)(void *, ARGS...))call.function)(call.server, args...);
		}

		template <typename RPC, typename SERVER>
		static RET dispatch(void *server, ARGS... args) {
			return RPC::template serve<RET>(*(SERVER *)server, args...); }
	};
}

#define GENODE_RPC_THROW(rpc_name, ret_type, func_name, exc_types, ...) \
	struct rpc_name : ::Genode::Rpc_signature<ret_type (__VA_ARGS__)> { \
		typedef exc_types Exceptions; \
		template <typename RET, typename SERVER, typename... ARGS> \
		static RET serve(SERVER &server, ARGS &... args) { return server.func_name(args...); } \
	};

#define GENODE_RPC(rpc_name, ret_type, func_name, ...) \
	GENODE_RPC_THROW(rpc_name, ret_type, func_name, GENODE_TYPE_LIST(), __VA_ARGS__)

#define GENODE_RPC_INTERFACE(...) typedef GENODE_TYPE_LIST(__VA_ARGS__) Rpc_functions

#define GENODE_RPC_INTERFACE_INHERIT(base, ...) \
	typedef ::Genode::Meta::Append<base::Rpc_functions, GENODE_TYPE_LIST(__VA_ARGS__)>::Type \
		Rpc_functions; \
	typedef base Rpc_inherited_interface

#endif
