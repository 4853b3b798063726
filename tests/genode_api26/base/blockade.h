/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_BLOCKADE_H
#define GENODE_API26_BASE_BLOCKADE_H

#include <base/lock.h>
#include <util/noncopyable.h>

namespace Genode {

	/* A thread waits here until another one wakes it */
	class Blockade : Noncopyable
	{
		private:

			Lock _lock { Lock::LOCKED };

		public:

			Blockade() { }

			void block()  { _lock.lock(); }
			void wakeup() { _lock.unlock(); }
	};
}

#endif
