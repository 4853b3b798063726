/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_LOCK_GUARD_H
#define GENODE_API_BASE_LOCK_GUARD_H

namespace Genode {

	template <typename LOCK> class Lock_guard
	{
		private:

			LOCK &_lock;

		public:

			explicit Lock_guard(LOCK &lock) : _lock(lock) { _lock.lock(); }
			~Lock_guard() { _lock.unlock(); }
	};
}

#endif
