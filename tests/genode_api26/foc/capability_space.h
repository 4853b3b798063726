/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_FOC_CAPABILITY_SPACE_H
#define GENODE_API26_FOC_CAPABILITY_SPACE_H

#include <base/capability.h>
#include <foc/native_capability.h>

namespace Genode {
	namespace Capability_space {

		Foc::l4_cap_idx_t kcap(Native_capability);
		void              free_kcap(Foc::l4_cap_idx_t);
		Foc::l4_cap_idx_t alloc_kcap();
	}
}

#endif
