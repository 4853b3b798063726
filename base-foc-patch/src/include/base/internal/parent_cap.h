/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capability of the parent: its badge comes as plain data in the program's
 * image, the kernel's part is in a slot of its own. Takes the place of
 * base-foc's header of this name.
 */
#ifndef _INCLUDE__BASE__INTERNAL__PARENT_CAP_H_
#define _INCLUDE__BASE__INTERNAL__PARENT_CAP_H_

#include <parent/capability.h>
#include <foc/native_capability.h>

#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/crt0.h>

namespace Genode {

	static inline Parent_capability parent_cap()
	{
		cap_map();
		cap_idx_alloc();

		Cap_space::Hold hold;

		static Cap_index *entry = nullptr;

		unsigned long const badge = _parent_cap;

		/* the badge changes when the parent was replaced ('reload_parent_cap') */
		if (!entry || entry->id() != badge) {
			if (entry)
				cap_map()->remove(entry);
			entry = cap_map()->insert(badge, Fiasco::PARENT_CAP);
		}
		return reinterpret_cap_cast<Parent>(Native_capability(*entry));
	}
}

#endif
