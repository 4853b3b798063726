/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_PARENT_PARENT_H
#define GENODE_API_MONITOR_PARENT_PARENT_H

#include <base/affinity.h>
#include <base/exception.h>
#include <base/rpc_args.h>
#include <base/signal.h>
#include <parent/capability.h>
#include <root/capability.h>
#include <session/capability.h>
#include <thread/capability.h>
#include <util/string.h>

namespace Genode { template <typename> struct Typed_root; }


struct Genode::Parent
{
	struct Exception      : Genode::Exception { };
	struct Service_denied : Exception { };
	struct Quota_exceeded : Exception { };
	struct Unavailable    : Exception { };

	typedef Rpc_in_buffer<64>  Service_name;
	typedef Rpc_in_buffer<160> Session_args;
	typedef Rpc_in_buffer<160> Upgrade_args;
	typedef String<160>        Resource_args;

	virtual ~Parent() { }

	virtual void exit(int) = 0;
	virtual void announce(Service_name const &, Root_capability) = 0;
	virtual Session_capability session(Service_name const &, Session_args const &,
	                                   Affinity const & = Affinity()) = 0;
	virtual void upgrade(Session_capability, Upgrade_args const &) = 0;
	virtual void close(Session_capability) = 0;
	virtual Thread_capability main_thread_cap() const = 0;
	virtual void resource_avail_sigh(Signal_context_capability) = 0;
	virtual void resource_request(Resource_args const &) = 0;
	virtual void yield_sigh(Signal_context_capability) = 0;
	virtual Resource_args yield_request() = 0;
	virtual void yield_response() = 0;

	template <typename ROOT> void announce(Capability<ROOT> const &root) {
		announce(Service_name(ROOT::Session_type::service_name()), root); }

	template <typename SESSION> Capability<SESSION> session(Session_args const &args) {
		return reinterpret_cap_cast<SESSION>(session(SESSION::service_name(), args)); }

	GENODE_RPC(Rpc_exit, void, exit, int);
	GENODE_RPC(Rpc_announce, void, announce, Service_name const &, Root_capability);
	GENODE_RPC_THROW(Rpc_session, Session_capability, session,
	                 GENODE_TYPE_LIST(Service_denied, Quota_exceeded, Unavailable),
	                 Service_name const &, Session_args const &, Affinity const &);
	GENODE_RPC_THROW(Rpc_upgrade, void, upgrade, GENODE_TYPE_LIST(Quota_exceeded),
	                 Session_capability, Upgrade_args const &);
	GENODE_RPC(Rpc_close, void, close, Session_capability);
	GENODE_RPC(Rpc_main_thread, Thread_capability, main_thread_cap);
	GENODE_RPC(Rpc_resource_avail_sigh, void, resource_avail_sigh, Signal_context_capability);
	GENODE_RPC(Rpc_resource_request, void, resource_request, Resource_args const &);
	GENODE_RPC(Rpc_yield_sigh, void, yield_sigh, Signal_context_capability);
	GENODE_RPC(Rpc_yield_request, Resource_args, yield_request);
	GENODE_RPC(Rpc_yield_response, void, yield_response);
	GENODE_RPC_INTERFACE(Rpc_exit, Rpc_announce, Rpc_session, Rpc_upgrade, Rpc_close,
	                     Rpc_main_thread, Rpc_resource_avail_sigh, Rpc_resource_request,
	                     Rpc_yield_sigh, Rpc_yield_request, Rpc_yield_response);
};

#endif
