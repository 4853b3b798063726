/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel-specific part of a PD session: what a restore needs of core
 *
 * Takes the place of base-foc's header of this name; task_cap() keeps its
 * opcode.
 */
#ifndef _INCLUDE__FOC_NATIVE_PD__FOC_NATIVE_PD_H_
#define _INCLUDE__FOC_NATIVE_PD__FOC_NATIVE_PD_H_

#include <base/capability.h>
#include <base/rpc.h>
#include <base/signal.h>
#include <base/stdint.h>
#include <pd_session/pd_session.h>
#include <thread/capability.h>

namespace Genode { struct Foc_native_pd; }


struct Genode::Foc_native_pd : Pd_session::Native_pd
{
	/* Why something was refused. Nothing was changed then. */
	enum Result {
		DONE            = 0,
		INVALID_CAP     = 1, /* no capability, or its object is gone           */
		INVALID_SLOT    = 2, /* no selector of a component's capability space  */
		CORE_SLOT       = 3, /* selector of the part that core fills itself    */
		OCCUPIED        = 4, /* something else is there                        */
		NO_IRQ          = 5, /* the capability is not one of an IRQ object     */
		NO_THREAD       = 6, /* the capability is not one of a thread          */
		FOREIGN_THREAD  = 7, /* the thread does not belong to this PD          */
		KERNEL_REFUSED  = 8, /* already attached, out of memory                */
		EMPTY           = 9, /* nothing is there                               */
		DIFFERENT       = 10 /* something is there, but not this               */
	};

	/* Where a thread stands that was told to stop */
	struct Stopped
	{
		enum State {
			UNKNOWN,   /* no thread of this PD                                  */
			BLOCKED,   /* in the kernel: goes into an exception when it returns */
			LEAVING,   /* about to go into an exception, or to block: ask again */
			EXCEPTION  /* has all its registers in Cpu_thread::state()          */
		};

		State  state;
		addr_t ip, sp; /* unless UNKNOWN */
	};

	virtual Native_capability task_cap() = 0;

	/**
	 * Put a capability at a selector of this PD
	 *
	 * \return DONE, INVALID_CAP, INVALID_SLOT, CORE_SLOT, OCCUPIED (also if it
	 *         is the same capability), KERNEL_REFUSED
	 */
	virtual Result install(Native_capability cap, addr_t kcap) = 0;

	/**
	 * Does a selector of this PD denote the same object as a capability?
	 *
	 * An invalid capability asks only whether anything is there.
	 *
	 * \return DONE (yes), EMPTY, DIFFERENT, INVALID_SLOT, KERNEL_REFUSED
	 */
	virtual Result compare(Native_capability cap, addr_t kcap) = 0;

	/**
	 * Attach an IRQ object to a thread of this PD, as the thread itself does it
	 *
	 * The thread need not have been started.
	 *
	 * \return DONE, INVALID_CAP, NO_IRQ, NO_THREAD, FOREIGN_THREAD,
	 *         KERNEL_REFUSED (attached already: detach first)
	 */
	virtual Result irq_attach(Native_capability irq, Thread_capability thread,
	                          unsigned long label) = 0;

	/**
	 * Detach an IRQ object
	 *
	 * \return DONE (also if it was not attached), INVALID_CAP, NO_IRQ,
	 *         KERNEL_REFUSED
	 */
	virtual Result irq_detach(Native_capability irq) = 0;

	/**
	 * Stop a thread of this PD, and tell where it stands
	 *
	 * The thread must have been started: the kernel would revive one that was not.
	 * Unlike Cpu_thread::pause it never waits, neither for the thread nor for
	 * its pager, and may be called again for a thread that is stopped. A thread
	 * whose exception is under way to the pager counts as BLOCKED; whoever has
	 * called Cpu_thread::resume of any thread knows that all messages to the
	 * pager that came before are taken in. To be continued by Cpu_thread::resume.
	 */
	virtual Stopped pause(Thread_capability thread) = 0;

	/**
	 * Signals of a context that its component did not fetch yet
	 *
	 * \return their number; 0 as well if this is no context
	 */
	virtual unsigned pending_signals(Signal_context_capability context) = 0;

	GENODE_RPC(Rpc_task_cap,   Native_capability, task_cap);
	GENODE_RPC(Rpc_install,    Result, install, Native_capability, addr_t);
	GENODE_RPC(Rpc_compare,    Result, compare, Native_capability, addr_t);
	GENODE_RPC(Rpc_irq_attach, Result, irq_attach, Native_capability, Thread_capability,
	           unsigned long);
	GENODE_RPC(Rpc_irq_detach, Result, irq_detach, Native_capability);
	GENODE_RPC(Rpc_pause, Stopped, pause, Thread_capability);
	GENODE_RPC(Rpc_pending_signals, unsigned, pending_signals, Signal_context_capability);

	GENODE_RPC_INTERFACE(Rpc_task_cap, Rpc_install, Rpc_compare, Rpc_irq_attach,
	                     Rpc_irq_detach, Rpc_pause, Rpc_pending_signals);
};

#endif
