/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component's real sessions, which the monitor holds at core
 */
#ifndef CAPLOG_CORE_H
#define CAPLOG_CORE_H

#include <base/snprintf.h>
#include <cpu_session/connection.h>
#include <foc_native_cpu/client.h>
#include <foc_native_pd/client.h>
#include <parent/parent.h>
#include <pd_session/connection.h>
#include <ram_session/connection.h>
#include <util/misc_math.h>

#include "placement.h"

namespace Caplog { struct Core; }


struct Caplog::Core
{
	private:

		enum { STEP = 128*1024 };

		Parent &_parent;

		/* what the monitor paid for sessions while they were filled, see repay */
		size_t _advanced[3] { };

		size_t &_advance(Session_capability session)
		{
			return _advanced[session.local_name() == cpu.cap().local_name() ? 1 :
			                 session.local_name() == ram.cap().local_name() ? 2 : 0];
		}

	public:

		Ram_connection ram;
		Pd_connection  pd;
		Cpu_connection cpu;

		Foc_native_pd_client  native_pd  { pd.native_pd() };
		Foc_native_cpu_client native_cpu { cpu.native_cpu() };

		Core(Env &env, char const *label, Placement const &place)
		:
			_parent(env.parent()), ram(env, label), pd(env, label),
			cpu(env, label, place.priority, place.affinity)
		{ }

		void upgrade(Session_capability session, size_t bytes)
		{
			char args[64];
			Genode::snprintf(args, sizeof(args), "ram_quota=%lu", (unsigned long)bytes);
			_parent.upgrade(session, args);
		}

		/*
		 * Call core; when a session lacks memory for core's objects, the monitor
		 * pays and the call is repeated. Only for what a component did not ask
		 * for: it pays itself, and repeats the call itself.
		 */
		template <typename EXCEPTION, typename FN>
		auto with_quota(Session_capability session, FN const &fn) -> decltype(fn())
		{
			for (;;) {
				try { return fn(); }
				catch (EXCEPTION) { advance(session); }
			}
		}

		/* The monitor pays */
		void advance(Session_capability session)
		{
			upgrade(session, STEP);
			_advance(session) += STEP;
		}

		/*
		 * Give a session what its component gave to the one before it, less
		 * what the monitor had to pay for the new one until now
		 */
		void repay(Session_capability session, size_t bytes)
		{
			size_t &advanced = _advance(session);
			size_t const known = min(bytes, advanced);

			advanced -= known;
			if (bytes > known)
				upgrade(session, bytes - known);
		}
};

#endif
