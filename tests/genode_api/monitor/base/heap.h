/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_HEAP_H
#define GENODE_API_MONITOR_BASE_HEAP_H

#include <base/allocator.h>
#include <ram_session/ram_session.h>
#include <region_map/region_map.h>

namespace Genode {

	/* Takes chunks of the RAM session, each twice as large as the one before */
	struct Heap : Allocator
	{
		enum { CHUNK = 32*1024, CHUNKS = 8 };

		Ram_session             &ram;
		Ram_dataspace_capability chunk[CHUNKS];
		unsigned                 chunks = 0;
		size_t                   used = 0, room = 0;

		Heap(Ram_session &ram, Region_map &) : ram(ram) { }
		~Heap();

		using Allocator::alloc;

		bool alloc(size_t size, void **out) override;
		void free(void *at, size_t size) override;
	};

	/* A dataspace for each block, at Genode */
	struct Sliced_heap : Heap
	{
		Sliced_heap(Ram_session *ram, Region_map *rm) : Heap(*ram, *rm) { }
	};
}

#endif
