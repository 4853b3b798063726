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

		virtual ~Rpc_object_base() { }

		Native_capability cap() const { return _cap; }

		virtual Rpc_exception_code dispatch(Rpc_opcode, Ipc_unmarshaller &, Msgbuf_base &) = 0;
};


template <typename RPC_INTERFACE, typename SERVER = RPC_INTERFACE>
struct Genode::Rpc_object : Rpc_object_base, RPC_INTERFACE
{
	template <typename... RPC>
	Rpc_exception_code _call(long opcode, Ipc_unmarshaller &in, Meta::Type_list<RPC...>)
	{
		void (* const functions[])() = { (void (*)())&RPC::template dispatch<RPC, SERVER>... };

		if (opcode < 0 || (unsigned long)opcode >= sizeof...(RPC))
			return Rpc_exception_code(Rpc_exception_code::INVALID_OPCODE);
		in.deliver(functions[opcode], static_cast<SERVER *>(this));
		return Rpc_exception_code(Rpc_exception_code::SUCCESS);
	}

	Rpc_exception_code dispatch(Rpc_opcode opcode, Ipc_unmarshaller &in, Msgbuf_base &) override {
		return _call(opcode.value, in, typename RPC_INTERFACE::Rpc_functions()); }

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

		/* One request at a time */
		struct Turn
		{
			Rpc_entrypoint &ep;

			Turn(Rpc_entrypoint &);
			~Turn();
		};
};

#endif
