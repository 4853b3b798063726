/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gates that core makes for others
 *
 * Takes the place of base-foc's header, where each gate costs its user a page
 * of quota and core a mapping; here sixty of them share one.
 */
#ifndef _CORE__INCLUDE__RPC_CAP_FACTORY_H_
#define _CORE__INCLUDE__RPC_CAP_FACTORY_H_

#include <base/allocator.h>
#include <base/lock.h>
#include <base/native_capability.h>
#include <base/object_pool.h>
#include <base/tslab.h>

namespace Genode { class Rpc_cap_factory; }


class Genode::Rpc_cap_factory
{
	private:

		struct Entry : Object_pool<Entry>::Entry
		{
			Entry(Native_capability gate) : Object_pool<Entry>::Entry(gate) { }
		};

		/* with the header of core's heap a page */
		enum { BLOCK = 4000 };

		Object_pool<Entry>  _pool;
		Lock                _slab_lock;
		Tslab<Entry, BLOCK> _slab;

	public:

		Rpc_cap_factory(Allocator &meta) : _slab(&meta) { }

		~Rpc_cap_factory();

		/*
		 * \return  invalid capability if 'ep' is neither a thread nor its gate, or
		 *          if core is out of badges or slots
		 * \throw   Allocator::Out_of_memory
		 */
		Native_capability alloc(Native_capability ep);

		/* What another factory made is passed over */
		void free(Native_capability gate);
};

#endif
