/* SPDX-License-Identifier: BSD-2-Clause */
/* RPC operations of the services outside the components; mr[2] is the opcode */
#ifndef HOSTED_SERVICES_H
#define HOSTED_SERVICES_H

/*
 * Message: mr[0] protocol word (badge of the invoked object, or 0 in a reply),
 * mr[1] number of capabilities n, then n badges, then the payload. A badge of
 * HS_NO_CAP stands for an invalid capability and has no item.
 */
#define HS_NO_CAP (~0ul)

enum hs_opcode {
	/* parent */
	HS_SESSION = 1,     /* name (2 words), quota -> cap; 0: not enough quota */
	HS_ANNOUNCE,        /* name (2 words), root cap                  */
	HS_EXIT,            /* value                                     */
	HS_UPGRADE,         /* quota, session                            */
	HS_CLOSE,           /* session                                   */
	/* PD session */
	HS_ALLOC_RPC_CAP,   /* ep cap -> cap                             */
	HS_FREE_RPC_CAP,    /* cap                                       */
	HS_ALLOC_SOURCE,    /* -> source cap                             */
	HS_ALLOC_CONTEXT,   /* imprint, source cap -> context cap        */
	HS_FREE_CONTEXT,    /* context cap                               */
	HS_SUBMIT,          /* number, context cap                       */
	HS_CAP_SPACE,       /* -> address, size of the attached log      */
	HS_RAM_ALLOC,       /* pages -> dataspace cap                    */
	HS_RAM_FREE,        /* dataspace cap                             */
	HS_ATTACH,          /* address, offset, size (0: all that follows), dataspace cap -> 0 or error */
	HS_DETACH,          /* address                                   */
	HS_QUOTA,           /* -> what is left                           */
	/* signal source */
	HS_SEMAPHORE,       /* -> IRQ cap                                */
	HS_WAIT_FOR_SIGNAL, /* -> imprint, number; 0: none               */
	/* CPU session and threads */
	HS_CREATE_THREAD,   /* -> thread cap                             */
	HS_THREAD_STATE,    /* -> slot of the gate, badge, UTCB address  */
	HS_THREAD_START,    /* entry, argument                           */
	HS_THREAD_KILL,
	/* LOG, Timer */
	HS_LOG_WRITE,       /* text, 8 bytes a word                      */
	HS_TIMER_SIGH,      /* context cap                               */
	HS_TIMER_TRIGGER,   /* ticks                                     */
	/* own objects of the components; free from here on */
	HS_CONSTRUCT, HS_SIGNAL_PROXY, HS_EXIT_EP,
	HS_APP = 64
};

#endif
