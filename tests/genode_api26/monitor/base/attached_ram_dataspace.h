/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_ATTACHED_RAM_DATASPACE_H
#define GENODE_API26_MONITOR_BASE_ATTACHED_RAM_DATASPACE_H

#include <base/env.h>

namespace Genode {

	struct Attached_ram_dataspace : Noncopyable
	{
		Attached_ram_dataspace(Ram_allocator &, Local_region_map &, size_t size);

		Ram_dataspace_capability cap() const;
		size_t                   size() const;

		template <typename T> T *local_addr() const;
	};
}

#endif
