/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_ALLOCATOR_H
#define GENODE_API26_MONITOR_BASE_ALLOCATOR_H

#include <base/alloc_error.h>
#include <base/stdint.h>
#include <util/noncopyable.h>

namespace Genode {

	struct Allocator : Noncopyable
	{
		virtual ~Allocator() { }

		void *alloc(size_t size);
		void  free(void *at, size_t size);
	};

	template <typename T> void destroy(Allocator &, T *object) { object->~T(); }
}

inline void *operator new (__SIZE_TYPE__ size, Genode::Allocator &from) { return from.alloc(size); }
inline void  operator delete (void *, Genode::Allocator &) { }

#endif
