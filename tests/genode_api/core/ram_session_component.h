/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_RAM_SESSION_COMPONENT_H
#define GENODE_API_CORE_RAM_SESSION_COMPONENT_H

#include <base/stdint.h>

namespace Genode {

	enum Cache_attribute { UNCACHED, WRITE_COMBINED, CACHED };

	struct Dataspace_component
	{
		addr_t const          address;
		size_t const          bytes;
		Cache_attribute const caching;

		addr_t          phys_addr()    const { return address; }
		size_t          size()         const { return bytes; }
		Cache_attribute cacheability() const { return caching; }
	};

	struct Ram_session_component
	{
		void _export_ram_ds(Dataspace_component *);
		void _revoke_ram_ds(Dataspace_component *);
		void _clear_ds(Dataspace_component *);
	};
}

#endif
