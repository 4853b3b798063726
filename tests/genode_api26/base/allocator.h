/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_ALLOCATOR_H
#define GENODE_API26_BASE_ALLOCATOR_H

#include <base/memory.h>

namespace Genode {

	struct Allocator : Memory::Constrained_allocator { };

	template <typename T> void destroy(Allocator &from, T *obj)
	{
		obj->~T();
		from.free(obj, sizeof(T));
	}
}

#endif
