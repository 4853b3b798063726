/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends packets to another component through memory that both have attached,
 * as fast as it takes them
 */
#include <base/component.h>
#include <base/heap.h>
#include <base/log.h>
#include <root/component.h>

#include "belt.h"

namespace Belt {

	struct Session_object;
	struct Root;
	struct Main;
}


struct Belt::Session_object : Rpc_object<Session, Session_object>
{
	Env                      &env;
	Ram_dataspace_capability  ds;
	Ring                     *ring = nullptr;
	unsigned long            *count = nullptr; /* in memory of the client's */
	unsigned long             sent = 0;
	Signal_context_capability client;

	Signal_handler<Session_object> taken { env.ep(), *this, &Session_object::fill };

	Session_object(Env &env) : env(env) { }

	void send()
	{
		unsigned const place = ring->sent % PACKETS_AT_A_TIME;
		unsigned long const offset = PAGE + place*WORDS*sizeof(uint64_t);
		uint64_t *packet = (uint64_t *)((char *)ring + offset);

		for (unsigned i = 0; i < WORDS; i++)
			packet[i] = word(sent, i);
		ring->offset[place] = offset;
		memory_barrier();
		ring->sent = ring->sent + 1;
		sent++;
		if (count)
			*count = sent;
	}

	void fill()
	{
		bool any = false;

		while (ring && ring->sent < PER_BELT && ring->sent - ring->taken < PACKETS_AT_A_TIME) {
			send();
			any = true;
		}
		if (any && client.valid())
			env.pd().submit(client, 1);
	}

	void sent_sigh(Signal_context_capability cap) { client = cap; }

	Signal_context_capability taken_sigh() { return taken; }

	Ram_dataspace_capability next()
	{
		if (ring) {
			env.rm().detach(ring);
			env.ram().free(ds);
		}
		ds   = env.ram().alloc(BYTES);
		ring = env.rm().attach(ds);
		return ds;
	}

	void counter(Ram_dataspace_capability cap) { count = env.rm().attach(cap); }
};


struct Belt::Root : Root_component<Session_object>
{
	Env &_env;

	Session_object *_create_session(char const *) override {
		return new (md_alloc()) Session_object(_env); }

	Root(Env &env, Allocator &alloc)
	: Root_component<Session_object>(&env.ep().rpc_ep(), &alloc), _env(env) { }
};


struct Belt::Main
{
	Heap heap;
	Root root;

	Main(Env &env) : heap(env.ram(), env.rm()), root(env, heap) {
		env.parent().announce("Belt", env.ep().manage(root)); }
};


namespace Component {

	Genode::size_t stack_size() { return 8*1024*sizeof(long); }

	void construct(Genode::Env &env) { static Belt::Main main(env); }
}
