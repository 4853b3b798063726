/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lives on timer signals, and serves RPC objects to itself
 *
 * At each signal it calls RPC objects made long ago and just now; now and then
 * it destroys the entrypoint that serves them and makes another one.
 */
#include <base/component.h>
#include <base/heap.h>
#include <base/log.h>
#include <base/rpc_server.h>
#include <base/signal.h>
#include <timer_session/connection.h>
#include <util/volatile_object.h>

using namespace Genode;


struct Bell
{
	GENODE_RPC(Rpc_ring, unsigned long, ring, unsigned long);
	GENODE_RPC_INTERFACE(Rpc_ring);
};


struct Bell_object : Rpc_object<Bell, Bell_object>
{
	unsigned long const tone;

	Bell_object(unsigned long tone) : tone(tone) { }

	unsigned long ring(unsigned long n) { return n*tone; }
};


struct Main
{
	enum { STACK_SIZE = 4096*sizeof(long), LIFE = 30 };

	Env &env;

	Lazy_volatile_object<Rpc_entrypoint> ep;
	Lazy_volatile_object<Bell_object>    old;

	Capability<Bell>     old_cap;
	Timer::Connection    timer { env };
	Signal_handler<Main> handler { env.ep(), *this, &Main::tick };
	unsigned long        ticks = 0, destroyed = 0;

	void open()
	{
		ep.construct(&env.pd(), STACK_SIZE, "bells");
		old.construct(3);
		old_cap = ep->manage(&*old);
	}

	void close()
	{
		ep->dissolve(&*old);
		old.destruct();
		ep.destruct();
		destroyed++;
	}

	void tick()
	{
		ticks++;

		Bell_object young(5);
		unsigned long const a = old_cap.call<Bell::Rpc_ring>(ticks),
		                    b = ep->manage(&young).call<Bell::Rpc_ring>(ticks);
		ep->dissolve(&young);

		if (a != 3*ticks || b != 5*ticks)
			error("FAILED: alarm ", ticks, ": ", a, ", ", b);
		else
			log("alarm ", ticks, ", entrypoint ", destroyed + 1);

		if (ticks % LIFE == 0) {
			close();
			open();
		}
	}

	Main(Env &env) : env(env)
	{
		open();
		timer.sigh(handler);
		timer.trigger_periodic(50*1000);
	}
};


namespace Component {

	Genode::size_t stack_size() { return 8*1024*sizeof(long); }

	void construct(Genode::Env &env) { static Main main(env); }
}
