/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_SIGNAL_SOURCE_CLIENT_H
#define GENODE_API26_SIGNAL_SOURCE_CLIENT_H

#include <base/rpc_client.h>
#include <cpu_session/cpu_session.h>
#include <signal_source/foc_signal_source.h>

namespace Genode {

	/* The functions are the overlay's; of Genode's data it uses this member */
	class Signal_source_client : public Rpc_client<Foc_signal_source>
	{
		private:

			Native_capability _sem;

		public:

			Signal_source_client(Cpu_session &, Capability<Signal_source>);
			~Signal_source_client();

			Signal wait_for_signal() override;
	};
}

#endif
