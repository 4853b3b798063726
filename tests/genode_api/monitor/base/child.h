/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_CHILD_H
#define GENODE_API_MONITOR_BASE_CHILD_H

#include <base/entrypoint.h>
#include <base/rpc_server.h>
#include <base/service.h>
#include <cpu_session/client.h>
#include <parent/capability.h>
#include <parent/parent.h>
#include <pd_session/client.h>
#include <ram_session/client.h>
#include <region_map/client.h>
#include <root/root.h>

namespace Genode {

	struct Child_policy
	{
		virtual ~Child_policy() { }

		virtual char const *name() const = 0;
		virtual Service *resolve_session_request(char const *, char const *) { return nullptr; }
		virtual void filter_session_args(char const *, char *, size_t) { }
	};

	class Child;
}


class Genode::Child : protected Rpc_object<Parent>
{
	public:

		struct Initial_thread_base
		{
			virtual void start(addr_t ip) = 0;
			virtual Capability<Cpu_thread> cap() = 0;
		};

		struct Initial_thread : Initial_thread_base
		{
			Initial_thread(Cpu_session &, Pd_session_capability, Cpu_session::Name const &);

			void start(addr_t) override;
			Capability<Cpu_thread> cap() override;
		};

	private:

		Rpc_entrypoint &_ep;

		static Service &_parent_service();

	public:

		/* Loads the binary, if there is one, and starts its main thread */
		Child(Dataspace_capability elf, Dataspace_capability ldso,
		      Pd_session_capability, Pd_session &, Ram_session_capability, Ram_session &,
		      Cpu_session_capability, Initial_thread_base &, Region_map &local, Region_map &remote,
		      Rpc_entrypoint &, Child_policy &,
		      Service &pd_service  = _parent_service(),
		      Service &ram_service = _parent_service(),
		      Service &cpu_service = _parent_service());

		virtual ~Child();

		Parent_capability parent_cap() const { return cap(); }

		void announce(Service_name const &, Root_capability) override;
		Session_capability session(Service_name const &, Session_args const &,
		                           Affinity const &) override;
		void upgrade(Session_capability, Upgrade_args const &) override;
		void close(Session_capability) override;
		void exit(int) override;
		Thread_capability main_thread_cap() const override;
		void resource_avail_sigh(Signal_context_capability) override;
		void resource_request(Resource_args const &) override;
		void yield_sigh(Signal_context_capability) override;
		Resource_args yield_request() override;
		void yield_response() override;
};

#endif
