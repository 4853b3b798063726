/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_FOC_NATIVE_THREAD_H
#define GENODE_API26_FOC_NATIVE_THREAD_H

#include <foc/receive_window.h>
#include <foc/syscall.h>
#include <util/noncopyable.h>

namespace Genode {

	struct Native_thread : Noncopyable
	{
		Foc::l4_cap_idx_t kcap = 0;
		Receive_window    rcv_window { };

		Native_thread() { }
	};
}

#endif
