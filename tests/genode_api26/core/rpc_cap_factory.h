/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_RPC_CAP_FACTORY_H
#define GENODE_API26_CORE_RPC_CAP_FACTORY_H

#include <base/object_pool.h>
#include <base/rpc_server.h>
#include <base/tslab.h>

#include <types.h>

namespace Core { class Rpc_cap_factory; }


/* The functions are the overlay's, the private names Genode's */
class Core::Rpc_cap_factory : Noncopyable
{
	private:

		struct Entry : Object_pool<Entry>::Entry
		{
			explicit Entry(Native_capability gate) : Object_pool<Entry>::Entry(gate) { }
		};

		enum { BLOCK = 4000 };

		Object_pool<Entry>  _pool { };
		Tslab<Entry, BLOCK> _entry_slab;

	public:

		typedef Attempt<Native_capability, Alloc_error> Alloc_result;

		explicit Rpc_cap_factory(Allocator &memory) : _entry_slab(memory, nullptr) { }
		~Rpc_cap_factory();

		Alloc_result alloc(Native_capability ep);
		void         free(Native_capability gate);
};

#endif
