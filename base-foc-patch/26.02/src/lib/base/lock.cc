/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lock below Mutex and Blockade (base/internal/lock_queue.h)
 *
 * Nobody cancels: whatever wakes a thread that is not the owner, it waits again.
 */
#include <base/lock.h>

#include <base/internal/lock_queue.h>

using namespace Genode;


void Lock::Applicant::wake_up() { wake(_thread_base); }


void Lock::lock()
{
	Applicant me(Thread::myself());
	lock(me);
}


void Lock::lock(Applicant &me)
{
	Lock_queue<Applicant, false> { _spinlock_state, _state, _last_applicant, _owner }.lock(me);
}


void Lock::unlock()
{
	Lock_queue<Applicant, false> { _spinlock_state, _state, _last_applicant, _owner }.unlock();
}


Lock::Lock(State initial)
:
	_spinlock_state(SPINLOCK_UNLOCKED), _state(UNLOCKED), _last_applicant(nullptr),
	_owner(nobody())
{
	if (initial == LOCKED)
		lock();
}
