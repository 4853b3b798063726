/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a thread was started
 *
 * l4_thread_ex_regs, whatever it is asked for, makes the kernel run a thread that was
 * never started: at address 0, in no task and without a pager, which may end in an
 * assertion of the kernel. Platform_thread knows, but keeps it private. The arguments
 * of an explicit instantiation are the one place where private names may stand.
 */
#ifndef CAPLOG_STARTED_H
#define CAPLOG_STARTED_H

#include <core_names.h>
#include <platform_thread.h>

namespace Caplog {

	bool started(Core::Platform_thread const &);

	template <typename THREAD, typename STATE, STATE THREAD::*MEMBER, STATE RUNNING>
	struct Started
	{
		friend bool started(THREAD const &thread) { return thread.*MEMBER == RUNNING; }
	};

	template struct Started<Core::Platform_thread, Core::Platform_thread::State,
	                        &Core::Platform_thread::_state, Core::Platform_thread::RUNNING>;
}

#endif
