/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one cap space of a component or of core
 *
 * A capability's Data object counts references; its position is the slot, and
 * the slot's badge is in the map. All is zero until the first capability binds
 * the memory (base/internal/cap_storage.h).
 *
 * Slots and selectors are converted here and nowhere else in the overlay.
 */
#ifndef CAPLOG_CAP_SPACE_H
#define CAPLOG_CAP_SPACE_H

#include <base/stdint.h>
#include <base/internal/stack_area.h>
#include <caplog/call.h>
#include <caplog/map.h>

namespace Genode {

	struct Cap_space
	{
		/* of the Genode release that this is compiled for */
		enum {
			SLOT_SHIFT      = CAPLOG_OWN(SLOT_SHIFT),
			COMPONENT_SLOTS = CAPLOG_OWN(SLOTS),
			PARENT          = CAPLOG_OWN(PARENT_SLOT),
			MAIN_THREAD     = CAPLOG_OWN(THREAD_BASE),
			MAIN_BADGE      = CAPLOG_OWN(BADGE_MAIN),
			USER_BASE       = CAPLOG_OWN(USER_BASE) /* core fills those below */
		};

		caplog_map map;
		addr_t     entries;   /* of the Data object of slot 0    */
		addr_t     counted;   /* of the first one whose references are counted */
		unsigned   stride;    /* from Data object to Data object */
		int        locked;    /* the lock of all of this         */

		/*
		 * How often the threads hold: a word per stack of Genode's stack area.
		 * The first stack of a program is not in that area and takes the word
		 * of a thread that does not exist yet.
		 */
		static constexpr unsigned HOLDERS = stack_area_virtual_size()/stack_virtual_size();

		uint32_t holders[HOLDERS];
		uint32_t rest; /* behind them: not 0 while a checkpoint waits for threads */

		/*
		 * Called before a thread sends something: as long as threads wake each
		 * other, one of them always has a message. Who holds has to go on.
		 */
		void pause()
		{
			while (__builtin_expect(rests(), 0))
				wait_for_lock();
		}

		bool rests() { return __atomic_load_n(&rest, __ATOMIC_RELAXED) && !holder(); }

		/*
		 * What calls are numbered by, from the begin of a log on; the numbers are
		 * the same after a restore
		 */
		struct Calls
		{
			/* Of the component in its group: the badge of its parent when it got its
			 * log, which no other living component had */
			uint32_t member;
			uint32_t count[HOLDERS]; /* of the threads, by the number of their word */
		};

		Calls *calls; /* nullptr: calls have no numbers */

		/* Number of the next call of the thread with this word */
		::uint64_t next_call(uint32_t const &holder)
		{
			static_assert(HOLDERS <= 1u << CAPLOG_CALL_THREAD_BITS, "threads");

			unsigned const thread = unsigned(&holder - holders);
			return calls ? caplog_call_number(calls->member, thread, ++calls->count[thread]) : 0;
		}

		uint32_t &holder(addr_t stack) { return holders[stack/stack_virtual_size() % HOLDERS]; }

		/* Not by the frame's address, which would cost each caller a frame pointer */
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

		static constexpr unsigned slot_at(addr_t kcap)   { return unsigned(kcap >> SLOT_SHIFT); }
		static constexpr addr_t   kcap_of(unsigned slot) { return (addr_t)slot << SLOT_SHIFT; }

		unsigned slot(void const *data) const
		{
			addr_t const offset = (addr_t)data - entries;
			return unsigned(stride == 1 ? offset : offset / stride);
		}

		/* Nobody counts references to what core put into a component's slots */
		bool counts(void const *data) const { return (addr_t)data >= counted; }

		void *data(unsigned slot) const { return (void *)(entries + slot*stride); }

		/*
		 * A thread holds while a badge is outside of the map (in a register, on
		 * its stack, in its message), and between an action and its record. No
		 * checkpoint is taken meanwhile. See struct caplog_header.
		 */
		void hold()    { add_holder(holder(), 1); }
		void release() { add_holder(holder(), -1); }

		/* For a thread that was destroyed while it held */
		void release_all(addr_t stack) { holder(stack) = 0; }

		/* No other thread writes to this word */
		static void add_holder(uint32_t &word, int n)
		{
			__atomic_signal_fence(__ATOMIC_SEQ_CST);
			word += n;
			__atomic_signal_fence(__ATOMIC_SEQ_CST);
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
