/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_MUTEX_H
#define GENODE_API26_BASE_MUTEX_H

#include <base/lock.h>
#include <util/noncopyable.h>

namespace Genode {

	class Mutex : Noncopyable
	{
		private:

			Lock _lock { Lock::UNLOCKED };

		public:

			Mutex() { }

			/* Genode's; tests have their own */
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
