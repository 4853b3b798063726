/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_FOC_NATIVE_CAPABILITY_H
#define GENODE_API26_FOC_NATIVE_CAPABILITY_H

#include <foc/syscall.h>

namespace Foc {

	struct Capability { static bool valid(l4_cap_idx_t i) { return !(i & L4_INVALID_CAP_BIT) && i; } };

	/* places of a component's capability space */
	static constexpr l4_cap_idx_t
		TASK_CAP         = 0x001000UL,
		PARENT_CAP       = 0x00b000UL,
		THREAD_AREA_BASE = 0x00c000UL,
		THREAD_AREA_SLOT = 0x005000UL,
		THREAD_GATE_CAP  = 0,
		THREAD_PAGER_CAP = 0x001000UL,
		THREAD_IRQ_CAP   = 0x002000UL,
		MAIN_THREAD_CAP  = THREAD_AREA_BASE,
		USER_BASE_CAP    = 0x300000UL;
}

#endif
