/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_ALLOCATOR_H
#define GENODE_API_BASE_ALLOCATOR_H

#include <base/exception.h>
#include <base/stdint.h>

namespace Genode {

	struct Allocator
	{
		class Out_of_memory : public Exception { };

		virtual ~Allocator() { }

		virtual bool alloc(size_t size, void **out) = 0;
		virtual void free(void *at, size_t size) = 0;
	};

	template <typename T> void destroy(Allocator &from, T *obj)
	{
		obj->~T();
		from.free(obj, sizeof(T));
	}
}

inline void *operator new (__SIZE_TYPE__ size, Genode::Allocator &from)
{
	void *at = nullptr;

	if (!from.alloc(size, &at))
		throw Genode::Allocator::Out_of_memory();
	return at;
}

inline void operator delete (void *, Genode::Allocator &) { }

#endif
