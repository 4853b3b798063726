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

namespace Core {

	inline Core_cap_index const &core_entry(Native_capability const &cap) {
		return *static_cast<Core_cap_index const *>(cap.data()); }

	inline Foc::l4_msgtag_t attach_irq(addr_t irq, addr_t thread, unsigned long label) {
		return Foc::l4_rcv_ep_bind_thread(irq, thread, label); }

	/* \return  error of the kernel, none if it was not attached */
	inline long detach_irq(addr_t irq)
	{
		long const error = Foc::l4_error(Foc::l4_irq_detach(irq));

		return error == -Foc::L4_ENOENT ? 0 : error;
	}

	/* Each thread of a component has a pager from its creation to its end */
	inline bool stoppable(Platform_thread &thread) { return Caplog::started(thread); }

	/* A thread while core stops it; nobody resumes it meanwhile */
	struct Thread_stop;
}


struct Core::Thread_stop
{
	Pager_object_exception_state &state;
	Mutex::Guard                  guard { state.mutex };
	addr_t const                  object;

	bool   const &in_exception { state.in_exception };
	addr_t const &ip           { state.state.cpu.ip };
	addr_t const &sp           { state.state.cpu.sp };

	explicit Thread_stop(Platform_thread &thread)
	: state(thread.pager().state), object(thread.thread().local.data()->kcap()) { }

	bool stop(bool &ready) { return state.stop(object, ready); }
};

#endif
