/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_PD_SESSION_COMPONENT_H
#define GENODE_API26_CORE_PD_SESSION_COMPONENT_H

#include <base/ram_allocator.h>
#include <base/rpc_server.h>
#include <pd_session/pd_session.h>

#include <cpu_thread_component.h>
#include <native_pd_component.h>
#include <platform_thread.h>
#include <rpc_cap_factory.h>

namespace Core { class Pd_session_component; }


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

		friend class Native_pd_component;

	public:

		Pd_session_component(Rpc_entrypoint &ep, Allocator &memory, char const *args)
		: _ep(ep), _rpc_cap_factory(memory), _native_pd(*this, args) { }

		/* what tests look into */
		Platform_pd         &platform_pd() { return _pd; }
		Rpc_cap_factory     &factory()     { return _rpc_cap_factory; }
		Native_pd_component &foc()         { return _native_pd; }
		Threads             &threads()     { return _threads; }

		/* the test's */
		Ram_allocator::Alloc_ram_result alloc_ram(size_t, Cache);

		typedef String<160> Label;

		Label label() const { return Label("pd"); }
};

#endif
