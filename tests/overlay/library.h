/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The component's way to its environment, for tests
 */
#ifndef OVERLAY_LIBRARY_H
#define OVERLAY_LIBRARY_H

#include "platform.h"
#include "rpc.h"

#include <base/internal/cap_space.h>

namespace Overlay {

	/* Message that the dispatch loop took apart last */
	extern Genode::Msgbuf_base *arguments;

	/* Wait until a thread that was told to end waits for nothing but that */
	void wait_for_end_of(addr_t gate);

	/* The session's capability, received when it is needed first */
	Native_capability session(Native_capability &kept, unsigned badge);
}

/* Capability of everybody else, see Peer_opcode */
Genode::Native_capability peer();

/* Times that a thread went to sleep for good */
extern unsigned sleepers;

/* After the cap map was recreated: no capability is what it was */
void forget_environment();
void forget_sessions(); /* part of it */

#endif
