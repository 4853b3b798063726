/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_TIMER_SESSION_CLIENT_H
#define GENODE_API_MONITOR_TIMER_SESSION_CLIENT_H

#include <base/rpc_client.h>
#include <timer_session/timer_session.h>

namespace Timer {

	struct Session_client : Genode::Rpc_client<Session>
	{
		explicit Session_client(Genode::Capability<Session> cap)
		: Genode::Rpc_client<Session>(cap) { }

		void trigger_once(unsigned us) override              { call<Rpc_trigger_once>(us); }
		void trigger_periodic(unsigned us) override          { call<Rpc_trigger_periodic>(us); }
		void sigh(Signal_context_capability cap) override    { call<Rpc_sigh>(cap); }
		unsigned long elapsed_ms() const override            { return call<Rpc_elapsed_ms>(); }
	};
}

#endif
