/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A belt of packets: memory of the server that its client has attached
 *
 *   page 0    struct Belt::Ring
 *   page 1..  packets
 */
#ifndef CAPLOG_TEST_BELT_H
#define CAPLOG_TEST_BELT_H

#include <base/rpc.h>
#include <cpu/memory_barrier.h>
#include <ram_session/ram_session.h>
#include <session/session.h>

namespace Belt {

	using namespace Genode;

	enum { PAGE = 4096, PACKETS_AT_A_TIME = 8, WORDS = 64, PER_BELT = 400,
	       BYTES = PAGE + PACKETS_AT_A_TIME*WORDS*8 };

	/* Counts of the belt's own packets, and offsets in its memory */
	struct Ring
	{
		unsigned long volatile sent, taken;
		unsigned long          offset[PACKETS_AT_A_TIME];
	};

	/* What packet n of all belts consists of */
	inline uint64_t word(unsigned long n, unsigned i) { return n*2654435761UL + i; }

	struct Session : Genode::Session
	{
		static char const *service_name() { return "Belt"; }

		/* Signals of packets that were sent go there */
		GENODE_RPC(Rpc_sent_sigh, void, sent_sigh, Signal_context_capability);
		/* Where signals of packets that were taken go */
		GENODE_RPC(Rpc_taken_sigh, Signal_context_capability, taken_sigh);
		/* Memory of a new belt; that of the last one is freed */
		GENODE_RPC(Rpc_next, Ram_dataspace_capability, next);
		/* Memory of the client's, in which the server counts what it sent */
		GENODE_RPC(Rpc_counter, void, counter, Ram_dataspace_capability);
		GENODE_RPC_INTERFACE(Rpc_sent_sigh, Rpc_taken_sigh, Rpc_next, Rpc_counter);
	};
}

#endif
