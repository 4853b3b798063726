/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What tests ask of the cap space
 */
#ifndef T_SPACE_H
#define T_SPACE_H

#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>

#include "t_map.h"

/* How often threads hold, all together */
static inline unsigned t_holding()
{
	unsigned n = 0;

	for (uint32_t const &holder : Genode::cap_space.holders)
		n += holder;
	return n;
}

/* Slots that are allocated, with a badge or without */
static inline uint32_t t_used() { return t_map_used(&Genode::cap_space.map); }

static inline Genode::Cap_index *t_entry(uint32_t slot)
{
	return slot == CAPLOG_NONE ? nullptr : (Genode::Cap_index *)Genode::cap_space.data(slot);
}

/* Entry with a badge, or nullptr */
static inline Genode::Cap_index *t_find(uint32_t badge)
{
	Genode::Cap_space::Guard guard;

	return t_entry(caplog_map_find(&Genode::cap_space.map, badge));
}

static inline uint32_t t_slot(Genode::Cap_index const *entry)
{
	return entry ? (uint32_t)Genode::cap_space.slot(entry) : CAPLOG_NONE;
}

#endif
