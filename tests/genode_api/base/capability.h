/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_CAPABILITY_H
#define GENODE_API_BASE_CAPABILITY_H

#include <base/native_capability.h>
#include <base/rpc.h>
#include <util/string.h>

namespace Genode {

	typedef Native_capability Untyped_capability;

	template <typename RPC_INTERFACE> class Capability : public Untyped_capability
	{
		private:

			/* An interface may be taken for one that it inherits from, only */
			template <typename FROM> static Untyped_capability _checked(Capability<FROM> const &cap)
			{
				FROM          *from = nullptr;
				RPC_INTERFACE *to   = from;
				(void)to;
				return cap;
			}

		public:

			typedef RPC_INTERFACE Rpc_interface;

			Capability() { }

			template <typename FROM>
			Capability(Capability<FROM> const &cap) : Untyped_capability(_checked(cap)) { }

			template <typename IF, typename... ARGS>
			typename IF::Ret_type call(ARGS const &... args) const {
				return IF::call(*this, Meta::Index_of<typename RPC_INTERFACE::Rpc_functions, IF>::Value,
				                args...); }
	};

	template <typename RPC_INTERFACE>
	Capability<RPC_INTERFACE> reinterpret_cap_cast(Untyped_capability const &cap)
	{
		Untyped_capability *untyped = const_cast<Untyped_capability *>(&cap);
		return *static_cast<Capability<RPC_INTERFACE> *>(untyped);
	}

	template <typename TO, typename FROM>
	Capability<TO> static_cap_cast(Capability<FROM> cap)
	{
		(void)static_cast<TO *>((FROM *)nullptr);
		return reinterpret_cap_cast<TO>(cap);
	}
}

#endif
