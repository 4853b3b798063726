/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_RAM_SESSION_COMPONENT_H
#define GENODE_API_CORE_RAM_SESSION_COMPONENT_H

#include <base/capability.h>

#include <dataspace_component.h>

namespace Genode {

	struct Allocator;
	struct Range_allocator;
	struct Ram_session;
	class  Rpc_entrypoint;

	typedef Capability<Ram_session> Ram_session_capability;

	struct Ram_session_component
	{
		void _export_ram_ds(Dataspace_component *);
		void _revoke_ram_ds(Dataspace_component *);
		void _clear_ds(Dataspace_component *);

		size_t limit = 0;

		Ram_session_component(Rpc_entrypoint * = nullptr, Rpc_entrypoint * = nullptr,
		                      Range_allocator * = nullptr, Allocator * = nullptr,
		                      char const * = nullptr) { }

		virtual ~Ram_session_component() { }

		virtual size_t quota() { return limit; }
		virtual int    transfer_quota(Ram_session_capability, size_t amount);
	};
}

#endif
