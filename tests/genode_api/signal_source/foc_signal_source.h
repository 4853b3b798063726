/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_SIGNAL_SOURCE_FOC_SIGNAL_SOURCE_H
#define GENODE_API_SIGNAL_SOURCE_FOC_SIGNAL_SOURCE_H

#include <base/rpc.h>
#include <base/rpc_list.h>
#include <base/signal.h>

#define SIGNAL_SOURCE_RPC(F) F(Rpc_wait_for_signal, Signal, wait_for_signal, (), ())

namespace Genode {

	class Signal_source
	{
		public:

			/* What was submitted to a context: its imprint, and how often */
			struct Signal
			{
				long context;
				int  times;

				Signal(long imprint = 0, int num = 0) : context(imprint), times(num) { }

				long imprint() const { return context; }
				int  num()     const { return times; }
			};

			RPC_INTERFACE(SIGNAL_SOURCE_RPC);
	};

	/* On this kernel there is an IRQ object to wait for */
	class Foc_signal_source : public Signal_source
	{
		public:

			GENODE_RPC(Rpc_request_semaphore, Native_capability, _request_semaphore);
			GENODE_RPC_INTERFACE_INHERIT(Signal_source, Rpc_request_semaphore);
	};
}

#endif
