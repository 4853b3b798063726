/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_WEAK_LOCK_H
#define GENODE_API26_BASE_WEAK_LOCK_H

#include <base/mutex.h>

namespace Genode {

	struct Weak_lock : private Mutex
	{
		void lock()   { acquire(); }
		void unlock() { release(); }
	};
}

#endif
