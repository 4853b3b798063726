/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component's way to drop an entry: the kernel's mapping stays until the
 * slot is used again
 */
#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>

void Genode::Capability_map::remove(Cap_index *i)
{
	if (!i)
		return;

	Cap_space::Hold  hold;
	Cap_space::Guard guard;

	caplog_map_remove(&cap_space.map, cap_space.slot(i), 1);
}
