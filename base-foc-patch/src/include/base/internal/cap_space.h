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
#include <base/internal/stack_area.h>
#include <caplog/map.h>

namespace Genode {

	struct Cap_space
	{
		caplog_map map;
		addr_t     entries;   /* of the Data object of slot 0      */
		unsigned   stride;    /* from Data object to Data object   */
		int        locked;    /* the spinlock of map and allocator */

		/*
		 * A word per stack of Genode's stack area: how often its thread holds.
		 * The first stack of a program lies elsewhere and takes a word of a
		 * thread that is not there yet.
		 */
		static constexpr unsigned HOLDERS = stack_area_virtual_size()/stack_virtual_size();

		uint32_t holders[HOLDERS];

		uint32_t &holder(addr_t stack) { return holders[stack/stack_virtual_size() % HOLDERS]; }
		/* a frame address would cost each caller a frame pointer */
		__attribute__((always_inline)) uint32_t &holder()
		{
			char here;
			return holder((addr_t)&here);
		}

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
		void hold()    { add_holder(holder(), 1); }
		void release() { add_holder(holder(), -1); }

		/* A thread that is gone gives up nothing by itself */
		void release_all(addr_t stack) { holder(stack) = 0; }

		/* No other thread writes to this word */
		static void add_holder(uint32_t &word, int n)
		{
			__atomic_signal_fence(__ATOMIC_SEQ_CST);
			word += n;
			__atomic_signal_fence(__ATOMIC_SEQ_CST);
		}

		/* How often threads hold; for tests */
		unsigned holding() const
		{
			unsigned n = 0;
			for (unsigned i = 0; i < HOLDERS; i++)
				n += holders[i];
			return n;
		}

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
	uint32_t &holder;

	Hold() : holder(cap_space.holder()) { add_holder(holder, 1); }
	~Hold()                             { add_holder(holder, -1); }
};

#endif
