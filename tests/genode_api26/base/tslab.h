/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_TSLAB_H
#define GENODE_API26_BASE_TSLAB_H

#include <base/allocator.h>

namespace Genode {

	/* Genode's puts many objects into a block; here each is one */
	template <typename T, size_t> class Tslab : public Allocator
	{
		private:

			Allocator &_backing;

		public:

			Tslab(Allocator &backing, void *) : _backing(backing) { }

			bool alloc(size_t size, void **out) override { return _backing.alloc(size, out); }
			void free(void *at, size_t size)    override { _backing.free(at, size); }
	};
}

#endif
