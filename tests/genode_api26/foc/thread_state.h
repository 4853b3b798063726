/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_FOC_THREAD_STATE_H
#define GENODE_API26_FOC_THREAD_STATE_H

#include <base/stdint.h>
#include <cpu/cpu_state.h>
#include <foc/syscall.h>

namespace Genode {

	struct Thread_state
	{
		enum class State { VALID, UNAVAILABLE, EXCEPTION, PAGE_FAULT };

		State     state = State::UNAVAILABLE;
		Cpu_state cpu { };
	};

	/* What core says of a thread: its gate with its badge, and the address of its UTCB */
	struct Foc_thread_state : Thread_state
	{
		Foc::l4_cap_idx_t kcap = Foc::L4_INVALID_CAP;
		uint32_t          id   = 0;
		addr_t            utcb = 0;
	};
}

#endif
