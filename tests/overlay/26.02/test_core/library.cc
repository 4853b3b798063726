/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of core of Genode 26.02 that the overlay leaves as they are
 */
#include "core.h"

#include <base/internal/runtime.h>

Runtime &runtime()
{
	static long  nothing[16];
	void * const at = nothing;

	return *static_cast<Runtime *>(at);
}

Thread::Thread(Runtime &runtime, Name const &, Stack_size, Location) : _runtime(runtime) { }
Thread::~Thread() { }
Thread *Thread::myself() { return nullptr; }

Thread::Start_result Thread::start() { return Start_result::OK; }

/* There is one thread only */
void Mutex::acquire() { }
void Mutex::release() { }

Platform &Core::platform_specific() { static Platform p; return p; }

Cap_id_allocator &Platform::cap_id_alloc()
{
	static Cap_id_allocator &badges = *new Cap_id_allocator(heap);
	return badges;
}

Rpc_entrypoint::Rpc_entrypoint(Runtime &runtime, Name const &name, Stack_size size, Location l)
: Thread(runtime, name, size, l), _runtime(runtime) { }

Foc::l4_msgtag_t Foc::l4_rcv_ep_bind_thread(l4_cap_idx_t irq, l4_cap_idx_t thread, l4_umword_t label) {
	return l4_irq_attach(irq, label, thread); }
