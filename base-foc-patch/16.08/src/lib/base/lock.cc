/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lock whose waiting can be cancelled (base/internal/lock_queue.h)
 */
#include <base/cancelable_lock.h>

#include <base/internal/lock_queue.h>

using namespace Genode;


void Cancelable_lock::Applicant::wake_up() { wake(_thread_base); }


void Cancelable_lock::lock()
{
	Applicant me(Thread::myself());

	Lock_queue<Applicant, true> queue { _spinlock_state, _state, _last_applicant, _owner };
	if (!queue.lock(me))
		throw Blocking_canceled();
}


void Cancelable_lock::unlock()
{
	Lock_queue<Applicant, true> { _spinlock_state, _state, _last_applicant, _owner }.unlock();
}


Cancelable_lock::Cancelable_lock(Cancelable_lock::State initial)
:
	_spinlock_state(SPINLOCK_UNLOCKED), _state(UNLOCKED), _last_applicant(nullptr),
	_owner(nobody())
{
	if (initial != UNLOCKED) lock();
}
