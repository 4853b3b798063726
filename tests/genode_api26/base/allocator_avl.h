/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_ALLOCATOR_AVL_H
#define GENODE_API26_BASE_ALLOCATOR_AVL_H

#include <base/allocator.h>

#endif
