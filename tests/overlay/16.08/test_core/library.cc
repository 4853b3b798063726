/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of core of Genode 16.08 that the overlay leaves as they are
 */
#include "core.h"

Thread::Thread(size_t, char const *, size_t, Location) { }
Thread::~Thread() { }
void    Thread::start() { }
Thread *Thread::myself() { return nullptr; }

Native_thread &Thread::native_thread() { static Native_thread &n = *new Native_thread; return n; }

Platform *Genode::platform_specific() { static Platform p; return &p; }

Cap_id_allocator *Platform::cap_id_alloc()
{
	static Cap_id_allocator &badges = *new Cap_id_allocator(&heap);
	return &badges;
}

Rpc_entrypoint::Rpc_entrypoint(Pd_session *pd, size_t, char const *, bool, Location)
: Thread(0, "ep", 0), _pd_session(*pd) { }
