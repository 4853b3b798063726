/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_ALLOCATOR_H
#define GENODE_API_MONITOR_BASE_ALLOCATOR_H

#include <base/exception.h>
#include <base/stdint.h>

namespace Genode {

	struct Deallocator
	{
		virtual ~Deallocator() { }

		virtual void free(void *at, size_t size) = 0;
	};

	struct Allocator : Deallocator
	{
		struct Out_of_memory : Exception { };

		virtual bool alloc(size_t size, void **out) = 0;

		void *alloc(size_t size)
		{
			void *at = nullptr;
			if (!alloc(size, &at))
				throw Out_of_memory();
			return at;
		}
	};

	/* frees the whole object, whose type may be a base of it */
	template <typename T> void destroy(Deallocator &from, T *object)
	{
		if (!object)
			return;
		object->~T();
		from.free(object, 0);
	}

	template <typename T> void destroy(Deallocator *from, T *object) { destroy(*from, object); }
}

inline void *operator new (__SIZE_TYPE__ size, Genode::Allocator &from) { return from.alloc(size); }
inline void *operator new (__SIZE_TYPE__ size, Genode::Allocator *from) { return from->alloc(size); }
inline void operator delete (void *at, Genode::Allocator &from) { from.free(at, 0); }
inline void operator delete (void *at, Genode::Allocator *from) { from->free(at, 0); }

#endif
