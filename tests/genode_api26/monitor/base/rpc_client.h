/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_RPC_CLIENT_H
#define GENODE_API26_MONITOR_BASE_RPC_CLIENT_H

#include <base/capability.h>

namespace Genode {

	template <typename IF> struct Rpc_client : IF
	{
		Capability<IF> its_cap;

		explicit Rpc_client(Capability<IF> const &cap) : its_cap(cap) { }

		template <typename RPC, typename... ARGS> typename RPC::Ret_type call(ARGS const &... args) const {
			return its_cap.template call<RPC>(args...); }

		Capability<IF> rpc_cap() const { return its_cap; }
	};
}

#endif
