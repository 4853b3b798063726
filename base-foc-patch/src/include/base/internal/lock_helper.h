/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocking and waking of threads for the lock
 *
 * Each thread has an IRQ object of its own, two slots behind its gate. Takes
 * the place of base-foc's header of this name.
 */
#ifndef _INCLUDE__BASE__INTERNAL__LOCK_HELPER_H_
#define _INCLUDE__BASE__INTERNAL__LOCK_HELPER_H_

#include <base/thread.h>
#include <foc/native_capability.h>

#include <base/internal/kernel_entry.h>
#include <base/internal/native_thread.h>

namespace Fiasco {
#include <l4/sys/irq.h>
#include <l4/sys/kdebug.h>
#include <l4/sys/thread.h>
}


static inline void thread_yield() { Fiasco::l4_thread_yield(); }


/* Gate of a thread; the main thread has no Thread object at first */
static inline Fiasco::l4_cap_idx_t thread_gate(Genode::Thread *thread)
{
	return thread ? thread->native_thread().kcap
	              : (Fiasco::l4_cap_idx_t)Fiasco::MAIN_THREAD_CAP;
}


/*
 * Wake a thread; an IRQ that comes before its wait is not lost
 *
 * \return  true, always
 */
static inline bool thread_check_stopped_and_restart(Genode::Thread *thread)
{
	Fiasco::l4_irq_trigger(thread_gate(thread) + Fiasco::THREAD_IRQ_CAP);
	return true;
}


static inline void thread_switch_to(Genode::Thread *thread)
{
	Fiasco::l4_thread_switch(thread_gate(thread));
}


/*
 * Block until woken; the caller holds the cap space
 *
 * Built with frame pointer, so that debuggers can walk the stack.
 *
 * \return  false if the thread was made anew meanwhile: it need not have been
 *          woken, and a wake-up may have been lost
 */
__attribute__((optimize("-fno-omit-frame-pointer"), noinline, used))
static bool thread_stop_myself()
{
	return Genode::Kernel_entry::wait_for_irq(thread_gate(Genode::Thread::myself())
	                                          + Fiasco::THREAD_IRQ_CAP);
}

#endif
