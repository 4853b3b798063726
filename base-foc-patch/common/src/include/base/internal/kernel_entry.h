/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one way in which the base library blocks in the kernel
 *
 * Before it enters, the thread's state is in a frame on its stack, so that a
 * new thread can continue there (caplog/stub.h). The entry then returns AGAIN:
 * nothing was sent or received, and the caller has to repeat the operation.
 */
#ifndef CAPLOG_KERNEL_ENTRY_H
#define CAPLOG_KERNEL_ENTRY_H

#include <base/internal/cap_space.h>

#include <foc/syscall.h>

/*
 * \param dest     capability and kind of system call
 * \param label    label of the received message, may be null
 * \param holders  the thread's word (Cap_space::holder); the caller holds, and the entry
 *                 releases while the thread is in the kernel
 */
extern "C" unsigned long caplog_kernel_entry(unsigned long dest, unsigned long tag,
                                             unsigned long timeout, unsigned long *label,
                                             uint32_t *holders);

namespace Genode {

	struct Kernel_entry
	{
		/* no tag of the kernel: no error has all words and items */
		static constexpr unsigned long AGAIN = ~0UL;

		static bool again(Foc::l4_msgtag_t tag) { return (unsigned long)tag.raw == AGAIN; }

		/* The caller holds */
		static Foc::l4_msgtag_t enter(uint32_t &holder, unsigned long dest,
		                                 Foc::l4_msgtag_t tag, Foc::l4_timeout_t timeout,
		                                 unsigned long *label = nullptr)
		{
			tag.raw = (long)caplog_kernel_entry(dest, (unsigned long)tag.raw, timeout.raw,
			                                    label, &holder);
			return tag;
		}

		/*
		 * Wait for an IRQ; the caller holds
		 *
		 * \return  false if the thread was recreated meanwhile
		 */
		static bool wait_for_irq(Foc::l4_cap_idx_t irq)
		{
			using namespace Foc;

			l4_utcb_mr()->mr[0] = L4_IRQ_OP_EOI;
			return !again(enter(cap_space.holder(), irq | L4_SYSF_CALL,
			                    l4_msgtag(L4_PROTO_IRQ, 1, 0, 0), L4_IPC_NEVER));
		}
	};
}

#endif
