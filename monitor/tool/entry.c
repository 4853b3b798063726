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
