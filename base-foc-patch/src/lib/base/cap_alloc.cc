/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slots of a component
 */
#include <base/internal/cap_alloc.h>
#include <base/internal/cap_log.h>

Genode::Cap_index_allocator *Genode::cap_idx_alloc()
{
	static Cap_index_allocator_tpl<Cap_index, 4096> slots(cap_log_writer());
	return &slots;
}
