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
#include <dataspace/capability.h>
#include <caplog/flavour.h>
#include <foc_native_pd/needs.h>

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
		NO_QUOTA        = 9, /* the PD session has to be upgraded              */
		NO_BADGE        = 10, /* core has no badge or no slot left              */
		NO_GATE         = 11, /* not a badge of a gate of that PD session       */
		NO_PD           = 12 /* the capability is not a PD session's native_pd */
	};

	enum {
		BATCH   = 64, /* what one request is about, at most: that bounds its time in core */
		THREADS = 16, /* the same of threads, whose answers are larger                    */
		ANY     = 1,  /* badge that core never hands out                                  */

		WRITTEN_WORDS = sizeof(addr_t) == 8 ? 38 : 18 /* that fit into one message */
	};

	/* A badge for each of BATCH slots side by side, or for each object; 0: none */
	struct Badges
	{
		caplog_badge badge[BATCH];
	};

	/*
	 * Answers, without padding, which would carry bytes of core's stack; `result`
	 * is DONE or says what the first refusal was
	 */
	struct Seen      { uint64_t used, same; uint32_t result, unused; }; /* a bit per slot */
	struct Made      { Badges made; uint32_t count, result; };
	struct Installed { uint64_t done; uint32_t result, unused; };       /* a bit per slot */

	/* Pages that were written: 32 of them at most in a word */
	struct Written
	{
		/* id: of the dataspace, see track; at: the word's place, in 32 pages */
		struct Word { uint32_t id, at, pages; } entry[WRITTEN_WORDS];

		uint32_t count; /* of words                       */
		uint32_t more;  /* 1: there are others, ask again */
	};

	/*
	 * Room for copies of pages, in a dataspace of the caller: this, on its first
	 * page, and then one page for each copy. Core writes it and reads none of it.
	 */
	struct Copies
	{
		enum { PAGE = 4096, MOST = PAGE/8 - 1 };

		struct Copy { uint32_t id, page; }; /* id: of the dataspace, see track */

		uint32_t count;     /* of copies                                    */
		uint32_t missing;   /* 1: a page was written that was not copied    */
		Copy     copy[MOST];
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

	/* Badges of threads' capabilities; 0: none */
	struct Threads { caplog_badge badge[THREADS]; };

	/* Where they are, without padding as well */
	struct Stops
	{
		addr_t  ip[THREADS], sp[THREADS];
		uint8_t state[THREADS];

		Stopped at(unsigned n) const {
			return Stopped { Stopped::State(state[n]), ip[n], sp[n] }; }
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
	 * What do slots of this PD hold?
	 *
	 * The badge ANY asks only whether a slot holds anything. An object that was
	 * destroyed is in no slot.
	 *
	 * \param kcap    selector of the first slot, a multiple of BATCH
	 * \param badges  of the objects that the slots should hold; 0: do not look
	 * \return        bits of slots that hold something, and of those that hold
	 *                the object. DONE, INVALID_SLOT, KERNEL_REFUSED
	 */
	virtual Seen look(addr_t kcap, Badges const &badges) = 0;

	/**
	 * Make gates of this PD session; the kernel debugger has no names for them
	 *
	 * \param thread  that they are bound to: the kernel's, see native_cap of
	 *                Foc_native_cpu
	 * \param count   up to BATCH
	 * \return        as many as could be made, with NO_THREAD, NO_QUOTA or
	 *                NO_BADGE if these are fewer
	 */
	virtual Made make_gates(Native_capability thread, unsigned count) = 0;

	/**
	 * Capability of a gate that was made by this PD session
	 *
	 * \return  invalid if there is none with this badge
	 */
	virtual Native_capability gate(unsigned badge) = 0;

	/**
	 * Put gates into slots of this PD
	 *
	 * \param maker   native_pd of the PD session that made them: only its holder
	 *                may give them away
	 * \param kcap    selector of the first slot, a multiple of BATCH
	 * \param badges  of the gates; 0: leave the slot as it is
	 * \return        what was done before the first refusal: NO_PD,
	 *                INVALID_SLOT, CORE_SLOT, NO_GATE, OCCUPIED, KERNEL_REFUSED
	 */
	virtual Installed install_gates(Capability<Pd_session::Native_pd> maker, addr_t kcap,
	                                Badges const &badges) = 0;

	/**
	 * Attach the IRQ object of a signal source to a thread of this PD, as the
	 * thread itself would
	 *
	 * The thread may be one that was not started yet.
	 *
	 * \return DONE, INVALID_CAP, NO_IRQ, NO_THREAD, FOREIGN_THREAD,
	 *         KERNEL_REFUSED (already attached: detach it first; the kernel
	 *         of 26.02 attaches it to the new thread instead)
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
	 * Stop threads of this PD, and report where they are
	 *
	 * A thread that was not started is UNKNOWN: the kernel would run it.
	 * Never waits, unlike Cpu_thread::pause, and may be called again for a
	 * stopped thread. A thread whose exception is on its way to the pager is
	 * reported as BLOCKED; after Cpu_thread::resume of any thread returns, the
	 * pager has received all earlier messages. Cpu_thread::resume continues a
	 * thread.
	 */
	virtual Stops pause(Threads const &threads) = 0;

	/**
	 * Number of signals of a context that its component did not fetch yet
	 *
	 * \return 0 as well if the capability is not that of a context
	 */
	virtual unsigned pending_signals(Signal_context_capability context) = 0;

	/**
	 * Track the pages of a RAM dataspace that are written from now on
	 *
	 * Those who can write to it are stopped: what they write meanwhile may be
	 * missed. It is tracked until it is freed or this PD session is closed, for all
	 * who have it. Writes of devices, and of core itself, are not seen. All of it is
	 * unmapped, once; from then on the first write to each page is a page fault.
	 *
	 * The second argument is the dataspace's id in answers of take_written.
	 *
	 * \return    DONE (also if it was tracked under this id), INVALID_CAP (not
	 *            RAM, or not cached), OCCUPIED (tracked already by somebody
	 *            else), NO_QUOTA; nothing may be known of it unless DONE
	 */
	virtual Result track(Dataspace_capability, uint32_t) { return INVALID_CAP; }

	/**
	 * Take what was written since this was called before, of all dataspaces
	 * that this PD session tracks
	 *
	 * Call it until there is no more. A page that is written while others run
	 * may be reported twice, and is never missed: take first, then copy.
	 */
	virtual Written take_written() { return Written(); }

	/**
	 * Keep the pages of all dataspaces that this PD session tracks as they are now
	 *
	 * From now on a page is copied to the room at its first write. Call this while
	 * those who can write are stopped, after take_written said that there is no
	 * more. It ends when it is called again, with an invalid capability for
	 * instance, when the room is freed, and when there is no room for a page.
	 *
	 * Whoever reads a page of a tracked dataspace has to look for a copy after
	 * that, which is the page as it was. The room is for the caller only.
	 *
	 * \param room  see Copies; two pages at least
	 * \return      DONE, INVALID_CAP (not RAM, not cached, or too small)
	 */
	virtual Result keep(Dataspace_capability) { return INVALID_CAP; }

	/**
	 * Task of this PD, for requests to the kernel
	 */
	virtual Native_capability task_cap() = 0;

	GENODE_RPC(Rpc_install,    Result, install, Native_capability, addr_t);
	GENODE_RPC(Rpc_look,       Seen, look, addr_t, Badges const &);
	GENODE_RPC(Rpc_make_gates, Made, make_gates, Native_capability, unsigned);
	GENODE_RPC(Rpc_gate,       Native_capability, gate, unsigned);
	GENODE_RPC(Rpc_install_gates, Installed, install_gates, Capability<Pd_session::Native_pd>,
	           addr_t, Badges const &);
	GENODE_RPC(Rpc_irq_attach, Result, irq_attach, Native_capability, Thread_capability,
	           unsigned long);
	GENODE_RPC(Rpc_irq_detach, Result, irq_detach, Native_capability);
	GENODE_RPC(Rpc_pause, Stops, pause, Threads const &);
	GENODE_RPC(Rpc_pending_signals, unsigned, pending_signals, Signal_context_capability);

	GENODE_RPC(Rpc_track, Result, track, Dataspace_capability, uint32_t);
	GENODE_RPC(Rpc_take_written, Written, take_written);
	GENODE_RPC(Rpc_keep, Result, keep, Dataspace_capability);

	GENODE_RPC(Rpc_task_cap, Native_capability, task_cap);

	/* an opcode is a place in this list */
	GENODE_RPC_INTERFACE(Rpc_task_cap, Rpc_install, Rpc_look, Rpc_irq_attach,
	                     Rpc_irq_detach, Rpc_pause, Rpc_pending_signals,
	                     Rpc_make_gates, Rpc_gate, Rpc_install_gates, Rpc_track,
	                     Rpc_take_written, Rpc_keep);
};

#endif
