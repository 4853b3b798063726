/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_THREAD_H
#define GENODE_API26_BASE_THREAD_H

#include <base/affinity.h>
#include <base/blockade.h>
#include <base/log.h>
#include <cpu_session/cpu_session.h>
#include <util/attempt.h>

namespace Genode {

	struct Native_thread;
	struct Native_utcb;
	struct Runtime;
	struct Stack;

	class Thread
	{
		public:

			typedef Affinity::Location Location;
			typedef Cpu_session::Name  Name;

			enum class Stack_error  { STACK_AREA_EXHAUSTED, STACK_TOO_LARGE };
			enum class Start_result { OK, DENIED };

			struct Stack_size { size_t num_bytes; };

			Name const name { };

		private:

			Thread(Thread const &);
			Thread &operator = (Thread const &);

			/* the overlay's */
			void _init_native_thread(Stack &);
			void _init_native_main_thread(Stack &);
			void _deinit_native_thread(Stack &);
			void _thread_bootstrap();
			static void _thread_start();

			/* Genode's; tests have their own */
			void _init_trace_control();

		protected:

			Cpu_session::Create_thread_result _thread_cap { Alloc_error::DENIED };

			Runtime       &_runtime;
			Location       _affinity { };
			Stack         *_its_stack = nullptr;
			Native_thread *_native_thread_ptr = nullptr;

			Unique_attempt<Stack &, Stack_error> _stack { Stack_error::STACK_AREA_EXHAUSTED };

			Blockade _join { };

		public:

			Thread(Runtime &, Name const &, Stack_size, Location);

			/* the main thread */
			Thread(Runtime &);

			virtual ~Thread();

			/* what the thread does */
			virtual void entry() = 0;

			/* the overlay's */
			virtual Start_result start();

			Thread_capability cap() const
			{
				return _thread_cap.convert<Thread_capability>(
					[] (Thread_capability cap) { return cap; },
					[] (Alloc_error)           { return Thread_capability(); });
			}

			template <typename FN> void with_native_thread(FN const &fn) const
			{
				if (_native_thread_ptr)
					fn(*_native_thread_ptr);
			}

			static Thread *myself();

			Native_utcb *utcb();

			void join();
	};
}

#endif
