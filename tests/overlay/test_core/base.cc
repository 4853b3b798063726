/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of core that the overlay leaves as they are
 */
#include "core.h"

#include <stdlib.h>

Heap     heap;
unsigned asserts;

extern "C" void genode_api_assert(char const *) { asserts++; }

bool Heap::alloc(size_t size, void **out)
{
	if (!fails_after)
		return false;
	fails_after--;
	blocks++;
	*out = malloc(size);
	return true;
}

void Heap::free(void *at, size_t)
{
	blocks--;
	::free(at);
}


void Native_capability::_inc() { if (_data) _data->inc(); }
void Native_capability::_dec() { if (_data && !_data->dec()) the(cap_map()).remove(_data); }

bool Native_capability::valid()      const { return _data && _data->valid(); }
long Native_capability::local_name() const { return _data ? _data->id() : 0; }

Receive_window::~Receive_window() { }

Native_capability enter(hk_object *o)
{
	Cap_index * const i = the(cap_map()).insert(badges().alloc());

	hk_map(core_task, Cap_space::slot_at(i->kcap()), o);
	return cap_of(i);
}

/* Of core itself */
static Rpc_cap_factory &threads_gates()
{
	static Rpc_cap_factory &gates = *new Rpc_cap_factory(*new Heap);
	return gates;
}

Known_thread::~Known_thread() { threads_gates().free(own_gate); }

Known_thread::Known_thread(hk_task *task, Platform_pd *owner)
:
	Platform_thread(enter(&hk_thread_create(task)->o)),
	object((hk_thread *)core_slot(cap.local.data()->kcap()))
{
	pd = owner;
	entry(cap.local)->pt(this);
	own_gate = gate_of(threads_gates(), cap.local);
	named    = 0;
}
