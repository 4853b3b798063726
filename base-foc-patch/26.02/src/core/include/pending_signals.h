/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals that a component did not fetch yet
 */
#ifndef CAPLOG_PENDING_SIGNALS_H
#define CAPLOG_PENDING_SIGNALS_H

#include <base/signal.h>

#include <types.h>

namespace Core {

	/*
	 * \return 0 as well if the capability is not that of a context
	 *
	 * For any thread of core but the signal entrypoint, which has the contexts
	 * of all components. That one waits for nobody.
	 */
	unsigned pending_signals(Signal_context_capability);

	/* Is it a context, and are its signals received from this source? By such a thread as well */
	bool has_source(Signal_context_capability, Capability<Signal_source>);
}

#endif
