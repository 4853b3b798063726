/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queue of threads that wait for a lock
 *
 * The owner's entry is the head of the queue. The thread that unlocks makes the
 * next in the queue the owner and wakes it. A thread that wakes up and is not
 * the owner was cancelled, where that exists. A thread that was recreated while
 * it waited checks, and waits again. So no wake-up may be on its way at a
 * checkpoint: a thread that is in the queue and does not wait, or has to wake
 * another, holds the cap space.
 *
 * For the one source of each variant that has the lock's functions.
 */
#ifndef CAPLOG_LOCK_QUEUE_H
#define CAPLOG_LOCK_QUEUE_H

#include <foc/native_capability.h>

#include <base/internal/cap_space.h>
#include <base/internal/kernel_entry.h>
#include <base/internal/release_thread.h>
#include <base/internal/spin_lock.h>

namespace Genode { template <typename, bool> struct Lock_queue; }


namespace {

	using namespace Genode;

	Thread *nobody() { return (Thread *)~0UL; }

	/* IRQ object of a thread, for this purpose only; the main thread may have no Thread yet */
	addr_t irq_of(Thread *thread)
	{
		Native_thread * const native = thread ? native_thread_of(*thread) : nullptr;

		return (native ? native->kcap : Cap_space::kcap_of(Cap_space::MAIN_THREAD))
		     + Foc::THREAD_IRQ_CAP;
	}

	/* An IRQ that is triggered before the thread waits is not lost */
	void wake(Thread *thread)
	{
		if (thread != nobody())
			Foc::l4_irq_trigger(irq_of(thread));
	}

	/*
	 * Wait for wake(); the caller holds
	 *
	 * With frame pointer, so that debuggers can walk the stack of a waiting thread.
	 *
	 * \return  false if the thread was recreated meanwhile: it need not have been
	 *          woken, and a wake-up may have been lost
	 */
	__attribute__((optimize("-fno-omit-frame-pointer"), noinline))
	bool wait_for_wake_up()
	{
		return Kernel_entry::wait_for_irq(irq_of(Thread::myself()));
	}

	/*
	 * Out of line, since a lock that is free does not need them, and each RPC takes
	 * and releases a dozen of those
	 */
	__attribute__((noinline)) void hold()    { cap_space.hold(); }
	__attribute__((noinline)) void release() { cap_space.release(); }

	/* Held while state, owner or queue are read or changed */
	struct Queue_guard
	{
		volatile int &spinlock;

		explicit Queue_guard(volatile int &s) : spinlock(s) { spinlock_lock(&spinlock); }
		~Queue_guard()                                      { spinlock_unlock(&spinlock); }
	};
}


/*
 * On the members of a lock
 *
 * \param CANCELABLE  a thread may be woken to give up
 */
template <typename APPLICANT, bool CANCELABLE>
struct Genode::Lock_queue
{
	volatile int           &spinlock, &state;
	APPLICANT * volatile   &last;
	APPLICANT              &owner;

	enum { LOCKED, UNLOCKED };

	bool _take_or_queue(APPLICANT &me)
	{
		Queue_guard guard(spinlock);

		if (state == UNLOCKED) {
			state = LOCKED;
			owner = me;
			last  = &owner;
			return true;
		}
		/* an owner that locks once more waits for another thread to unlock */
		if (owner == me) {
			APPLICANT unowned(nobody());
			unowned.applicant_to_wake_up(owner.applicant_to_wake_up());
			owner = unowned;
		}
		hold();
		last->applicant_to_wake_up(&me);
		last = &me;
		return false;
	}

	/* True if the lock was handed over; if not, 'leave' takes this thread out of the queue */
	bool _is_mine(APPLICANT &me, bool leave)
	{
		Queue_guard guard(spinlock);

		if (owner == me)
			return true;

		APPLICANT *before = leave ? &owner : nullptr;
		while (before && before->applicant_to_wake_up() != &me)
			before = before->applicant_to_wake_up();
		if (before) {
			before->applicant_to_wake_up(me.applicant_to_wake_up());
			if (last == &me)
				last = before;
		}
		return false;
	}

	/* False if the thread was cancelled */
	bool lock(APPLICANT &me)
	{
		if (_take_or_queue(me))
			return true;

		bool mine, cancelled;
		do {
			cancelled = wait_for_wake_up() && CANCELABLE;
			mine      = _is_mine(me, cancelled);
		} while (!mine && !cancelled);

		release();
		return mine;
	}

	/* with the queue's guard */
	bool _is_free()
	{
		if (owner.applicant_to_wake_up())
			return false;

		owner = APPLICANT(nobody());
		last  = nullptr;
		state = UNLOCKED;
		return true;
	}

	/* out of line for the same reason as hold() */
	__attribute__((noinline)) void _hand_over()
	{
		APPLICANT heir(nobody());

		for (;; cap_space.pause()) {
			Queue_guard guard(spinlock);

			if (_is_free())
				return;
			if (cap_space.rests())
				continue;
			hold();
			/* the entry is on its thread's stack, and invalid once that thread runs */
			APPLICANT * const first = owner.applicant_to_wake_up();
			owner = heir = *first;
			if (last == first)
				last = &owner;
			break;
		}
		/* not through 'owner': the heir may destroy the lock as soon as it runs */
		heir.wake_up();
		release();
	}

	void unlock()
	{
		{
			Queue_guard guard(spinlock);

			if (_is_free())
				return;
		}
		_hand_over();
	}
};

#endif
