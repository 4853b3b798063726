/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gates that core makes for the entrypoints of components
 *
 * Takes the place of base-foc's header of this name, whose factory takes a page
 * of the user's quota and a mapping of core for each gate. Here a page is
 * enough for sixty.
 */
#ifndef CAPLOG_RPC_CAP_FACTORY_H
#define CAPLOG_RPC_CAP_FACTORY_H

#include <base/lock.h>
#include <base/object_pool.h>
#include <base/tslab.h>

namespace Genode { class Rpc_cap_factory; }


class Genode::Rpc_cap_factory
{
	public:

		/* \param memory  of the PD session that the gates are made for */
		explicit Rpc_cap_factory(Allocator &memory) : _memory(&memory) { }

		/* Destroys the gates that were not freed */
		~Rpc_cap_factory();

		/* Does nothing for a gate of another factory */
		void free(Native_capability gate);

		/* Does the kernel debugger show the gate with the name of its thread? */
		enum Naming { NAMED, UNNAMED };

		/*
		 * \return  invalid capability if 'ep' is neither a thread nor its gate, or
		 *          if core is out of badges or slots
		 * \throw   Allocator::Out_of_memory
		 */
		Native_capability alloc(Native_capability ep, Naming = NAMED);

		/* Gate of this factory; an invalid capability if it has none with this badge */
		Native_capability gate(unsigned long badge);

	private:

		struct Gate : Object_pool<Gate>::Entry
		{
			explicit Gate(Native_capability const &cap) : Object_pool<Gate>::Entry(cap) { }
		};

		/* bytes; with the header of core's heap a page */
		enum { BLOCK = 4000 };

		Lock               _memory_lock;
		Tslab<Gate, BLOCK> _memory;
		Object_pool<Gate>  _gates;
};

#endif
