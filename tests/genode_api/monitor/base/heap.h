/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_HEAP_H
#define GENODE_API_MONITOR_BASE_HEAP_H

#include <base/allocator.h>
#include <ram_session/ram_session.h>
#include <region_map/region_map.h>

namespace Genode {

	struct Heap : Allocator
	{
		Heap(Ram_session &, Region_map &) { }

		using Allocator::alloc;

		bool alloc(size_t size, void **out) override;
		void free(void *at, size_t size) override;
	};
}

#endif
