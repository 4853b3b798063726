/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_SYNCED_RANGE_ALLOCATOR_H
#define GENODE_API_CORE_SYNCED_RANGE_ALLOCATOR_H

#include <base/allocator.h>

#endif
