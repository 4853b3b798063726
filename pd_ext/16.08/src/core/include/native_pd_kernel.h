/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Foc_native_pd asks of this release's kernel interface and core
 */
#ifndef CAPLOG_NATIVE_PD_KERNEL_H
#define CAPLOG_NATIVE_PD_KERNEL_H

#include <foc/native_capability.h>
#include <foc/syscall.h>

#include <cap_index.h>
#include <pager.h>
#include <platform_thread.h>
#include <started.h>

namespace Genode {

	inline Core_cap_index const &core_entry(Native_capability const &cap) {
		return *static_cast<Core_cap_index const *>(cap.data()); }

	inline Foc::l4_msgtag_t attach_irq(addr_t irq, addr_t thread, unsigned long label) {
		return Foc::l4_irq_attach(irq, label, thread); }

	/* \return  error of the kernel, none if it was not attached */
	inline long detach_irq(addr_t irq) { return Fiasco::l4_error(Fiasco::l4_irq_detach(irq)); }

	inline bool stoppable(Platform_thread &thread) { return thread.pager() && Caplog::started(thread); }

	/* A thread while core stops it; nobody resumes it meanwhile */
	struct Thread_stop;
}


struct Genode::Thread_stop
{
	Thread_state &state;
	Lock::Guard   guard  { state.lock };
	addr_t const  object;

	bool   const &in_exception = state.in_exception;
	addr_t const &ip           = state.ip;
	addr_t const &sp           = state.sp;

	explicit Thread_stop(Platform_thread &thread)
	: state(thread.pager()->state), object(thread.thread().local.data()->kcap()) { }

	/*
	 * The thread is to raise an exception before it executes one more instruction
	 *
	 * The kernel ignores this as long as the thread is in an exception, which ends
	 * when it runs after the answer. So ask for it each time.
	 */
	bool stop(bool &ready)
	{
		addr_t              where = ~0UL, stack = ~0UL; /* leave them as they are */
		Fiasco::l4_umword_t flags = state.in_exception ? 0 : Fiasco::L4_THREAD_EX_REGS_TRIGGER_EXCEPTION;

		if (Fiasco::l4_error(Fiasco::l4_thread_ex_regs_ret(object, &where, &stack, &flags)))
			return false;

		state.paused = true;
		ready        = flags & 1; /* the lowest bit */
		if (!state.in_exception) {
			state.ip = where;
			state.sp = stack;
		}
		return true;
	}
};

#endif
