/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_RAM_H
#define GENODE_API26_MONITOR_BASE_RAM_H

#include <base/alloc_error.h>
#include <base/stdint.h>
#include <dataspace/capability.h>
#include <util/attempt.h>
#include <util/noncopyable.h>

namespace Genode {

	enum Cache { UNCACHED, WRITE_COMBINED, CACHED };

	struct Ram_dataspace : Dataspace { };

	typedef Capability<Ram_dataspace> Ram_dataspace_capability;

	namespace Ram {

		struct Allocation { Ram_dataspace_capability cap; bool deallocate; };
	}

	struct Ram_allocator : Noncopyable
	{
		Unique<Ram::Allocation, Alloc_error> try_alloc(size_t, Cache = CACHED);

		void free(Ram_dataspace_capability, size_t);
	};
}

#endif
