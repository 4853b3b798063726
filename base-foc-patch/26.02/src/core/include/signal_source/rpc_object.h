/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's signal source, with the IRQ object that its client waits for
 *
 * Takes the place of base-foc's header of this name. The entry of the IRQ object
 * is marked: Foc_native_pd attaches and detaches nothing else.
 */
#ifndef CAPLOG_SIGNAL_SOURCE_RPC_OBJECT_H
#define CAPLOG_SIGNAL_SOURCE_RPC_OBJECT_H

#include <base/rpc_server.h>
#include <signal_source/foc_signal_source.h>

#include <cap_index.h>

namespace Genode { struct Signal_source_rpc_object; }


struct Genode::Signal_source_rpc_object : Rpc_object<Foc_signal_source, Signal_source_rpc_object>
{
	protected:

		Native_capability _blocking_semaphore;

		/* Signal_source_component makes the object of this entry right after */
		explicit Signal_source_rpc_object(Core::Core_cap_index &entry)
		: _blocking_semaphore(&entry) { entry.mark_semaphore(); }

	public:

		Native_capability _request_semaphore() { return _blocking_semaphore; }
};

#endif
