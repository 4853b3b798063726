/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A PD session's log of capabilities: who asks for it, who pays it, and when it is made
 */
#include "scene.h"

static size_t   asked;
static unsigned requests;
static bool     no_quota;

static Ram_dataspace_capability made;

Ram_allocator::Alloc_ram_result Pd_session_component::alloc_ram(size_t size, Cache cache)
{
	check(cache == CACHED);
	asked = size;
	requests++;
	if (no_quota)
		return Alloc_error::OUT_OF_RAM;
	made = reinterpret_cap_cast<Dataspace>(enter(&hk_gate_create(node, 0, nullptr)->o));
	return made;
}

static Dataspace_capability log_of(Pd &pd) { return Native_pd_component::log_dataspace(pd); }

void test_log_dataspace()
{
	Rpc_entrypoint &ep = new_entrypoint();
	Pd &none = *new Pd(ep, heap, "ram_quota=4K"), &with = *new Pd(ep, heap, "ram_quota=4K, cap_log=65536"),
	   &poor = *new Pd(ep, heap, "cap_log=4096");

	requests = 0;
	check(!log_of(none).valid());
	check(requests == 0);

	/* made at the first request, once */
	Dataspace_capability const log = log_of(with);
	check(log.valid());
	check(log == made);
	check(asked == 65536);
	check(log_of(with) == log);
	check(requests == 1);

	/* it is the session's quota that it takes: a session with more of it later gets one */
	no_quota = true;
	unsigned const before = warnings();
	check(!log_of(poor).valid());
	check(warnings() == before + 1);
	no_quota = false;
	check(log_of(poor).valid());
	check(requests == 3);
}
