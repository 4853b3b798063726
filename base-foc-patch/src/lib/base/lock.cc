/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lock with a queue of waiting threads
 *
 * The owner's entry is the head of the queue. Who unlocks makes the next in
 * the queue the owner and wakes it. Who wakes up and is not the owner was
 * cancelled. A thread that was made anew while it waited looks, and waits
 * again; so no wake-up may be on its way at a checkpoint: whoever is in the
 * queue and does not wait, or is to wake somebody, holds the cap space.
 */
#include <base/cancelable_lock.h>
#include <cpu/memory_barrier.h>

#include <base/internal/cap_space.h>
#include <base/internal/spin_lock.h>

using namespace Genode;


namespace {

	Thread * const NOBODY = (Thread *)~0UL;

	/* Whoever reads or changes state, owner or queue has one of these */
	struct Queue_guard
	{
		volatile int &spinlock;

		explicit Queue_guard(volatile int &s) : spinlock(s) { spinlock_lock(&spinlock); }
		~Queue_guard()                                      { spinlock_unlock(&spinlock); }
	};
}


/*
 * Out of line, since only who waits or wakes needs them: a lock that is free is
 * taken and given back a dozen times in each RPC
 */
__attribute__((noinline)) static void hold()    { cap_space.hold(); }
__attribute__((noinline)) static void release() { cap_space.release(); }


void Cancelable_lock::Applicant::wake_up()
{
	/* if the thread is still on its way to where it waits, it will not wait */
	if (_thread_base != NOBODY)
		thread_check_stopped_and_restart(_thread_base);
}


void Cancelable_lock::lock()
{
	Applicant me(Thread::myself());

	auto take_or_queue = [&] () -> bool
	{
		Queue_guard guard(_spinlock_state);

		/* the owner itself may come again: then another thread has to unlock */
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

	/* True if the lock was handed over; else this thread leaves the queue if told to */
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
		/* the wake-up may come before we wait */
		woken = thread_stop_myself();
		mine  = is_mine(woken);
	} while (!mine && !woken);

	release();
	if (!mine)
		throw Blocking_canceled();
}


void Cancelable_lock::unlock()
{
	Applicant heir(NOBODY);
	{
		Queue_guard guard(_spinlock_state);

		Applicant * const first = _owner.applicant_to_wake_up();
		if (!first) {
			_owner          = heir;
			_last_applicant = nullptr;
			_state          = UNLOCKED;
			return;
		}
		hold();
		/* the entry lies on its thread's stack, and is gone as soon as that runs */
		_owner = heir = *first;
		if (_last_applicant == first)
			_last_applicant = &_owner;
	}
	/* not by way of '_owner': the lock may be gone with the heir's next step */
	heir.wake_up();
	release();
}


Cancelable_lock::Cancelable_lock(Cancelable_lock::State initial)
:
	_spinlock_state(SPINLOCK_UNLOCKED), _state(UNLOCKED), _last_applicant(nullptr),
	_owner(NOBODY)
{
	if (initial != UNLOCKED) lock();
}
