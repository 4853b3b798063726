/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_FOC_CAPABILITY_SPACE_H
#define GENODE_API_FOC_CAPABILITY_SPACE_H

#include <base/capability.h>
#include <foc/native_capability.h>

namespace Genode {
	namespace Capability_space {
		Fiasco::l4_cap_idx_t alloc_kcap();
		void                 free_kcap(Fiasco::l4_cap_idx_t);
		Fiasco::l4_cap_idx_t kcap(Native_capability);
	}
}

#endif
