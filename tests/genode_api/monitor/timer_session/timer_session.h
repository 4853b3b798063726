/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_TIMER_SESSION_TIMER_SESSION_H
#define GENODE_API_MONITOR_TIMER_SESSION_TIMER_SESSION_H

#include <base/signal.h>
#include <session/session.h>

namespace Timer { struct Session; }


struct Timer::Session : Genode::Session
{
	typedef Genode::Signal_context_capability Signal_context_capability;

	static char const *service_name() { return "Timer"; }

	virtual ~Session() { }

	virtual void trigger_once(unsigned us) = 0;
	virtual void trigger_periodic(unsigned us) = 0;
	virtual void sigh(Signal_context_capability) = 0;
	virtual unsigned long elapsed_ms() const = 0;
	virtual void msleep(unsigned) = 0;
	virtual void usleep(unsigned) = 0;

	GENODE_RPC(Rpc_trigger_once, void, trigger_once, unsigned);
	GENODE_RPC(Rpc_trigger_periodic, void, trigger_periodic, unsigned);
	GENODE_RPC(Rpc_sigh, void, sigh, Signal_context_capability);
	GENODE_RPC(Rpc_elapsed_ms, unsigned long, elapsed_ms);
	GENODE_RPC_INTERFACE(Rpc_trigger_once, Rpc_trigger_periodic, Rpc_sigh, Rpc_elapsed_ms);
};

#endif
