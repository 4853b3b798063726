/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader itself, with a call of before_load before each of its loads; who includes this
 * defines it
 */
#ifndef T_LOADS_H
#define T_LOADS_H

#define shared_get     raw_get
#define shared_observe raw_observe
#include "shared.h"
#undef shared_get
#undef shared_observe

static void before_load(void);

static inline uint32_t shared_get(const uint32_t *p)
{
	before_load();
	return raw_get(p);
}

static inline uint32_t shared_observe(const uint32_t *p)
{
	before_load();
	return raw_observe(p);
}

#include "header.c"
#include "records.c"
#include "table.c"
#include "reader.c"

#endif
