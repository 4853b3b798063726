/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes packets from memory of another component: each has to come once, and whole
 *
 * A belt's memory is attached as a whole, and its packets a second time. That
 * attachment is never detached: it ends when the server frees the memory.
 */
#include <base/component.h>
#include <base/log.h>
#include <base/rpc_client.h>

#include "belt.h"

namespace Belt { struct Picker; }


struct Belt::Picker
{
	enum { LINE = 100 }; /* packets */

	Env                &env;
	Capability<Session> belt { env.parent().session<Session>("ram_quota=32K") };

	Ram_dataspace_capability memory;
	Ring                    *ring    = nullptr;
	char                    *packets = nullptr; /* once more */
	unsigned long            taken   = 0;

	Ram_dataspace_capability own   { env.ram().alloc(PAGE) };
	unsigned long volatile  *count { env.rm().attach(own) };

	Signal_context_capability  server { belt.call<Session::Rpc_taken_sigh>() };
	Signal_handler<Picker>     sent   { env.ep(), *this, &Picker::take };

	void open()
	{
		memory  = belt.call<Session::Rpc_next>();
		ring    = env.rm().attach(memory);
		packets = env.rm().attach(memory, 0, PAGE);
		env.pd().submit(server, 1);
	}

	void close()
	{
		env.rm().detach(ring);
		ring = nullptr;
	}

	void take_one()
	{
		unsigned long const offset = ring->offset[ring->taken % PACKETS_AT_A_TIME];
		uint64_t const *packet = (uint64_t *)(taken % 2 ? packets + offset - PAGE
		                                                : (char *)ring + offset);

		for (unsigned i = 0; i < WORDS; i++)
			if (packet[i] != word(taken, i)) {
				error("FAILED: word ", i, " of packet ", taken, " is ", packet[i]);
				break;
			}
		taken++;
		if (*count < taken || *count > taken + PACKETS_AT_A_TIME)
			error("FAILED: ", taken, " packets were taken, ", *count, " were sent");
		memory_barrier();
		ring->taken = ring->taken + 1;
	}

	void take()
	{
		while (ring && ring->taken < ring->sent) {
			take_one();
			if (taken % LINE == 0)
				log("picked ", taken);
			if (ring->taken < PER_BELT)
				continue;
			close();
			open();
		}
		env.pd().submit(server, 1);
	}

	Picker(Env &env) : env(env)
	{
		belt.call<Session::Rpc_sent_sigh>(sent);
		belt.call<Session::Rpc_counter>(own);
		open();
	}
};


namespace Component {

	Genode::size_t stack_size() { return 8*1024*sizeof(long); }

	void construct(Genode::Env &env) { static Belt::Picker main(env); }
}
