/* SPDX-License-Identifier: BSD-2-Clause */
/* New dataspaces hold zeroes, to their last byte and no further */
#include "core.h"

#include <base/rpc_server.h>
#include <ram_root.h>
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


static unsigned transfers;

int Ram_session_component::transfer_quota(Ram_session_capability, size_t amount)
{
	transfers++;
	limit -= amount;
	return 0;
}

/* What core opens when a component asks for a RAM session */
struct Sessions : Ram_root
{
	Sessions() : Ram_root(nullptr, (Rpc_entrypoint *)this, (Range_allocator *)this, &heap) { }

	Ram_session_component *create() { return _create_session("ram_quota=4K"); }
};

/* An amount that is nearly negative is one too much, and what is left is no less */
void test_quota()
{
	Sessions sessions;
	Ram_session_component &ram = *sessions.create();
	Ram_session_capability to;

	ram.limit = 4096;
	static size_t const amounts[] = { 4097, ~(size_t)0, ~(size_t)0 - 4095, ~(size_t)0/2 + 1 };
	for (size_t const amount : amounts)
		check(ram.transfer_quota(to, amount) == -3);
	check(transfers == 0);
	check(ram.quota() == 4096);
	check(ram.transfer_quota(to, 4096) == 0);
	check(ram.quota() == 0);
	check(ram.transfer_quota(to, 1) == -3);
	check(ram.transfer_quota(to, 0) == 0);
	check(transfers == 2);
	destroy(heap, &ram);
}
