/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Has as many capabilities as its configuration says, and uses them all
 *
 *   <config caps="200"/>
 */
#include <base/component.h>
#include <base/heap.h>
#include <base/log.h>
#include <base/rpc_server.h>
#include <os/config.h>
#include <timer_session/connection.h>

using namespace Genode;


struct Coin
{
	GENODE_RPC(Rpc_value, unsigned, value);
	GENODE_RPC_INTERFACE(Rpc_value);
};


struct Coin_object : Rpc_object<Coin, Coin_object>
{
	unsigned const number;

	Coin_object(unsigned number) : number(number) { }

	unsigned value() { return number; }
};


struct Main
{
	enum { MAX = 3000, STACK_SIZE = 4096*sizeof(long), AT_ONCE = 100 };

	Env              &env;
	Heap              heap  { env.ram(), env.rm() };
	Rpc_entrypoint    mint  { &env.pd(), STACK_SIZE, "mint" };
	Rpc_entrypoint    spare { &env.pd(), STACK_SIZE, "spare" }, other { &env.pd(), STACK_SIZE, "other" };
	Timer::Connection timer { env };

	Capability<Coin> coin[MAX];
	unsigned         coins = 0, next = 0;
	unsigned long    round = 0;

	Signal_handler<Main> handler { env.ep(), *this, &Main::count };

	void count()
	{
		for (unsigned i = 0; i < AT_ONCE && i < coins; i++) {
			unsigned const value = coin[next].call<Coin::Rpc_value>();
			if (value != next)
				error("FAILED: coin ", next, " is ", value);
			next = (next + 1) % coins;
		}
		log("hoard ", ++round, " of ", coins);
	}

	Main(Env &env) : env(env)
	{
		unsigned const wanted = config()->xml_node().attribute_value("caps", 20U);

		for (; coins < wanted && coins < MAX; coins++)
			coin[coins] = mint.manage(new (heap) Coin_object(coins));

		timer.sigh(handler);
		timer.trigger_periodic(100*1000);
	}
};


namespace Component {

	Genode::size_t stack_size() { return 8*1024*sizeof(long); }

	void construct(Genode::Env &env) { static Main main(env); }
}
