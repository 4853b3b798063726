/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lock with a queue of waiting threads
 *
 * The owner's entry is the head of the queue. Who unlocks makes the next in
 * the queue the owner and wakes it. Who wakes up and is not the owner was
 * cancelled; but a thread of a restored component may have been woken for the
 * sake of a wake-up that is lost: it looks, and waits again.
 */
#include <base/cancelable_lock.h>
#include <cpu/memory_barrier.h>

#include <base/internal/cap_space.h>
#include <base/internal/spin_lock.h>

using namespace Genode;


static Thread * const NOBODY = (Thread *)~0UL;


/* Grows when the component is restored */
static uint32_t epoch()
{
	return __atomic_load_n(&cap_space.map.epoch, __ATOMIC_RELAXED);
}


void Cancelable_lock::Applicant::wake_up()
{
	if (_thread_base == NOBODY)
		return;

	while (!thread_check_stopped_and_restart(_thread_base))
		thread_switch_to(_thread_base);
}


void Cancelable_lock::lock()
{
	Applicant me(Thread::myself());
	uint32_t  known_epoch = epoch();

	spinlock_lock(&_spinlock_state);

	/* taking a lock twice means waiting for somebody else to unlock it */
	if (_owner == me)
		_owner = Applicant(NOBODY);

	if (cmpxchg(&_state, UNLOCKED, LOCKED)) {
		_owner          = me;
		_last_applicant = &_owner;
		spinlock_unlock(&_spinlock_state);
		return;
	}

	_last_applicant->applicant_to_wake_up(&me);
	_last_applicant = &me;
	spinlock_unlock(&_spinlock_state);

	for (;;) {

		/* the wake-up may come before we wait */
		bool const woken = thread_stop_myself();

		spinlock_lock(&_spinlock_state);
		if (_owner == me) {
			spinlock_unlock(&_spinlock_state);
			return;
		}
		if (woken && known_epoch == epoch())
			break;

		known_epoch = epoch();
		spinlock_unlock(&_spinlock_state);
	}

	/* cancelled: leave the queue */
	for (Applicant *a = &_owner; a; a = a->applicant_to_wake_up()) {
		if (a->applicant_to_wake_up() != &me)
			continue;

		a->applicant_to_wake_up(me.applicant_to_wake_up());
		if (_last_applicant == &me)
			_last_applicant = a;
		break;
	}
	spinlock_unlock(&_spinlock_state);

	throw Blocking_canceled();
}


void Cancelable_lock::unlock()
{
	spinlock_lock(&_spinlock_state);

	Applicant * const next = _owner.applicant_to_wake_up();

	if (!next) {
		_owner          = Applicant(NOBODY);
		_last_applicant = nullptr;
		_state          = UNLOCKED;
		spinlock_unlock(&_spinlock_state);
		return;
	}

	/* 'next' is on the stack of its thread, and gone as soon as that runs */
	_owner = *next;
	if (_last_applicant == next)
		_last_applicant = &_owner;
	spinlock_unlock(&_spinlock_state);

	_owner.wake_up();
}


Cancelable_lock::Cancelable_lock(Cancelable_lock::State initial)
:
	_spinlock_state(SPINLOCK_UNLOCKED), _state(UNLOCKED), _last_applicant(nullptr),
	_owner(NOBODY)
{
	if (initial == LOCKED)
		lock();
}
