/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_RAM_ALLOCATOR_H
#define GENODE_API26_BASE_RAM_ALLOCATOR_H

#include <base/alloc_error.h>
#include <dataspace/capability.h>
#include <util/attempt.h>

namespace Genode {

	enum Cache { UNCACHED, WRITE_COMBINED, CACHED };

	typedef Dataspace_capability Ram_dataspace_capability;

	struct Ram_allocator
	{
		typedef Attempt<Ram_dataspace_capability, Alloc_error> Alloc_ram_result;
	};
}

#endif
