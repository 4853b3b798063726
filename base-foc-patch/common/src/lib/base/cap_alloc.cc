/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cap space of a component
 */
#include <base/internal/cap_log.h>
#include <base/internal/cap_storage.h>

using namespace Genode;


Cap_index_allocator *Genode::cap_idx_alloc()
{
	static Cap_storage<Cap_index, Cap_space::COMPONENT_SLOTS> space(cap_log_writer());
	return &space;
}
