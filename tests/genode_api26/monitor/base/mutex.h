/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_MUTEX_H
#define GENODE_API26_MONITOR_BASE_MUTEX_H

#include <util/noncopyable.h>

namespace Genode {

	struct Mutex : Noncopyable
	{
		void acquire();
		void release();

		struct Guard
		{
			Mutex &mutex;

			explicit Guard(Mutex &m) : mutex(m) { mutex.acquire(); }
			~Guard() { mutex.release(); }
		};
	};
}

#endif
