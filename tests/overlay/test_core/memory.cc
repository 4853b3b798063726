/* SPDX-License-Identifier: BSD-2-Clause */
/* New dataspaces hold zeroes, to their last byte and no further */
#include "core.h"

#include <ram_session_component.h>

#include <string.h>

static unsigned long flushed_begin, flushed_end;

namespace Fiasco {

	int l4_cache_dma_coherent(unsigned long begin, unsigned long end)
	{
		flushed_begin = begin;
		flushed_end   = end;
		return 0;
	}
}

void test_memory()
{
	enum { PAGE = 4096 };
	alignas(PAGE) static unsigned char bytes[4*PAGE];
	Ram_session_component ram;

	for (size_t pages = 0; pages <= 2; pages++) {
		for (unsigned cached = 0; cached < 2; cached++) {
			Cache_attribute const caching = cached ? CACHED : UNCACHED;
			Dataspace_component ds { (addr_t)bytes + PAGE, pages*PAGE, caching };

			::memset(bytes, 0x5a, sizeof(bytes));
			flushed_begin = flushed_end = 0;
			ram._clear_ds(&ds);
			for (size_t i = 0; i < sizeof(bytes); i++)
				check(bytes[i] == (i >= PAGE && i < (pages + 1)*PAGE ? 0 : 0x5a));
			check(flushed_begin == (caching == CACHED ? 0 : ds.phys_addr()));
			check(flushed_end   == (caching == CACHED ? 0 : ds.phys_addr() + ds.size()));
			ram._export_ram_ds(&ds);
			ram._revoke_ram_ds(&ds);
		}
	}
}
