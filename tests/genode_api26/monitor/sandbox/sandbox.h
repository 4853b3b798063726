/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_SANDBOX_SANDBOX_H
#define GENODE_API26_MONITOR_SANDBOX_SANDBOX_H

#include <base/env.h>
#include <base/node.h>
#include <cpu_session/cpu_session.h>

namespace Genode {

	struct Sandbox : Noncopyable
	{
		struct State_handler : Interface { virtual void handle_sandbox_state() = 0; };

		struct Pd_intrinsics : Interface
		{
			struct Intrinsics
			{
				Pd_session            &ref_pd;
				Capability<Pd_session> ref_pd_cap;
				Region_map            &address_space;
			};

			struct With_intrinsics { struct Ft { void operator () (Intrinsics &) const; }; };

			virtual void with_intrinsics(Capability<Pd_session>, Pd_session &,
			                             With_intrinsics::Ft const &) = 0;
			virtual void start_initial_thread(Capability<Cpu_thread>, addr_t ip) = 0;
		};

		struct Local_service_base
		{
			struct Wakeup : Interface { virtual void wakeup_local_service() = 0; };

			enum class Upgrade_response { CONFIRMED, DEFERRED };
			enum class Close_response   { CLOSED, DEFERRED };

			struct Request : Noncopyable
			{
				Session::Label const label { };
				String<160>    const args  { };
				Affinity       const affinity { };

				template <typename ST> void deliver_session(ST &session)
				{
					Session &its = session;
					(void)its;
					(void)session.cap();
				}
			};
		};

		/* Each function is called once, with anything */
		template <typename ST> struct Local_service : Local_service_base
		{
			Local_service(Sandbox &, Wakeup &);

			ST &session();

			void for_each_requested_session(auto const &fn) { Request r; fn(r); }
			void for_each_upgraded_session(auto const &fn)  { fn(session(), Session::Resources()); }
			void for_each_session_to_close(auto const &fn)  { fn(session()); }
		};

		Sandbox(Env &, State_handler &, Pd_intrinsics &);

		void apply_config(Node const &);
		void generate_state_report(Generator &) const;
		void heartbeat_alarm_sigh(Signal_context_capability);
	};
}

#endif
