/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_RAM_ROOT_H
#define GENODE_API_CORE_RAM_ROOT_H

#include <base/allocator.h>
#include <ram_session_component.h>

namespace Genode {

	struct Range_allocator;

	class Ram_root
	{
		private:

			Rpc_entrypoint *_ep;
			Allocator      *_alloc;

		protected:

			Rpc_entrypoint *ep()       { return _ep; }
			Allocator      *md_alloc() { return _alloc; }

			virtual Ram_session_component *_create_session(char const *) { return nullptr; }

		public:

			Ram_root(Rpc_entrypoint *ep, Rpc_entrypoint *, Range_allocator *, Allocator *alloc)
			: _ep(ep), _alloc(alloc) { }

			virtual ~Ram_root() { }
	};
}

#endif
