/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_PD_SESSION_COMPONENT_H
#define GENODE_API_CORE_PD_SESSION_COMPONENT_H

#include <base/rpc_server.h>
#include <pd_session/pd_session.h>

#include <native_pd_component.h>
#include <platform_thread.h>

namespace Genode { class Pd_session_component; }


class Genode::Pd_session_component : public Rpc_object<Pd_session>
{
	private:

		friend class Native_pd_component;

		Allocator          &_md_alloc;
		Platform_pd         _pd;
		Rpc_entrypoint     &_thread_ep;
		Rpc_cap_factory     _rpc_cap_factory;
		Native_pd_component _native_pd;

	public:

		Pd_session_component(Rpc_entrypoint &thread_ep, Allocator &memory, char const *args)
		: _md_alloc(memory), _thread_ep(thread_ep), _rpc_cap_factory(memory), _native_pd(*this, args) { }

		Platform_pd         &platform_pd() { return _pd; }
		Rpc_cap_factory     &factory()     { return _rpc_cap_factory; }
		Native_pd_component &foc()         { return _native_pd; }
};

#endif
