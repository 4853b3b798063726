/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_RAM_ALLOCATOR_H
#define GENODE_API26_MONITOR_BASE_RAM_ALLOCATOR_H

#include <base/ram.h>



#endif
