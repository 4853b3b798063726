/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Servers: an entrypoint takes one request at a time, in the caller's thread
 */
#ifndef GENODE_API_MONITOR_BASE_RPC_SERVER_H
#define GENODE_API_MONITOR_BASE_RPC_SERVER_H

#include <base/capability.h>
#include <base/ipc.h>
#include <base/lock.h>
#include <base/thread.h>

namespace Genode {

	struct Pd_session;
	class  Rpc_entrypoint;
	class  Rpc_object_base;

	template <typename, typename> struct Rpc_object;
}


class Genode::Rpc_object_base
{
	private:

		friend class Rpc_entrypoint;

		Native_capability _cap;

	public:

		struct Function { void (*function)(); void *server; };

		virtual ~Rpc_object_base() { }

		Native_capability cap() const { return _cap; }

		/* nullptr: no such opcode */
		virtual Function function(long opcode) = 0;
};


template <typename RPC_INTERFACE, typename SERVER = RPC_INTERFACE>
struct Genode::Rpc_object : Rpc_object_base, RPC_INTERFACE
{
	template <typename... RPC> Function _at(long opcode, Meta::Type_list<RPC...>)
	{
		void (* const functions[])() = { (void (*)())&RPC::template dispatch<RPC, SERVER>... };

		if (opcode < 0 || (unsigned long)opcode >= sizeof...(RPC))
			return Function { nullptr, nullptr };
		return Function { functions[opcode], static_cast<SERVER *>(this) };
	}

	Function function(long opcode) override {
		return _at(opcode, typename RPC_INTERFACE::Rpc_functions()); }

	Capability<RPC_INTERFACE> const cap() const {
		return reinterpret_cap_cast<RPC_INTERFACE>(Rpc_object_base::cap()); }
};


class Genode::Rpc_entrypoint : Thread
{
	private:

		Lock _turn, _active;

		Untyped_capability _manage(Rpc_object_base *);
		void               _dissolve(Rpc_object_base *);

		Rpc_object_base *_object(Native_capability const &);

		void entry() override { }

	public:

		Rpc_entrypoint(Pd_session *, size_t stack_size, char const *name, bool start = true,
		               Affinity::Location = Affinity::Location());
		~Rpc_entrypoint();

		template <typename RPC_INTERFACE, typename SERVER>
		Capability<RPC_INTERFACE> manage(Rpc_object<RPC_INTERFACE, SERVER> *obj) {
			return reinterpret_cap_cast<RPC_INTERFACE>(_manage(obj)); }

		template <typename RPC_INTERFACE, typename SERVER>
		void dissolve(Rpc_object<RPC_INTERFACE, SERVER> *obj) { _dissolve(obj); }

		template <typename FN>
		auto apply(Untyped_capability cap, FN const &fn)
		-> typename Trait::Functor<decltype(&FN::operator())>::Return_type
		{
			typedef typename Trait::Functor<decltype(&FN::operator())>::template Argument<0>::Type
				Pointer;

			return fn(dynamic_cast<Pointer>(_object(cap)));
		}

		void activate();

		/* A request begins, and ends */
		void take_turn();
		void end_turn();
};

#endif
