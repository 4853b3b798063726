/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_ROOT_ROOT_H
#define GENODE_API_MONITOR_ROOT_ROOT_H

#include <base/affinity.h>
#include <base/exception.h>
#include <base/rpc_args.h>
#include <root/capability.h>
#include <session/capability.h>

namespace Genode {

	struct Root
	{
		struct Exception      : Genode::Exception { };
		struct Unavailable    : Exception { };
		struct Quota_exceeded : Exception { };
		struct Invalid_args   : Exception { };

		typedef Rpc_in_buffer<160> Session_args;
		typedef Rpc_in_buffer<160> Upgrade_args;

		virtual ~Root() { }

		virtual Session_capability session(Session_args const &, Affinity const &) = 0;
		virtual void upgrade(Session_capability, Upgrade_args const &) = 0;
		virtual void close(Session_capability) = 0;

		GENODE_RPC_THROW(Rpc_session, Session_capability, session,
		                 GENODE_TYPE_LIST(Unavailable, Quota_exceeded, Invalid_args),
		                 Session_args const &, Affinity const &);
		GENODE_RPC_THROW(Rpc_upgrade, void, upgrade, GENODE_TYPE_LIST(Invalid_args),
		                 Session_capability, Upgrade_args const &);
		GENODE_RPC(Rpc_close, void, close, Session_capability);
		GENODE_RPC_INTERFACE(Rpc_session, Rpc_upgrade, Rpc_close);
	};

	template <typename SESSION> struct Typed_root : Root { typedef SESSION Session_type; };
}

#endif
