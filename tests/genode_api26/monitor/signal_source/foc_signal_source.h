/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_SIGNAL_SOURCE_FOC_SIGNAL_SOURCE_H
#define GENODE_API26_MONITOR_SIGNAL_SOURCE_FOC_SIGNAL_SOURCE_H

#include <base/signal.h>

namespace Genode {

	class Signal_source { };

	class Foc_signal_source : public Signal_source
	{
		public:

			GENODE_RPC(Rpc_request_semaphore, Native_capability, _request_semaphore);
			GENODE_RPC_INTERFACE(Rpc_request_semaphore);
	};
}

#endif
