/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events that the cap map itself does not see
 *
 * Where there is no log (core), the functions do nothing.
 */
#ifndef _INCLUDE__BASE__INTERNAL__CAP_LOG_H_
#define _INCLUDE__BASE__INTERNAL__CAP_LOG_H_

#include <base/capability.h>
#include <base/stdint.h>
#include <pd_session/capability.h>

struct caplog_writer;

namespace Genode {

	struct Region_map;

	/* RPC object of an entrypoint, and its end; the latter before core knows */
	void cap_log_rpc_alloc(Native_capability const &obj, Native_capability const &ep);
	void cap_log_rpc_free (Native_capability const &obj);

	/* Thread with this gate, before it starts and before its UTCB is written */
	void cap_log_thread(addr_t gate_kcap, addr_t utcb, addr_t thread_object);

	/* IRQ object attached to a thread; the caller holds (Cap_space::Hold) */
	void cap_log_irq_attach(addr_t irq_kcap, addr_t gate_kcap, unsigned long label);
	void cap_log_irq_detach(addr_t irq_kcap);

	/*
	 * Ask the PD session for the log's dataspace and begin to write to it
	 *
	 * Whatever goes wrong, the component runs on without a log.
	 */
	void cap_log_attach(Region_map &, Pd_session_capability);

	/* Begin anew, in a component that was forked */
	void cap_log_restart();

	/* Writer of this component; its events are kept until there is a log */
	caplog_writer *cap_log_writer();
}

#endif
