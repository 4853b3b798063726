/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_LOCK_H
#define GENODE_API_BASE_LOCK_H

#include <base/cancelable_lock.h>

namespace Genode {

	struct Lock : Cancelable_lock
	{
		explicit Lock(State initial = UNLOCKED) : Cancelable_lock(initial) { }

		/* Wait, however often somebody cancels it */
		void lock()
		{
			for (;;) {
				try { Cancelable_lock::lock(); return; }
				catch (Blocking_canceled) { }
			}
		}

		typedef Lock_guard<Lock> Guard;
	};
}

#endif
