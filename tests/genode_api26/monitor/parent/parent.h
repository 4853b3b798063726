/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_PARENT_PARENT_H
#define GENODE_API26_MONITOR_PARENT_PARENT_H

#include <cpu_session/cpu_session.h>
#include <session/capability.h>
#include <util/interface.h>

namespace Genode {

	template <size_t MAX> struct Rpc_in_buffer
	{
		enum { MAX_SIZE = MAX };

		Rpc_in_buffer(char const *);

		char const *string() const;
		bool        valid_string() const;
	};

	enum class Session_error { OUT_OF_RAM, OUT_OF_CAPS, INSUFFICIENT_RAM, INSUFFICIENT_CAPS, DENIED };

	struct Parent : Interface
	{
		typedef Rpc_in_buffer<64>  Service_name;
		typedef Rpc_in_buffer<160> Session_args, Upgrade_args;
		typedef String<160>        Resource_args;

		struct Number { unsigned long value; bool operator == (Number const &) const; };
		struct Client { typedef Number Id; };
		struct Server { typedef Number Id; };

		/* Sessions that a component has from its start on */
		struct Env
		{
			static Client::Id pd()     { return { 1 }; }
			static Client::Id cpu()    { return { 2 }; }
			static Client::Id log()    { return { 3 }; }
			static Client::Id binary() { return { 4 }; }
			static Client::Id linker() { return { 5 }; }

			static bool session_id(Client::Id);
		};

		enum class Session_cap_error { DENIED, INSUFFICIENT_RAM, INSUFFICIENT_CAPS };
		enum class Upgrade_result    { OK, PENDING, OUT_OF_RAM, OUT_OF_CAPS };
		enum class Close_result      { DONE, PENDING };
		enum class Session_response  { DENIED, OK, CLOSED, INSUFFICIENT_RAM, INSUFFICIENT_CAPS };

		typedef Attempt<Capability<Session>, Session_error>     Session_result;
		typedef Attempt<Capability<Session>, Session_cap_error> Session_cap_result;

		virtual void exit(int) = 0;
		virtual void announce(Service_name const &) = 0;
		virtual void session_sigh(Signal_context_capability) = 0;
		virtual Session_result session(Client::Id, Service_name const &, Session_args const &,
		                               Affinity const &) = 0;
		virtual Session_cap_result session_cap(Client::Id) = 0;
		virtual Upgrade_result upgrade(Client::Id, Upgrade_args const &) = 0;
		virtual Close_result close(Client::Id) = 0;
		virtual void session_response(Server::Id, Session_response) = 0;
		virtual void deliver_session_cap(Server::Id, Session_capability) = 0;
		virtual Thread_capability main_thread_cap() const = 0;
		virtual void resource_avail_sigh(Signal_context_capability) = 0;
		virtual void resource_request(Resource_args const &) = 0;
		virtual void yield_sigh(Signal_context_capability) = 0;
		virtual Resource_args yield_request() = 0;
		virtual void yield_response() = 0;
		virtual void heartbeat_sigh(Signal_context_capability) = 0;
		virtual void heartbeat_response() = 0;

		GENODE_RPC(Rpc_exit, void, exit, int);
		GENODE_RPC(Rpc_announce, void, announce, Service_name const &);
		GENODE_RPC(Rpc_session_sigh, void, session_sigh, Signal_context_capability);
		GENODE_RPC(Rpc_session, Session_result, session, Client::Id, Service_name const &,
		           Session_args const &, Affinity const &);
		GENODE_RPC(Rpc_session_cap, Session_cap_result, session_cap, Client::Id);
		GENODE_RPC(Rpc_upgrade, Upgrade_result, upgrade, Client::Id, Upgrade_args const &);
		GENODE_RPC(Rpc_close, Close_result, close, Client::Id);
		GENODE_RPC(Rpc_session_response, void, session_response, Server::Id, Session_response);
		GENODE_RPC(Rpc_deliver_session_cap, void, deliver_session_cap, Server::Id, Session_capability);
		GENODE_RPC(Rpc_resource_avail_sigh, void, resource_avail_sigh, Signal_context_capability);
		GENODE_RPC(Rpc_resource_request, void, resource_request, Resource_args const &);
		GENODE_RPC(Rpc_yield_sigh, void, yield_sigh, Signal_context_capability);
		GENODE_RPC(Rpc_yield_request, Resource_args, yield_request);
		GENODE_RPC(Rpc_yield_response, void, yield_response);
		GENODE_RPC(Rpc_heartbeat_sigh, void, heartbeat_sigh, Signal_context_capability);
		GENODE_RPC(Rpc_heartbeat_response, void, heartbeat_response);
		GENODE_RPC_INTERFACE(Rpc_exit, Rpc_announce, Rpc_session_sigh, Rpc_session, Rpc_session_cap,
		                     Rpc_upgrade, Rpc_close, Rpc_session_response, Rpc_deliver_session_cap,
		                     Rpc_resource_avail_sigh, Rpc_resource_request, Rpc_yield_sigh,
		                     Rpc_yield_request, Rpc_yield_response, Rpc_heartbeat_sigh,
		                     Rpc_heartbeat_response);
	};
}

#endif
