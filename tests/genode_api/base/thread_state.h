/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_THREAD_STATE_H
#define GENODE_API_BASE_THREAD_STATE_H

#include <base/capability.h>
#include <base/lock.h>

namespace Fiasco {
#include <l4/sys/types.h>
}

namespace Genode {

	struct Thread_state
	{
		addr_t ip = 0, sp = 0;

		bool unresolved_page_fault = false;
		bool exception             = false;

		Fiasco::l4_cap_idx_t kcap = Fiasco::L4_INVALID_CAP; /* of the gate        */
		int      id           = 0;                          /* badge of the gate  */
		addr_t   utcb         = 0;
		unsigned exceptions   = 0;
		bool     paused       = false;
		bool     in_exception = false;
		Lock     lock;
	};
}

#endif
