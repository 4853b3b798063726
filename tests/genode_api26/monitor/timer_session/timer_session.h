/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_TIMER_SESSION_TIMER_SESSION_H
#define GENODE_API26_MONITOR_TIMER_SESSION_TIMER_SESSION_H

#include <base/signal.h>
#include <base/stdint.h>
#include <session/session.h>
#include <util/interface.h>

namespace Timer {

	using Genode::uint64_t;

	struct Session : Genode::Session, Genode::Interface
	{
		virtual void     trigger_once(uint64_t us) = 0;
		virtual void     trigger_periodic(uint64_t us) = 0;
		virtual void     sigh(Genode::Signal_context_capability) = 0;
		virtual uint64_t elapsed_ms() const = 0;
		virtual uint64_t elapsed_us() const = 0;
		virtual void     msleep(uint64_t) = 0;
		virtual void     usleep(uint64_t) = 0;

		GENODE_RPC(Rpc_trigger_once, void, trigger_once, uint64_t);
		GENODE_RPC(Rpc_trigger_periodic, void, trigger_periodic, uint64_t);
		GENODE_RPC(Rpc_sigh, void, sigh, Genode::Signal_context_capability);
		GENODE_RPC(Rpc_elapsed_ms, uint64_t, elapsed_ms);
		GENODE_RPC(Rpc_elapsed_us, uint64_t, elapsed_us);
		GENODE_RPC_INTERFACE(Rpc_trigger_once, Rpc_trigger_periodic, Rpc_sigh, Rpc_elapsed_ms,
		                     Rpc_elapsed_us);
	};
}

#endif
