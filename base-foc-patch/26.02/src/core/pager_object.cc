/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads whose page faults nobody resolved
 *
 * Differs from base-foc's in one point: the pager is not called when such a fault
 * is resolved. Core's entrypoint has the lock of the region map then, for which
 * the pager may wait at that moment, with the fault of another thread.
 */
#include <pager.h>

#include <foc/syscall.h>

using namespace Core;


/* The thread waits for the pager's answer: without one it runs into the fault again */
void Pager_object::wake_up()
{
	Foc::l4_thread_ex_regs(badge(), ~0UL, ~0UL, Foc::L4_THREAD_EX_REGS_CANCEL);
}


void Pager_object::unresolved_page_fault_occurred()
{
	state.state.state = Thread_state::State::PAGE_FAULT;
}
