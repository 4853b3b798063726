/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel-specific part of a PD session: what a restore needs of core
 *
 * Takes the place of base-foc's header of this name. task_cap keeps its name
 * and opcode; the rest is new.
 */
#ifndef CAPLOG_FOC_NATIVE_PD_H
#define CAPLOG_FOC_NATIVE_PD_H

#include <base/signal.h>
#include <pd_session/pd_session.h>
#include <thread/capability.h>

namespace Genode { struct Foc_native_pd; }


struct Genode::Foc_native_pd : Pd_session::Native_pd
{
	/* Anything but DONE: the request was refused, and changed nothing */
	enum Result {
		DONE            = 0,
		INVALID_CAP     = 1, /* invalid capability, or its object is destroyed */
		INVALID_SLOT    = 2, /* not a selector of a component's cap space      */
		CORE_SLOT       = 3, /* selector of the part that core fills itself    */
		OCCUPIED        = 4, /* the slot holds another capability              */
		NO_IRQ          = 5, /* the capability is not a signal source's semaphore */
		NO_THREAD       = 6, /* the capability is not that of a thread         */
		FOREIGN_THREAD  = 7, /* the thread does not belong to this PD          */
		KERNEL_REFUSED  = 8, /* already attached, out of memory                */
		EMPTY           = 9, /* the slot is empty                              */
		DIFFERENT       = 10 /* the slot holds another object                  */
	};

	/* Where a thread is that was asked to stop */
	struct Stopped
	{
		enum State {
			UNKNOWN,   /* not a thread of this PD                             */
			BLOCKED,   /* in the kernel: raises an exception when it returns  */
			LEAVING,   /* about to raise an exception or to block: ask again  */
			EXCEPTION  /* stopped: all registers are in Cpu_thread::state()   */
		};

		State  state;
		addr_t ip, sp; /* unless UNKNOWN */
	};

	/**
	 * Put a capability into a slot of this PD
	 *
	 * \param kcap  selector of the slot
	 * \return      DONE, INVALID_CAP, INVALID_SLOT, CORE_SLOT, OCCUPIED
	 *              (also if it is the same capability), KERNEL_REFUSED
	 */
	virtual Result install(Native_capability cap, addr_t kcap) = 0;

	/**
	 * Compare the object in a slot of this PD with that of a capability
	 *
	 * \return DONE (yes), EMPTY, DIFFERENT, INVALID_CAP (also if the object was
	 *         destroyed: a message carries no capability then), INVALID_SLOT,
	 *         KERNEL_REFUSED
	 */
	virtual Result compare(Native_capability cap, addr_t kcap) = 0;

	/**
	 * Does a slot of this PD hold anything?
	 *
	 * \return DONE (yes), EMPTY, INVALID_SLOT
	 */
	virtual Result occupied(addr_t kcap) = 0;

	/**
	 * Attach the IRQ object of a signal source to a thread of this PD, as the
	 * thread itself would
	 *
	 * The thread may be one that was not started yet.
	 *
	 * \return DONE, INVALID_CAP, NO_IRQ, NO_THREAD, FOREIGN_THREAD,
	 *         KERNEL_REFUSED (already attached: detach it first)
	 */
	virtual Result irq_attach(Native_capability irq, Thread_capability thread,
	                          unsigned long label) = 0;

	/**
	 * Detach the IRQ object of a signal source
	 *
	 * \return DONE (also if it was not attached), INVALID_CAP, NO_IRQ,
	 *         KERNEL_REFUSED
	 */
	virtual Result irq_detach(Native_capability irq) = 0;

	/**
	 * Stop a thread of this PD, and report where it is
	 *
	 * Only for a thread that was started: the kernel would start another one.
	 * Never waits, unlike Cpu_thread::pause, and may be called again for a
	 * stopped thread. A thread whose exception is on its way to the pager is
	 * reported as BLOCKED; after Cpu_thread::resume of any thread returns, the
	 * pager has received all earlier messages. Cpu_thread::resume continues the
	 * thread.
	 */
	virtual Stopped pause(Thread_capability thread) = 0;

	/**
	 * Number of signals of a context that its component did not fetch yet
	 *
	 * \return 0 as well if the capability is not that of a context
	 */
	virtual unsigned pending_signals(Signal_context_capability context) = 0;

	/**
	 * Task of this PD, for requests to the kernel
	 */
	virtual Native_capability task_cap() = 0;

	GENODE_RPC(Rpc_install,    Result, install, Native_capability, addr_t);
	GENODE_RPC(Rpc_compare,    Result, compare, Native_capability, addr_t);
	GENODE_RPC(Rpc_occupied,   Result, occupied, addr_t);
	GENODE_RPC(Rpc_irq_attach, Result, irq_attach, Native_capability, Thread_capability,
	           unsigned long);
	GENODE_RPC(Rpc_irq_detach, Result, irq_detach, Native_capability);
	GENODE_RPC(Rpc_pause, Stopped, pause, Thread_capability);
	GENODE_RPC(Rpc_pending_signals, unsigned, pending_signals, Signal_context_capability);

	GENODE_RPC(Rpc_task_cap, Native_capability, task_cap);

	/* an opcode is a place in this list */
	GENODE_RPC_INTERFACE(Rpc_task_cap, Rpc_install, Rpc_compare, Rpc_irq_attach,
	                     Rpc_irq_detach, Rpc_pause, Rpc_pending_signals,
	                     Rpc_occupied);
};

#endif
