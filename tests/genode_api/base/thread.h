/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_THREAD_H
#define GENODE_API_BASE_THREAD_H

#include <base/exception.h>
#include <base/lock.h>
#include <cpu_session/cpu_session.h>
#include <util/string.h>

namespace Genode {

	struct Native_thread;
	struct Native_utcb;
	class  Stack;
	class  Thread;
}


class Genode::Thread
{
	public:

		typedef Affinity::Location  Location;
		typedef Cpu_session::Name   Name;
		typedef Cpu_session::Weight Weight;

	protected:

		enum Type { NORMAL, MAIN, REINITIALIZED_MAIN };

		Thread_capability _thread_cap;
		Cpu_session      *_cpu_session = nullptr;
		Stack            *_stack       = nullptr;
		Lock              _join_lock;

	private:

		void        _thread_bootstrap();
		static void _thread_start();
		void        _init_platform_thread(size_t weight, Type type);
		void        _deinit_platform_thread();

	public:

		Thread(size_t weight, char const *name, size_t stack_size, Location = Location());

		Thread(size_t weight, char const *name, size_t stack_size, Type type,
		       Location = Location());

		virtual ~Thread();

		virtual void entry() = 0;
		virtual void start();

		void cancel_blocking();

		static Thread *myself();

		Name              name() const;
		Thread_capability cap() const { return _thread_cap; }
		Native_thread    &native_thread();
		Native_utcb      *utcb();
};

#endif
