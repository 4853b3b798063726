/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CPU_SESSION_CPU_SESSION_H
#define GENODE_API26_CPU_SESSION_CPU_SESSION_H

#include <base/affinity.h>
#include <base/alloc_error.h>
#include <base/capability.h>
#include <pd_session/pd_session.h>
#include <session/session.h>
#include <util/attempt.h>
#include <util/interface.h>
#include <util/string.h>

namespace Genode {

	struct Cpu_thread;

	typedef Capability<Cpu_thread> Thread_capability;

	struct Cpu_session : Session
	{
		struct Native_cpu;

		typedef String<32>                              Name;
		typedef Alloc_error                             Create_thread_error;
		typedef Attempt<Thread_capability, Alloc_error> Create_thread_result;

		virtual ~Cpu_session() { }

		virtual Create_thread_result create_thread(Capability<Pd_session> pd, Name const &,
		                                           Affinity::Location, addr_t utcb = 0) = 0;
		virtual void kill_thread(Thread_capability) = 0;

		virtual Capability<Native_cpu> native_cpu() = 0;
	};
}

#endif
