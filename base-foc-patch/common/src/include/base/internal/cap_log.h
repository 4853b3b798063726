/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Log of this component, and events that the cap map does not see
 *
 * In core, which has no log, the functions do nothing.
 */
#ifndef CAPLOG_CAP_LOG_H
#define CAPLOG_CAP_LOG_H

#include <base/capability.h>
#include <base/stdint.h>
#include <pd_session/capability.h>

struct caplog_writer;

namespace Genode {

	struct Region_map;

	/* An RPC object was made for an entrypoint; will be destroyed by core */
	void cap_log_rpc_alloc(Native_capability const &obj, Native_capability const &ep);
	void cap_log_rpc_free (Native_capability const &obj);

	/* A thread with this gate is about to start; its UTCB words are not set yet */
	void cap_log_thread(addr_t gate_kcap, addr_t utcb, addr_t thread_object);

	/* An IRQ object was attached to a thread, detached; the caller holds (Cap_space) */
	void cap_log_irq_attach(addr_t irq_kcap, addr_t gate_kcap, unsigned long label);
	void cap_log_irq_detach(addr_t irq_kcap);

	/*
	 * Get the log's dataspace from the PD session and begin to write to it
	 *
	 * If anything fails, the component runs without a log, and a message says why.
	 */
	void cap_log_attach(Region_map &, Pd_session_capability);

	/* Forget the log, in a component that was forked; it can get another one */
	void cap_log_restart();

	/* Keeps first events in a buffer until there is a log */
	caplog_writer *cap_log_writer();
}

#endif
