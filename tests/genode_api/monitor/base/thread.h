/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_THREAD_H
#define GENODE_API_MONITOR_BASE_THREAD_H

#include <base/lock.h>
#include <cpu_session/cpu_session.h>

namespace Genode {

	class  Thread;
	struct Env;

	template <unsigned> class Thread_deprecated;
}


class Genode::Thread
{
	private:

		void *_host     = nullptr;
		bool  _canceled = false;

		Thread(Thread const &);
		Thread &operator = (Thread const &);

	protected:

		Thread_capability _thread_cap;

	public:

		Thread(char const *name, size_t stack_size);
		Thread(Env &, Cpu_session::Name const &, size_t stack_size);

		virtual ~Thread();

		virtual void entry() = 0;
		virtual void start();

		/* The thread that calls; each of the host's has one */
		static Thread *myself();

		/* Returns when the thread has ended */
		void join();

		void cancel_blocking();

		/* The call that it waits for ends, or the next one if it makes none */
		void end_call();
		bool take_cancel();

		Thread_capability cap() const { return _thread_cap; }
};


template <unsigned STACK_SIZE>
struct Genode::Thread_deprecated : Thread
{
	explicit Thread_deprecated(char const *name) : Thread(name, STACK_SIZE) { }
};

#endif
