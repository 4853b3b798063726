/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lock with a queue of waiting threads
 *
 * The owner's entry is the head of the queue. The thread that unlocks makes the
 * next in the queue the owner and wakes it. A thread that wakes up and is not
 * the owner was cancelled. A thread that was recreated while it waited checks,
 * and waits again. So no wake-up may be on its way at a checkpoint: a thread
 * that is in the queue and does not wait, or has to wake another, holds the cap
 * space.
 */
#include <base/cancelable_lock.h>
#include <base/thread.h>
#include <cpu/memory_barrier.h>
#include <foc/native_capability.h>

#include <base/internal/cap_space.h>
#include <base/internal/kernel_entry.h>
#include <base/internal/native_thread.h>
#include <base/internal/spin_lock.h>

namespace Fiasco {
#include <l4/sys/irq.h>
}

using namespace Genode;


namespace {

	Thread * const NOBODY = (Thread *)~0UL;

	/* IRQ object of a thread, for this purpose only; the main thread may have no Thread yet */
	addr_t irq_of(Thread *thread)
	{
		addr_t const gate = thread ? thread->native_thread().kcap
		                           : Cap_space::kcap_of(Cap_space::MAIN_THREAD);

		return gate + Fiasco::THREAD_IRQ_CAP;
	}

	/* An IRQ that is triggered before the thread waits is not lost */
	void wake(Thread *thread) { Fiasco::l4_irq_trigger(irq_of(thread)); }

	/* Held while state, owner or queue are read or changed */
	struct Queue_guard
	{
		volatile int &spinlock;

		explicit Queue_guard(volatile int &s) : spinlock(s) { spinlock_lock(&spinlock); }
		~Queue_guard()                                      { spinlock_unlock(&spinlock); }
	};
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
static bool wait_for_wake_up()
{
	return Kernel_entry::wait_for_irq(irq_of(Thread::myself()));
}


/*
 * Out of line, since a lock that is free does not need them, and each RPC takes
 * and releases a dozen of those
 */
__attribute__((noinline)) static void hold()    { cap_space.hold(); }
__attribute__((noinline)) static void release() { cap_space.release(); }


void Cancelable_lock::Applicant::wake_up()
{
	if (_thread_base != NOBODY)
		wake(_thread_base);
}


void Cancelable_lock::lock()
{
	Applicant me(Thread::myself());

	auto take_or_queue = [&] () -> bool
	{
		Queue_guard guard(_spinlock_state);

		/* an owner that locks once more waits for another thread to unlock */
		if (_owner == me)
			_owner = Applicant(NOBODY);

		if (_state == UNLOCKED) {
			_state          = LOCKED;
			_owner          = me;
			_last_applicant = &_owner;
			return true;
		}
		hold();
		_last_applicant->applicant_to_wake_up(&me);
		_last_applicant = &me;
		return false;
	};

	/* True if the lock was handed over; if not, 'leave' takes this thread out of the queue */
	auto is_mine = [&] (bool leave) -> bool
	{
		Queue_guard guard(_spinlock_state);

		if (_owner == me)
			return true;

		Applicant *before = leave ? &_owner : nullptr;
		while (before && before->applicant_to_wake_up() != &me)
			before = before->applicant_to_wake_up();
		if (before) {
			before->applicant_to_wake_up(me.applicant_to_wake_up());
			if (_last_applicant == &me)
				_last_applicant = before;
		}
		return false;
	};

	if (take_or_queue())
		return;

	bool mine, woken;
	do {
		woken = wait_for_wake_up();
		mine  = is_mine(woken);
	} while (!mine && !woken);

	release();
	if (!mine)
		throw Blocking_canceled();
}


void Cancelable_lock::unlock()
{
	/* with the queue's guard */
	auto is_free = [&] () -> bool
	{
		if (_owner.applicant_to_wake_up())
			return false;

		_owner          = Applicant(NOBODY);
		_last_applicant = nullptr;
		_state          = UNLOCKED;
		return true;
	};

	/* out of line for the same reason as hold() */
	auto hand_over = [&] () __attribute__((noinline))
	{
		Applicant heir(NOBODY);

		for (;; cap_space.pause()) {
			Queue_guard guard(_spinlock_state);

			if (is_free())
				return;
			if (cap_space.rests())
				continue;
			hold();
			/* the entry is on its thread's stack, and invalid once that thread runs */
			Applicant * const first = _owner.applicant_to_wake_up();
			_owner = heir = *first;
			if (_last_applicant == first)
				_last_applicant = &_owner;
			break;
		}
		/* not through '_owner': the heir may destroy the lock as soon as it runs */
		heir.wake_up();
		release();
	};

	{
		Queue_guard guard(_spinlock_state);

		if (is_free())
			return;
	}
	hand_over();
}


Cancelable_lock::Cancelable_lock(Cancelable_lock::State initial)
:
	_spinlock_state(SPINLOCK_UNLOCKED), _state(UNLOCKED), _last_applicant(nullptr),
	_owner(NOBODY)
{
	if (initial != UNLOCKED) lock();
}
