/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What core does with the memory of a new dataspace, and of one that is freed
 *
 * Genode's memset writes byte by byte. Each dataspace is filled with zeroes
 * before anybody gets it, so that costs as much as all else of an allocation.
 */
#include <ram_session_component.h>
#include <written.h>

namespace Fiasco {
#include <l4/sys/cache.h>
}

using namespace Genode;


/* No other protection domain has to be told of it on this kernel */
void Ram_session_component::_export_ram_ds(Dataspace_component *) { }

/* It is detached everywhere, and about to be freed */
void Ram_session_component::_revoke_ram_ds(Dataspace_component *ds) {
	Written_pages::freed(ds->phys_addr(), ds->size()); }


void Ram_session_component::_clear_ds(Dataspace_component *ds)
{
	enum { STEP = 8 };

	addr_t const begin = ds->phys_addr(), end = begin + ds->size();

	/* whole pages, in core at their physical address */
	for (unsigned long *at = (unsigned long *)begin; at < (unsigned long *)end; at += STEP) {
		at[0] = at[1] = at[2] = at[3] = 0;
		at[4] = at[5] = at[6] = at[7] = 0;
	}
	if (ds->cacheability() != CACHED)
		Fiasco::l4_cache_dma_coherent(begin, end);
}
