/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component drops an entry: the kernel's mapping stays until the slot is used
 * again
 */
#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>

using namespace Genode;


void Capability_map::remove(Cap_index *entry)
{
	enum { STILL_MAPPED = 1 };

	if (entry) {
		Cap_space::Hold  hold;
		Cap_space::Guard guard;
		caplog_map_remove(&cap_space.map, cap_space.slot(entry), STILL_MAPPED);
	}
}
