/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_SIGNAL_H
#define GENODE_API26_MONITOR_BASE_SIGNAL_H

#include <base/capability.h>

namespace Genode {

	struct Signal_context;
	class  Signal_source;

	typedef Capability<Signal_context> Signal_context_capability;

	struct Signal_transmitter
	{
		Signal_transmitter(Signal_context_capability const &);

		void submit(unsigned count = 1);
	};

	struct Signal_dispatcher_base
	{
		virtual void dispatch(unsigned count) = 0;
	};
}

#endif
