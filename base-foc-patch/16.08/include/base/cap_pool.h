/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Index of object pools, and what Genode 16.08's pools are made of
 */
#ifndef CAPLOG_CAP_POOL_H
#define CAPLOG_CAP_POOL_H

#include <base/capability.h>
#include <base/lock.h>

namespace Genode {

	struct Cap_pool_node;
	class  Cap_pool;

	typedef Lock Pool_lock;
	struct  Pool_base { };
}


/*
 * Part of each object that a pool holds, see struct caplog_pool_node
 */
struct Genode::Cap_pool_node
{
	Cap_pool_node *child[4];
	uint32_t       slot, badge;
};


/*
 * Index by badge, see struct caplog_pool
 *
 * The functions are in the base library, since programs that are linked
 * dynamically can use only what is in the namespace Genode. Core copies pools,
 * but only empty ones.
 */
class Genode::Cap_pool
{
	private:

		void       *_root;
		void const *_map;
		uint32_t    _epoch;

	public:

		Cap_pool();

		/* False if the node is not in the pool */
		bool remove(Cap_pool_node *);
		void insert(Cap_pool_node *, Native_capability const &);

		/* nullptr: there is none */
		Cap_pool_node *find(unsigned long badge);
		Cap_pool_node *first();
};

#endif
