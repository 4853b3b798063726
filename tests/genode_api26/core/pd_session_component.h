/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_PD_SESSION_COMPONENT_H
#define GENODE_API26_CORE_PD_SESSION_COMPONENT_H

#include <base/ram_allocator.h>
#include <base/rpc_server.h>
#include <pd_session/pd_session.h>

#include <cpu_thread_component.h>
#include <dataspace_component.h>
#include <native_pd_component.h>
#include <platform_thread.h>
#include <rpc_cap_factory.h>
#include <signal_source_component.h>

namespace Core {

	class  Pd_session_component;
	struct Signal_broker;
}


struct Core::Signal_broker
{
	Pd_session::Signal_source_result result;

	Pd_session::Signal_source_result alloc_signal_source() { return result; }
};


class Core::Pd_session_component : public Rpc_object<Pd_session>
{
	public:

		struct Threads
		{
			Cpu_thread_component *first = nullptr;

			template <typename FN> void for_each(FN const &fn)
			{
				for (Cpu_thread_component *one = first; one; one = one->next)
					fn(*one);
			}
		};

	private:

		Rpc_entrypoint     &_ep;
		Rpc_cap_factory     _rpc_cap_factory;
		Native_pd_component _native_pd;
		Platform_pd         _pd { };
		Threads             _threads { };
		Dataspace_owner     _ram_ds_factory { };
		Signal_broker       _signal_broker { Alloc_error::DENIED };

		friend class Native_pd_component;

	public:

		Pd_session_component(Rpc_entrypoint &ep, Allocator &memory, char const *args)
		: _ep(ep), _rpc_cap_factory(memory), _native_pd(*this, args) { }

		/* what tests look into */
		Platform_pd         &platform_pd() { return _pd; }
		Rpc_cap_factory     &factory()     { return _rpc_cap_factory; }
		Native_pd_component &foc()         { return _native_pd; }
		Threads             &threads()     { return _threads; }
		Signal_broker       &broker()      { return _signal_broker; }
		Dataspace_owner     &ram()         { return _ram_ds_factory; }

		/* what the session frees, and is paid for */
		unsigned freed = 0;

		void free_rpc_cap(Native_capability gate) override
		{
			_rpc_cap_factory.free(gate);
			freed++;
		}

		virtual void free_ram(Ram_dataspace_capability)      { freed++; }
		virtual void free_context(Signal_context_capability) { freed++; }

		Signal_source_result signal_source() override                      { return _signal_broker.result; }
		void                 free_signal_source(Signal_source_capability) override { freed++; }

		Alloc_rpc_cap_result alloc_rpc_cap(Native_capability thread) override { return _rpc_cap_factory.alloc(thread); }

		Capability<Native_pd> native_pd() override { return Capability<Native_pd>(); }

		/* the test's */
		Ram_allocator::Alloc_ram_result alloc_ram(size_t, Cache);

		typedef String<160> Label;

		Label label() const { return Label("pd"); }
};

#endif
