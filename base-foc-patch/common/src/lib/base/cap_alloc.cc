/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cap space of a component
 */
#include <base/internal/cap_log.h>
#include <base/internal/cap_storage.h>

using namespace Genode;


Only<Cap_index_allocator> Genode::cap_idx_alloc()
{
	enum { SLOTS = Cap_space::COMPONENT_SLOTS };

	static Cap_storage<Cap_index, SLOTS, SLOTS/2> space(cap_log_writer());
	return only(space);
}
