/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_SIGNAL_SOURCE_CLIENT_H
#define GENODE_API_SIGNAL_SOURCE_CLIENT_H

#include <base/rpc_client.h>
#include <base/thread.h>

namespace Genode { class Signal_source; struct Foc_signal_source; class Signal_source_client; }


struct Genode::Signal_source
{
	class Signal
	{
		private:

			long _imprint;
			int  _num;

		public:

			Signal(long imprint = 0, int num = 0) : _imprint(imprint), _num(num) { }

			long imprint() { return _imprint; }
			int  num()     { return _num; }
	};

	virtual ~Signal_source() { }

	virtual Signal wait_for_signal() = 0;

	GENODE_RPC(Rpc_wait_for_signal, Signal, wait_for_signal);
	GENODE_RPC_INTERFACE(Rpc_wait_for_signal);
};


struct Genode::Foc_signal_source : Signal_source
{
	GENODE_RPC(Rpc_request_semaphore, Native_capability, _request_semaphore);
	GENODE_RPC_INTERFACE_INHERIT(Signal_source, Rpc_request_semaphore);
};


class Genode::Signal_source_client : public Rpc_client<Foc_signal_source>
{
	private:

		Native_capability _sem;

	public:

		Signal_source_client(Capability<Signal_source>);
		~Signal_source_client();

		__attribute__((optimize("-fno-omit-frame-pointer"))) Signal wait_for_signal() override;
};

#endif
