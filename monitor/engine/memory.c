/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine.h"

void *caplog_memory(const struct caplog_platform *p, struct caplog_target *t, uint64_t address,
                    uint64_t size)
{
	struct caplog_place place;

	if (caplog_region_find(&t->ledger, address, size, &place))
		return NULL;

	uint8_t *bytes = p->bytes(p->ctx, t->handle, place.dataspace);
	return bytes ? bytes + place.offset : NULL;
}
