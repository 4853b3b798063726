/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capability of the parent
 *
 * Takes the place of base-foc's header of this name. Core fills the slot of the
 * parent's gate; its badge is a word of the program's image, which whoever
 * loads the program writes, and writes again when the parent changes.
 */
#ifndef CAPLOG_PARENT_CAP_H
#define CAPLOG_PARENT_CAP_H

#include <parent/capability.h>

#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/release_thread.h>

namespace Genode {

	static inline Parent_capability parent_cap()
	{
		static Cap_index *known = nullptr;

		/* what the capability is made of has to be there before it, and outlive it */
		Capability_map &map = the(cap_map());
		cap_idx_alloc();

		Cap_space::Hold     hold;
		unsigned long const badge = parent_badge();

		if (!known || known->id() != badge) {
			if (known)
				map.remove(known);
			known = map.insert(badge, Cap_space::kcap_of(Cap_space::PARENT));
		}
		return reinterpret_cap_cast<Parent>(cap_of(known));
	}
}

#endif
