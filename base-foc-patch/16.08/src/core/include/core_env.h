/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's environment, in which a thread of core submits signals itself
 *
 * In Genode's, each signal that a thread of core submits is a call of core's
 * entrypoint: also of the pager, for each fault that nobody resolves, while it has
 * the lock of a region map, and for each exception. The entrypoint needs that lock
 * for a request, and calls the pager to resume a thread. They would wait for each
 * other, and all components for both.
 */
#ifndef CAPLOG_CORE_ENV_H
#define CAPLOG_CORE_ENV_H

/* what Genode's header includes, under names of its own */
#include <pd_session/client.h>
#include <signal_source_component.h>

namespace Genode { struct Own_pd_session; }


struct Genode::Own_pd_session : Pd_session_client
{
	explicit Own_pd_session(Capability<Pd_session> cap) : Pd_session_client(cap) { }

	void submit(Capability<Signal_context>, unsigned count) override;
};

#define Pd_session_client Own_pd_session
#include_next <core_env.h>
#undef Pd_session_client


inline void Genode::Own_pd_session::submit(Capability<Signal_context> to, unsigned count)
{
	core_env()->entrypoint()->apply(to, [&] (Signal_context_component *context) {
		if (context)
			context->source()->submit(context, count); });
}

#endif
