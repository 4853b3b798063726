/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locks below Mutex and Blockade
 *
 * A thread that finds the lock taken queues itself, on its own stack, and waits
 * for its IRQ object, which no one else uses. It owns the lock when its owner
 * says so: an IRQ that arrives for any other reason wakes it for nothing, and so
 * does a restore. It holds (Cap_space) as long as it is in a queue that the
 * owner reads.
 */
#include <base/lock.h>
#include <base/thread.h>
#include <foc/native_capability.h>

#include <base/internal/cap_space.h>
#include <base/internal/kernel_entry.h>
#include <base/internal/native_thread.h>
#include <base/internal/spin_lock.h>

using namespace Genode;


namespace {

	Thread *nobody() { return (Thread *)~0UL; }

	/* IRQ object of a thread, for this purpose only; the main thread may have no Thread yet */
	addr_t irq_of(Thread *thread)
	{
		addr_t gate = Cap_space::kcap_of(Cap_space::MAIN_THREAD);

		if (thread)
			thread->with_native_thread([&] (Native_thread &nt) { gate = nt.kcap; });
		return gate + Foc::THREAD_IRQ_CAP;
	}

	/* An IRQ that is triggered before the thread waits is not lost */
	void wake(Thread *thread) { Foc::l4_irq_trigger(irq_of(thread)); }

	/* Held while state, owner or queue are read or changed */
	struct Queue_guard : Noncopyable
	{
		volatile int &spinlock;

		explicit Queue_guard(volatile int &s) : spinlock(s) { spinlock_lock(&spinlock); }
		~Queue_guard()                                      { spinlock_unlock(&spinlock); }
	};
}


__attribute__((optimize("-fno-omit-frame-pointer"), noinline))
static void wait_for_wake_up() { Kernel_entry::wait_for_irq(irq_of(Thread::myself())); }


__attribute__((noinline)) static void hold()    { cap_space.hold(); }
__attribute__((noinline)) static void release() { cap_space.release(); }


void Lock::Applicant::wake_up()
{
	if (_thread_base != nobody())
		wake(_thread_base);
}


void Lock::lock()
{
	Applicant me(Thread::myself());
	lock(me);
}


void Lock::lock(Applicant &me)
{
	{
		Queue_guard guard(_spinlock_state);

		if (_state == UNLOCKED) {
			_state          = LOCKED;
			_owner          = me;
			_last_applicant = &_owner;
			return;
		}
		/* an owner that locks once more waits for another thread to unlock */
		if (_owner == me) {
			Applicant * const queue = _owner.applicant_to_wake_up();
			bool        const empty = _last_applicant == &_owner;

			_owner = Applicant(nobody());
			_owner.applicant_to_wake_up(queue);
			if (empty)
				_last_applicant = &_owner;
		}
		hold();
		_last_applicant->applicant_to_wake_up(&me);
		_last_applicant = &me;
	}

	for (bool mine = false; !mine; ) {
		wait_for_wake_up();

		Queue_guard guard(_spinlock_state);
		mine = _owner == me;
	}
	release();
}


void Lock::unlock()
{
	Applicant heir(nobody());
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
		/* the entry is on its thread's stack, and invalid once that thread runs */
		_owner = heir = *first;
		if (_last_applicant == first)
			_last_applicant = &_owner;
	}
	/* not through '_owner': the heir may destroy the lock as soon as it runs */
	heir.wake_up();
	release();
}


Lock::Lock(State initial)
:
	_spinlock_state(SPINLOCK_UNLOCKED), _state(UNLOCKED), _last_applicant(nullptr), _owner(nobody())
{
	if (initial == LOCKED)
		lock();
}
