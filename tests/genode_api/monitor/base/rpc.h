/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RPC without messages: a client calls the server's function
 *
 * An opcode is a place in the interface's list. What a server has there is a
 * function whose type depends on the RPC only, so that the client can call it.
 */
#ifndef GENODE_API_MONITOR_BASE_RPC_H
#define GENODE_API_MONITOR_BASE_RPC_H

#include <base/ipc.h>
#include <util/construct_at.h>
#include <util/meta.h>

namespace Genode {

	class Native_capability;

	template <typename> struct Rpc_signature;

	/*
	 * The server's entrypoint dispatches the message, in the caller's thread
	 *
	 * \throw Ipc_error, if there is no such object or function
	 */
	void rpc_send(Native_capability const &, long opcode, Ipc_unmarshaller &);

	/* What is being thrown, for the client; opaque */
	void *rpc_thrown();
	void  rpc_throw(void *);

	/* Place for a result, which nothing is */
	template <typename RET> struct Rpc_result
	{
		alignas(RET) char bytes[sizeof(RET)];

		struct Placed
		{
			RET value;
			void *operator new (size_t, void *at) { return at; }
			void  operator delete (void *, void *) { }
		};

		template <typename FN> void of(FN const &fn) { new (bytes) Placed { fn() }; }

		RET get()
		{
			RET value = ((Placed *)bytes)->value;
			((Placed *)bytes)->~Placed();
			return value;
		}
	};

	template <> struct Rpc_result<void>
	{
		template <typename FN> void of(FN const &fn) { fn(); }
		void get() { }
	};

	template <typename RET, typename... ARGS> struct Rpc_signature<RET (ARGS...)>
	{
		typedef RET Ret_type;

		template <typename FN> struct Message : Ipc_unmarshaller
		{
			FN const       &run;
			Rpc_result<RET> result;
			void           *thrown = nullptr;

			Message(FN const &run) : run(run) { }

			void deliver(void (*function)(), void *server) override
			{
				try { result.of([&] () { return run(function, server); }); }
				catch (...) { thrown = rpc_thrown(); }
			}
		};

		static RET call(Native_capability const &dst, long opcode, ARGS... args)
		{
			auto const run = [&] (void (*function)(), void *server) -> RET {
				return ((RET (*)(void *, ARGS...))function)(server, args...); };

			Message<decltype(run)> message(run);

			rpc_send(dst, opcode, message);
			if (message.thrown)
				rpc_throw(message.thrown);
			return message.result.get();
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
