/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_SEMAPHORE_H
#define GENODE_API_MONITOR_BASE_SEMAPHORE_H

#include <base/lock.h>

namespace Genode {

	class Semaphore
	{
		private:

			int _count;

		public:

			Semaphore(int n = 0) : _count(n) { }

			void up();
			void down();
	};
}

#endif
