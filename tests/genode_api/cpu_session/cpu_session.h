/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CPU_SESSION_CPU_SESSION_H
#define GENODE_API_CPU_SESSION_CPU_SESSION_H

#include <base/affinity.h>
#include <cpu_thread/cpu_thread.h>
#include <pd_session/pd_session.h>
#include <session/session.h>
#include <thread/capability.h>
#include <util/string.h>

namespace Genode {

	struct Cpu_session : Session
	{
		struct Thread_creation_failed : Exception { };

		struct Weight
		{
			enum { DEFAULT_WEIGHT = 10 };

			size_t value = DEFAULT_WEIGHT;

			Weight() { }
			explicit Weight(size_t v) : value(v) { }
		};

		typedef String<32> Name;

		virtual ~Cpu_session() { }

		virtual Thread_capability create_thread(Capability<Pd_session> pd, Name const &,
		                                        Affinity::Location, Weight, addr_t utcb = 0) = 0;
		virtual void kill_thread(Thread_capability) = 0;
	};

	typedef Capability<Cpu_session> Cpu_session_capability;
}

#endif
