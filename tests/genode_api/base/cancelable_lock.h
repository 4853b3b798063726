/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_CANCELABLE_LOCK_H
#define GENODE_API_BASE_CANCELABLE_LOCK_H

#include <base/blocking.h>
#include <base/lock_guard.h>

namespace Genode { class Thread; class Cancelable_lock; }


class Genode::Cancelable_lock
{
	private:

		/* A thread that wants the lock; a queue of these lies on their stacks */
		class Applicant
		{
			private:

				Thread    *_thread_base;
				Applicant *_to_wake_up;

			public:

				explicit Applicant(Thread *thread) : _thread_base(thread), _to_wake_up(nullptr) { }

				Thread    *thread_base()          { return _thread_base; }
				Applicant *applicant_to_wake_up() { return _to_wake_up; }

				void applicant_to_wake_up(Applicant *next) { _to_wake_up = next; }
				void wake_up();

				bool operator == (Applicant &a) { return _thread_base == a._thread_base; }
				bool operator != (Applicant &a) { return !(*this == a); }
		};

		volatile int        _spinlock_state;
		volatile int        _state;
		Applicant *volatile _last_applicant;
		Applicant           _owner;

	public:

		enum State { LOCKED, UNLOCKED };

		explicit Cancelable_lock(State initial = UNLOCKED);

		void lock();
		void unlock();

		typedef Lock_guard<Cancelable_lock> Guard;
};

#endif
