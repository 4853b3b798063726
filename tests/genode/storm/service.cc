/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a component serves, by entrypoints that have more requests than time
 */
#include <base/env.h>
#include <base/rpc_server.h>
#include <root/root.h>

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

	void ready() { }

	void refuse(unsigned caller, unsigned long n)
	{
		account.request(caller, REFUSE, n);
		throw Refused();
	}
};


struct Storm::Root : Rpc_object<Typed_root<Counter>>
{
	Session_capability const cap;

	Root(Session_capability cap) : cap(cap) { }

	Session_capability session(Root::Session_args const &, Affinity const &) override { return cap; }
	void upgrade(Session_capability, Root::Upgrade_args const &) override { }
	void close(Session_capability) override { }
};


struct Storm::Service
{
	enum { STACK = 4096*sizeof(long) };

	Rpc_entrypoint  counts  { env()->pd_session(), STACK, "counts" };
	Rpc_entrypoint  bounces { env()->pd_session(), STACK, "bounces" };
	Rpc_entrypoint  objects { env()->pd_session(), STACK, "objects" };
	Bounce_object   bounce;
	Counter_object  session { bounces.manage(&bounce) };
	Capability<Counter> const cap { counts.manage(&session) };
	Root            root { cap };
};


static Storm::Service &service()
{
	static Storm::Service only;
	return only;
}


void Storm::announce(char const *name) {
	env()->parent()->announce(name, service().counts.manage(&service().root)); }


Genode::Capability<Storm::Counter> Storm::own() { return service().cap; }


Genode::Rpc_entrypoint &Storm::objects_ep() { return service().objects; }
