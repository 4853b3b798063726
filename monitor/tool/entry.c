/* SPDX-License-Identifier: BSD-2-Clause */
/* How entries are named and counted, the same in every subcommand */
#include "tool.h"

int is_tombstone(const struct caplog_cap *cap)
{
	return cap->kind == CAPLOG_TOMBSTONE;
}

const char *entry_name(const struct caplog_space *space, uint32_t slot)
{
	const struct caplog_cap *c = &space->cap[slot];

	return c->stale && !is_tombstone(c) ? "stale" : caplog_slot_name(space, slot);
}

void entry_census(const struct caplog_space *space, struct caplog_census *census)
{
	caplog_space_census(space, census);
	census->tombstones = census->stale = 0;
	for (uint32_t slot = 0; slot < space->flavour->slot_count; slot++) {
		const struct caplog_cap *c = &space->cap[slot];

		if (is_tombstone(c))
			census->tombstones++;
		else if (c->stale)
			census->stale++;
	}
}
