/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Learns when the replies of an entrypoint have left
 *
 * An entrypoint that answers a call has answered all that came before. The
 * call is another thread's, since the entrypoint may block for a while.
 */
#ifndef CAPLOG_PINGER_H
#define CAPLOG_PINGER_H

#include <base/env.h>
#include <base/mutex.h>
#include <base/rpc_server.h>
#include <base/semaphore.h>
#include <base/thread.h>

#include "types.h"

namespace Caplog { class Pinger; }


class Caplog::Pinger : Thread
{
	private:

		enum { STACK_SIZE = 2*1024*sizeof(long) };

		struct Ping
		{
			GENODE_RPC(Rpc_ping, void, ping);
			GENODE_RPC_INTERFACE(Rpc_ping);
		};

		struct Ping_object : Rpc_object<Ping, Ping_object> { void ping() { } };

		Rpc_entrypoint        &_ep;
		Ping_object            _pong { };
		Capability<Ping> const _ping { _ep.manage(&_pong) };
		Semaphore              _go { };

		Mutex mutable _lock { }; /* of all that follows */
		unsigned     _asked = 0, _answered = 0;
		bool         _end   = false;

		void entry() override;

	public:

		Pinger(Env &env, Rpc_entrypoint &ep) : Thread(env, "pinger", Stack_size { STACK_SIZE }), _ep(ep) { start(); }

		/* The entrypoint must be able to answer */
		~Pinger();

		/* Call the entrypoint once more */
		void go();

		/* Has it answered the last call? */
		bool answered() const;
};

#endif
