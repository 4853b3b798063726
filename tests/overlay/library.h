/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The component's way to its environment, for tests
 */
#ifndef OVERLAY_LIBRARY_H
#define OVERLAY_LIBRARY_H

#include "platform.h"
#include "rpc.h"

#include <base/env.h>
#include <base/rpc_server.h>
#include <pd_session/client.h>

#include <base/internal/cap_space.h>

namespace Genode { struct Stack_end; }

namespace Overlay {

	/* Message that the dispatch loop took apart last */
	extern Genode::Msgbuf_base *arguments;
}

/* Capability of everybody else, see Peer_opcode */
Genode::Native_capability peer();

/* Times that a thread went to sleep for good */
extern unsigned sleepers;

/* After the cap map was recreated: no capability is what it was */
void forget_environment();

#endif
