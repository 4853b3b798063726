/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one cap map of a component or of core
 *
 * A capability's Data object is a reference counter; its position tells the
 * slot, and the slot's badge lies in the map. The map is all zero until the
 * slot allocator binds it, which is what the first capability does.
 */
#ifndef _INCLUDE__BASE__INTERNAL__CAP_SPACE_H_
#define _INCLUDE__BASE__INTERNAL__CAP_SPACE_H_

#include <base/stdint.h>
#include <caplog/map.h>

namespace Genode {

	struct Cap_space
	{
		caplog_map map;
		addr_t     entries;   /* of the Data object of slot 0      */
		unsigned   stride;    /* from Data object to Data object   */
		int        locked;    /* the spinlock of map and allocator */

		void lock()
		{
			while (__atomic_exchange_n(&locked, 1, __ATOMIC_ACQUIRE))
				wait_for_lock();
		}

		void unlock() { __atomic_store_n(&locked, 0, __ATOMIC_RELEASE); }

		static void wait_for_lock();

		unsigned slot(void const *data) const
		{
			addr_t const offset = (addr_t)data - entries;
			return stride == 1 ? offset : offset / stride;
		}

		void *data(unsigned slot) const { return (void *)(entries + slot*stride); }

		/*
		 * A thread that has a badge outside of the map (in a register, on its
		 * stack, in its message) or is between an act and its record: no
		 * checkpoint now. See struct caplog_header.
		 */
		void hold()    { __atomic_fetch_add(&map.holders, 1, __ATOMIC_ACQUIRE); }
		void release() { __atomic_fetch_sub(&map.holders, 1, __ATOMIC_RELEASE); }

		struct Guard;
		struct Hold;
	};

	extern Cap_space cap_space;
}


struct Genode::Cap_space::Guard
{
	Guard()  { cap_space.lock(); }
	~Guard() { cap_space.unlock(); }
};


struct Genode::Cap_space::Hold
{
	Hold()  { cap_space.hold(); }
	~Hold() { cap_space.release(); }
};

#endif
