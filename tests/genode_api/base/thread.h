/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_THREAD_H
#define GENODE_API_BASE_THREAD_H

#include <base/lock.h>
#include <cpu_session/cpu_session.h>

namespace Genode {

	struct Stack;
	struct Native_thread;
	struct Native_utcb;

	class Thread
	{
		public:

			using Name     = Cpu_session::Name;
			using Weight   = Cpu_session::Weight;
			using Location = Affinity::Location;

			/* what the thread does */
			virtual void entry() = 0;

			/* Genode's; tests have their own */
			virtual ~Thread();
			Thread(size_t weight, char const *name, size_t stack_size, Location = Location());

			static Thread *myself();

			Native_thread &native_thread();
			Native_utcb   *utcb();
			Name           name() const;

			Thread_capability cap() const { return _thread_cap; }

			/* the overlay's */
			virtual void start();
			void         cancel_blocking();

		protected:

			enum Type { NORMAL, MAIN, REINITIALIZED_MAIN };

			Thread(size_t weight, char const *name, size_t stack_size, Type, Location = Location());

			Lock              _join_lock;
			Stack            *_stack       = nullptr;
			Cpu_session      *_cpu_session = nullptr;
			Thread_capability _thread_cap;

		private:

			/* the overlay's */
			void _init_platform_thread(size_t weight, Type);
			void _deinit_platform_thread();

			static void _thread_start();
	};
}

#endif
