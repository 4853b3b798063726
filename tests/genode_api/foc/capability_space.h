/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_FOC_CAPABILITY_SPACE_H
#define GENODE_API_FOC_CAPABILITY_SPACE_H

#include <foc/native_capability.h>
#include <base/capability.h>

/* Implemented by the overlay, used by L4Linux and by Genode's cap_integrity */
namespace Genode {
	namespace Capability_space {

		using Fiasco::l4_cap_idx_t;

		l4_cap_idx_t kcap(Native_capability);

		void         free_kcap(l4_cap_idx_t);
		l4_cap_idx_t alloc_kcap();
	}
}

#endif
