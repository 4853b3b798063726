/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_THREAD_H
#define GENODE_API26_MONITOR_BASE_THREAD_H

#include <base/blockade.h>
#include <cpu_session/cpu_session.h>
#include <util/noncopyable.h>

namespace Genode {

	class Env;

	struct Thread : Noncopyable
	{
		typedef Cpu_session::Name Name;

		struct Stack_size { size_t num_bytes; };

		Thread(Env &, Name const &, Stack_size, Affinity::Location = { });
		virtual ~Thread();

		virtual void entry() = 0;

		void              start();
		void              join();
		Thread_capability cap() const;

		static Thread *myself();
	};
}

#endif
