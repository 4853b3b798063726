/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_HEAP_H
#define GENODE_API26_MONITOR_BASE_HEAP_H

#include <base/allocator.h>
#include <base/env.h>

namespace Genode { struct Heap : Allocator { Heap(Ram_allocator &, Local_region_map &); }; }

#endif
