/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_RPC_H
#define GENODE_API_BASE_RPC_H

#include <util/meta.h>

namespace Genode {

	class Native_capability;

	struct Rpc_opcode
	{
		long value = 0;
		explicit Rpc_opcode(int v) : value(v) { }
	};

	struct Rpc_exception_code
	{
		enum { SUCCESS = 0, INVALID_OBJECT = -1, INVALID_OPCODE = -2, EXCEPTION_BASE = -1000 };

		long value;
		explicit Rpc_exception_code(int v) : value(v) { }
	};

	template <typename> struct Rpc_signature;

	template <typename RET, typename... ARGS> struct Rpc_signature<RET (ARGS...)>
	{
		typedef RET Ret_type;

		/* What a client's stub comes to */
		static RET call(Native_capability const &, long opcode, ARGS...);

		/* What a server's dispatcher comes to: its function must suit the interface */
		template <typename RPC, typename SERVER>
		static RET dispatch(SERVER &server, ARGS... args) {
			return RPC::template serve<RET>(server, args...); }
	};
}

#define GENODE_RPC_THROW(rpc_name, ret_type, func_name, exc_types, ...) \
	struct rpc_name : ::Genode::Rpc_signature<ret_type (__VA_ARGS__)> { \
		typedef exc_types Exceptions; \
		template <typename RET, typename SERVER, typename... ARGS> \
		static RET serve(SERVER &server, ARGS &... args) { return server.func_name(args...); } \
		static char const *name() { return #func_name; } \
	};

#define GENODE_RPC(rpc_name, ret_type, func_name, ...) \
	GENODE_RPC_THROW(rpc_name, ret_type, func_name, GENODE_TYPE_LIST(), __VA_ARGS__)

#define GENODE_RPC_INTERFACE(...) typedef GENODE_TYPE_LIST(__VA_ARGS__) Rpc_functions

#define GENODE_RPC_INTERFACE_INHERIT(base, ...) \
	typedef ::Genode::Meta::Append<base::Rpc_functions, GENODE_TYPE_LIST(__VA_ARGS__)>::Type \
		Rpc_functions; \
	typedef base Rpc_inherited_interface

#endif
