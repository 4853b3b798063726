/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component's real sessions, which the monitor holds at core
 */
#ifndef CAPLOG_CORE_H
#define CAPLOG_CORE_H

#include <cpu_session/connection.h>
#include <foc_native_cpu/client.h>
#include <foc_native_pd/client.h>
#include <pd_session/connection.h>
#include <ram_session/connection.h>

#include "placement.h"

namespace Caplog { struct Core; }


struct Caplog::Core
{
	private:

		Parent &_parent;

	public:

		Ram_connection ram;
		Pd_connection  pd;
		Cpu_connection cpu;

		Foc_native_pd_client  native_pd  { pd.native_pd() };
		Foc_native_cpu_client native_cpu { cpu.native_cpu() };

		Core(Env &env, char const *label, Placement const &place)
		:
			_parent(env.parent()), ram(label), pd(label), cpu(label, place.priority, place.affinity)
		{ }

		/*
		 * Call core; when a session lacks memory for core's objects, the monitor
		 * pays and the call is repeated
		 */
		template <typename EXCEPTION, typename FN>
		auto with_quota(Session_capability session, FN const &fn) -> decltype(fn())
		{
			for (;;) {
				try { return fn(); }
				catch (EXCEPTION) { upgrade(session); }
			}
		}

		void upgrade(Session_capability session) { _parent.upgrade(session, "ram_quota=128K"); }
};

#endif
