/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one way in which the base library blocks in the kernel
 *
 * The thread's state lies in a frame on its stack before it enters, so that a
 * new thread can go on from there (caplog/stub.h). Such an entry returns
 * AGAIN: nothing was sent or received, and the caller has to begin anew.
 */
#ifndef _INCLUDE__BASE__INTERNAL__KERNEL_ENTRY_H_
#define _INCLUDE__BASE__INTERNAL__KERNEL_ENTRY_H_

#include <base/internal/cap_space.h>

namespace Fiasco {
#include <l4/sys/consts.h>
#include <l4/sys/ipc.h>
#include <l4/sys/irq.h>
#include <l4/sys/types.h>
#include <l4/sys/utcb.h>
}

/*
 * \param dest     capability and kind of system call
 * \param label    label of the received message, may be null
 * \param holders  the caller holds (Cap_space::hold, its word); the entry gives that up
 *                 while the thread is in the kernel
 */
extern "C" unsigned long caplog_kernel_entry(unsigned long dest, unsigned long tag,
                                             unsigned long timeout, unsigned long *label,
                                             uint32_t *holders);

namespace Genode {

	struct Kernel_entry
	{
		/* no tag that the kernel makes: an error with as many words and items */
		static constexpr unsigned long AGAIN = ~0UL;

		static bool again(Fiasco::l4_msgtag_t tag) { return (unsigned long)tag.raw == AGAIN; }

		/* The caller holds */
		static Fiasco::l4_msgtag_t enter(uint32_t &holder, unsigned long dest,
		                                 Fiasco::l4_msgtag_t tag, Fiasco::l4_timeout_t timeout,
		                                 unsigned long *label = nullptr)
		{
			tag.raw = caplog_kernel_entry(dest, tag.raw, timeout.raw, label,
			                              &holder);
			return tag;
		}

		/*
		 * Wait for an IRQ; the caller holds
		 *
		 * \return  false if the thread was made anew meanwhile
		 */
		static bool wait_for_irq(Fiasco::l4_cap_idx_t irq)
		{
			using namespace Fiasco;

			l4_utcb_mr()->mr[0] = L4_IRQ_OP_EOI;
			return !again(enter(cap_space.holder(), irq | L4_SYSF_CALL,
			                    l4_msgtag(L4_PROTO_IRQ, 1, 0, 0), L4_IPC_NEVER));
		}
	};
}

#endif
