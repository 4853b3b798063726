/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_LOCK_H
#define GENODE_API_MONITOR_BASE_LOCK_H

#include <base/lock_guard.h>

namespace Genode {

	class Lock
	{
		private:

			int volatile _locked;

			Lock(Lock const &);
			Lock &operator = (Lock const &);

		public:

			enum State { LOCKED, UNLOCKED };

			explicit Lock(State initial = UNLOCKED) : _locked(initial == LOCKED) { }

			void lock();
			void unlock();

			typedef Lock_guard<Lock> Guard;
	};
}

#endif
