/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_RPC_CAP_FACTORY_H
#define GENODE_API_CORE_RPC_CAP_FACTORY_H

#include <base/allocator.h>
#include <base/object_pool.h>
#include <base/rpc_server.h>

namespace Genode {

	class Rpc_cap_factory
	{
		private:

			struct Entry : Object_pool<Entry>::Entry
			{
				Entry(Native_capability made) : Object_pool<Entry>::Entry(made) { }
			};

			Object_pool<Entry> _pool;
			Allocator         &_md_alloc;

		public:

			Rpc_cap_factory(Allocator &a) : _md_alloc(a) { }
			~Rpc_cap_factory();

			Native_capability alloc(Native_capability ep);
			void              free(Native_capability);
	};
}

#endif
