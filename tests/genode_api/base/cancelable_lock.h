/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_CANCELABLE_LOCK_H
#define GENODE_API_BASE_CANCELABLE_LOCK_H

#include <base/blocking.h>
#include <base/lock_guard.h>

namespace Genode {

	class Thread;

	/* The functions are the overlay's; the private names are Genode's */
	class Cancelable_lock
	{
		public:

			enum State { LOCKED, UNLOCKED };

			using Guard = Lock_guard<Cancelable_lock>;

			explicit Cancelable_lock(State = UNLOCKED);

			void unlock();
			void lock();

		private:

			/* A thread that wants the lock; the queue is a chain of these on the threads' stacks */
			class Applicant
			{
				Applicant *_next = nullptr;
				Thread    *_thread_base;

				public:

					explicit Applicant(Thread *of) : _thread_base(of) { }

					void wake_up();

					Applicant *applicant_to_wake_up() const            { return _next; }
					void       applicant_to_wake_up(Applicant *follows) { _next = follows; }

					bool operator == (Applicant const &a) const { return _thread_base == a._thread_base; }
			};

			int volatile _spinlock_state, _state;

			Applicant *volatile _last_applicant;
			Applicant           _owner;
	};
}

#endif
