/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_CAP_ID_ALLOC_H
#define GENODE_API_CORE_CAP_ID_ALLOC_H

#include <base/allocator.h>
#include <base/exception.h>
#include <base/lock.h>

namespace Genode {

	/* Badges from the lowest on; Genode has an AVL tree of ranges */
	class Id_ranges
	{
		private:

			enum { MAX = 16384 };

			bool   _used[MAX] = { };
			size_t _first = 0;

		public:

			bool empty = false; /* pretend so */

			Id_ranges(Allocator *) { }

			int  add_range(addr_t base, size_t) { _first = base; return 0; }
			bool alloc(size_t size, void **out);
			void free(void *at, size_t size);
	};

	class Cap_id_allocator
	{
		private:

			enum : unsigned long {
				CAP_ID_RANGE  = ~0UL,
				CAP_ID_MASK   = ~3UL,
				CAP_ID_OFFSET = 1 << 2
			};

			Id_ranges _id_alloc;
			Lock      _lock;

		public:

			struct Out_of_ids : Exception { };

			Cap_id_allocator(Allocator *);

			unsigned long alloc();
			void          free(unsigned long id);

			Id_ranges &ranges() { return _id_alloc; }
	};
}

inline bool Genode::Id_ranges::alloc(size_t size, void **out)
{
	for (size_t i = _first/size; !empty && i < MAX; i++)
		if (!_used[i]) {
			_used[i] = true;
			*out = (void *)(i*size);
			return true;
		}
	return false;
}

inline void Genode::Id_ranges::free(void *at, size_t size) { _used[(addr_t)at/size] = false; }

#endif
