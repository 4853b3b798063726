/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The few things below the overlay's cap map: a kernel that knows which object
 * each slot holds, and the parts of the base library that the overlay keeps
 */
#ifndef OVERLAY_OBJECTS_H
#define OVERLAY_OBJECTS_H

#include <caplog/map.h>

enum { SLOTS = 4096 };

/* Capability space: 0 is empty */
struct Objects
{
	uint16_t in[SLOTS];
};

/* What the overlay's kernel calls act on */
extern Objects overlay_objects;

/* The same kernel for a map that is driven through its C functions */
caplog_map_ops objects_ops(Objects &);

/* Assertions of the overlay that failed since the last call */
unsigned overlay_asserts();

#endif
