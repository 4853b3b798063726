/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_OBJECT_POOL_H
#define GENODE_API_MONITOR_BASE_OBJECT_POOL_H

namespace Genode {

	/* no more than the size of its entries is wanted here */
	template <typename> struct Object_pool
	{
		struct Entry { void *part[10]; };
	};
}

#endif
