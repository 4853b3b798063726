/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a component serves, by entrypoints that have more requests than time
 */
#include <base/env.h>
#include <base/heap.h>
#include <base/rpc_server.h>
#include <root/component.h>

#include "storm.h"

namespace Storm {
	struct Bounce_object;
	struct Counter_object;
	struct Root;
	struct Service;
}


struct Storm::Bounce_object : Rpc_object<Bounce, Bounce_object>
{
	unsigned long bounce(unsigned caller, unsigned long n, unsigned long m, Capability<Callback> back)
	{
		account.request(caller, BOUNCE, n);
		return n + back.call<Callback::Rpc_called>(caller, m);
	}
};


struct Storm::Counter_object : Rpc_object<Counter, Counter_object>
{
	Capability<Bounce> const bounce;
	unsigned long            sum = 0;

	Counter_object(Capability<Bounce> bounce) : bounce(bounce) { }

	unsigned long count(unsigned caller, unsigned long n)
	{
		account.request(caller, COUNT, n);
		return 7*n + caller;
	}

	Capability<Bounce> bouncer(unsigned caller, unsigned long n)
	{
		account.request(caller, BOUNCER, n);
		return bounce;
	}

	unsigned long chain(unsigned caller, unsigned long n, unsigned long m, Capability<Callback> back)
	{
		account.request(caller, CHAIN, n);
		return n + bounce.call<Bounce::Rpc_bounce>(caller, 2*n, m, back);
	}

	unsigned long add(unsigned long n) { return sum += n; }

	void ready() { }

	void bye() { account.one_less(); }

	void refuse(unsigned caller, unsigned long n)
	{
		account.request(caller, REFUSE, n);
		throw Refused();
	}
};


struct Storm::Root : Root_component<Counter_object>
{
	Capability<Bounce> const bounce;

	Counter_object *_create_session(char const *) override {
		return new (md_alloc()) Counter_object(bounce); }

	Root(Rpc_entrypoint &ep, Allocator &alloc, Capability<Bounce> bounce)
	: Root_component<Counter_object>(&ep, &alloc), bounce(bounce) { }
};


struct Storm::Service
{
	enum { STACK = 4096*sizeof(long) };

	Rpc_entrypoint  counts  { env()->pd_session(), STACK, "counts" };
	Rpc_entrypoint  bounces { env()->pd_session(), STACK, "bounces" };
	Rpc_entrypoint  objects { env()->pd_session(), STACK, "objects" };
	Bounce_object   bounce;
	Capability<Bounce>  const bounce_cap { bounces.manage(&bounce) };
	Counter_object  session { bounce_cap };
	Capability<Counter> const cap { counts.manage(&session) };
	Sliced_heap     heap { env()->ram_session(), env()->rm_session() };
	Root            root { counts, heap, bounce_cap };
};


static Storm::Service &service()
{
	/* never destructed: the sibling's session lasts until the end */
	static Storm::Service &only = *new (Genode::env()->heap()) Storm::Service;
	return only;
}


void Storm::announce(char const *name) {
	env()->parent()->announce(name, service().counts.manage(&service().root)); }


Genode::Capability<Storm::Counter> Storm::own() { return service().cap; }


Genode::Rpc_entrypoint &Storm::objects_ep() { return service().objects; }
