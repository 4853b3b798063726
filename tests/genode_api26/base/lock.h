/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_LOCK_H
#define GENODE_API26_BASE_LOCK_H

namespace Genode {

	class Thread;

	/* Only Mutex and Blockade use it; functions are the overlay's, private names Genode's */
	class Lock
	{
		friend class Blockade;
		friend class Mutex;

		private:

			/* A thread that wants the lock; the queue is a chain of these on the threads' stacks */
			class Applicant
			{
				private:

					Thread    *_thread_base;
					Applicant *_to_wake_up = nullptr;

				public:

					explicit Applicant(Thread *of) : _thread_base(of) { }

					void wake_up();

					Applicant *applicant_to_wake_up()                   { return _to_wake_up; }
					void       applicant_to_wake_up(Applicant *follows) { _to_wake_up = follows; }

					Thread *thread_base() { return _thread_base; }

					bool operator == (Applicant &a) { return _thread_base == a._thread_base; }
					bool operator != (Applicant &a) { return _thread_base != a._thread_base; }
			};

			volatile int         _spinlock_state = 0, _state = 0;
			Applicant * volatile _last_applicant = nullptr;
			Applicant            _owner;

			bool lock_owner(Applicant &me) { return _state == LOCKED && _owner == me; }

			enum State { LOCKED, UNLOCKED };

			explicit Lock(State);

			void lock(Applicant &);
			void lock();
			void unlock();
	};
}

#endif
