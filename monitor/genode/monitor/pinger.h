/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waits for requests that are under way
 *
 * An entrypoint that answers a call has answered all that came before. The
 * call is another thread's, since an entrypoint may block on a component that
 * has to continue first.
 */
#ifndef CAPLOG_PINGER_H
#define CAPLOG_PINGER_H

#include <base/semaphore.h>
#include <base/thread.h>

#include "types.h"

namespace Caplog { class Pinger; }


class Caplog::Pinger : Thread
{
	private:

		enum { STACK_SIZE = 4*1024*sizeof(long) };

		Semaphore       _go;
		Target * const *_targets = nullptr;
		unsigned        _count   = 0;
		bool volatile   _done    = true;

		void entry() override;

	public:

		Pinger(Env &env) : Thread(env, "pinger", STACK_SIZE) { start(); }

		bool done() const { return _done; }

		/* Not before it is done */
		void go(Target * const *targets, unsigned count);

		/* A thread that runs and is never stopped */
		Thread_capability thread() const { return cap(); }
};

#endif
