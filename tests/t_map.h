/* SPDX-License-Identifier: BSD-2-Clause */
/* What a test asks of a cap map; for C and C++ */
#ifndef T_MAP_H
#define T_MAP_H

#include <caplog/map.h>

/* Slots handed out and not freed */
static inline uint32_t t_map_used(const struct caplog_map *m)
{
	uint32_t n = 0;

	for (uint32_t slot = 0; slot < m->count; slot++)
		n += m->badge[slot] != 0;
	return n;
}

#endif
