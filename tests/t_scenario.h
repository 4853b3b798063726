/* SPDX-License-Identifier: BSD-2-Clause */
/* A scenario that has run for a while */
#ifndef T_SCENARIO_H
#define T_SCENARIO_H

#include "group.h"

static inline struct group started(const struct scenario *s)
{
	struct group g = group_empty(1, 0x1000);

	group_start(&g, s);
	return g;
}

/* Steps until the logs are there, and so many more. \return 0; 1 if it ended before */
static inline int run_to(struct group *g, uint64_t steps)
{
	while (!group_has_logs(g))
		if (hm_step(g->node) != 1)
			return 1;
	while (steps--)
		if (hm_step(g->node) != 1)
			return 1;
	return 0;
}

#endif
