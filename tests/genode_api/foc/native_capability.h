/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_FOC_NATIVE_CAPABILITY_H
#define GENODE_API_FOC_NATIVE_CAPABILITY_H

namespace Fiasco {

#include <l4/sys/consts.h>
#include <l4/sys/types.h>
#include <l4/sys/utcb.h>
#include <l4/sys/task.h>

	struct Capability { static bool valid(l4_cap_idx_t i) { return !(i & L4_INVALID_CAP_BIT) && i; } };

	/* places of a component's capability space */
	enum Cap_selectors {
		TASK_CAP         = 0x001000UL,
		PARENT_CAP       = 0x008000UL,
		THREAD_AREA_BASE = 0x009000UL,
		THREAD_AREA_SLOT = 0x003000UL,
		THREAD_GATE_CAP  = 0,
		THREAD_PAGER_CAP = 0x001000UL,
		THREAD_IRQ_CAP   = 0x002000UL,
		MAIN_THREAD_CAP  = THREAD_AREA_BASE,
		USER_BASE_CAP    = 0x200000UL
	};
}

#endif
