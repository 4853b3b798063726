/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_INTERNAL_NATIVE_THREAD_H
#define GENODE_API_BASE_INTERNAL_NATIVE_THREAD_H

#include <foc/receive_window.h>

namespace Fiasco {
#include <l4/sys/types.h>
}

namespace Genode {

	struct Native_thread
	{
		Fiasco::l4_cap_idx_t kcap = 0;
		Receive_window       rcv_window;

		Native_thread() { }
		explicit Native_thread(Fiasco::l4_cap_idx_t cap) : kcap(cap) { }
	};
}

#endif
