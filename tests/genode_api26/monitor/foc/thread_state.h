/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_FOC_THREAD_STATE_H
#define GENODE_API26_MONITOR_FOC_THREAD_STATE_H

#include <base/thread_state.h>

namespace Genode {

	struct Foc_thread_state : Thread_state
	{
		addr_t   kcap = 0;
		uint32_t id   = 0;
		addr_t   utcb = 0;
	};
}

#endif
