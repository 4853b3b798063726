/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_SYNCED_RANGE_ALLOCATOR_H
#define GENODE_API26_CORE_SYNCED_RANGE_ALLOCATOR_H

/* nothing of it is used */

#endif
