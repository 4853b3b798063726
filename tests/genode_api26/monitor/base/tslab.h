/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_TSLAB_H
#define GENODE_API26_MONITOR_BASE_TSLAB_H

#include <base/allocator.h>

namespace Genode {

	template <typename T, size_t> struct Tslab : Allocator { Tslab(Allocator *); };
}

#endif
