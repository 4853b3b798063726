/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_DATASPACE_COMPONENT_H
#define GENODE_API_CORE_DATASPACE_COMPONENT_H

#include <base/rpc_server.h>
#include <base/stdint.h>
#include <dataspace/client.h>

namespace Genode {

	enum Cache_attribute { UNCACHED, WRITE_COMBINED, CACHED };

	struct Dataspace_component : Rpc_object<Dataspace>
	{
		addr_t          const address;
		size_t          const bytes;
		Cache_attribute const caching;
		bool            const may_write, device, nested;

		Dataspace_component(addr_t address, size_t bytes, Cache_attribute caching,
		                    bool may_write = true, bool device = false, bool nested = false)
		: address(address), bytes(bytes), caching(caching), may_write(may_write), device(device),
		  nested(nested) { }

		addr_t phys_addr()       override    { return address; }
		size_t size()            override    { return bytes; }
		bool   writable()        override    { return may_write; }
		addr_t core_local_addr() const       { return address; }
		addr_t map_src_addr()    const       { return address; }
		bool   io_mem()          const       { return device; }
		bool   managed()                     { return nested; }

		Cache_attribute cacheability() const { return caching; }

		/* Of the map that it stands for */
		virtual Native_capability sub_rm() { return Native_capability(); }
	};
}

#endif
