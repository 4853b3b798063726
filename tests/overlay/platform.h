/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One component with the overlay as its base library, on the hosted kernel
 *
 * l4.cc      system calls of Fiasco.OC, and a stub, on the hosted kernel
 * core.cc    what core and the parent do for the component; runs in the kernel,
 *            with core_threads.cc
 * library.cc what the overlay leaves to Genode's base library
 *
 * The library's variables are the test's own; stacks, UTCBs and the log lie in
 * memory of the component.
 */
#ifndef OVERLAY_PLATFORM_H
#define OVERLAY_PLATFORM_H

#include "t_check.h"

#include <base/native_capability.h>

extern "C" {
#include "hosted/kernel.h"
}

/* Assertions and complaints of the overlay since the last call */
unsigned overlay_asserts();

/* Where the UTCB of a thread lies in its page, in the layout of Fiasco.OC */
enum { UTCB_OFFSET = HK_PAGE/2 };

/* Badges that the core below gives out are multiples of this */
enum { BADGE_STEP = 8 };

/*
 * What the parent gives as the log's dataspace
 */
enum Log { LOG_GOOD, LOG_NONE, LOG_SMALL, LOG_ODD, LOG_UNALIGNED, LOG_READ_ONLY, LOG_NO_ATTACH, LOG_TIGHT,
           LOGS };

enum { LOG_SIZE = 1 << 18 };

/* Opcodes of the peer, which is everybody else in the system */
enum Peer_opcode {
	PEER_GIVE,    /* badges -> a capability each; 0: an invalid one           */
	PEER_FORGE,   /* badge -> another object under this badge                 */
	PEER_DESTROY, /* badge: its object is gone, in all protection domains     */
	PEER_REMAKE,  /* thread: destroyed, and recreated where it blocked        */
	PEER_SIGNAL,  /* imprint: to be fetched from the source, which is notified */
	PEER_BROKEN   /* -> a message that is not as it should be                 */
};

/* How it is broken */
enum { NO_COUNT, NO_BADGES, NO_ITEMS, TOO_LONG, TOO_MANY_CAPS };

struct Core
{
	hk_node *node;
	hk_task *task;

	unsigned parent_badge, pd_badge, cpu_badge, rm_badge, peer_badge;

	/* by thread */
	hk_gate *gate[HK_THREADS];
	hk_irq  *irq[HK_THREADS];
	unsigned long stack_top[HK_THREADS];

	Log      log;
	unsigned metadata;  /* RPC objects that the PD session can still pay for */
	unsigned upgrades, attached, detached, asked_for_log, cancelled;

	bool no_thread, no_state; /* the CPU session fails in this */
};

extern Core core;

void core_create(unsigned long seed, Log log);

/* Make the main thread run; returns when nothing runs any more */
void core_run(void (*main)());

/* Badge that core gave to an object; 0: none */
unsigned core_badge(hk_object const *);

/* The object that has a badge now; nullptr: none */
hk_object *core_object(unsigned badge);

hk_thread *core_thread(unsigned index);

#endif
