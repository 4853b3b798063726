/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_LOCK_H
#define GENODE_API_BASE_LOCK_H

#include <base/cancelable_lock.h>

namespace Genode {

	/* A lock that is waited for even if the waiting is cancelled */
	class Lock : public Cancelable_lock
	{
			bool _taken()
			{
				try { Cancelable_lock::lock(); }
				catch (Blocking_canceled) { return false; }
				return true;
			}

		public:

			using Guard = Lock_guard<Lock>;
			using Cancelable_lock::Cancelable_lock;

			void lock() { while (!_taken()); }
	};
}

#endif
