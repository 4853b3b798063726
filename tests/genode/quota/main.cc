/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What sessions cost: a component asks for its quota before and after each step
 *
 * Sessions of core, of the parent and of a sibling are opened, upgraded and
 * closed, round by round. Each step must change the quota by the same bytes in
 * each round, whatever happens to the component in between.
 */
#include <base/component.h>
#include <base/log.h>
#include <base/signal.h>
#include <base/thread.h>
#include <log_session/log_session.h>
#include <os/config.h>
#include <rom_session/rom_session.h>
#include <timer_session/connection.h>

#include "shop.h"

namespace Quota_test {

	using namespace Genode;

	struct Main;
}


struct Quota_test::Main : Thread
{
	enum { STACK_SIZE = 8*1024*sizeof(long), STEPS = 40, PAUSE_MS = 30 };

	Env              &env;
	Timer::Connection timer { env };
	Signal_receiver   receiver;
	Signal_context    context;

	struct Cost { long limit, used; } cost[STEPS];

	unsigned step = 0;
	bool     first = true, wrong = false;

	Main(Env &env) : Thread(env, "quota", STACK_SIZE), env(env) { start(); }

	template <typename FN> void measure(char const *what, FN const &fn)
	{
		long const limit = env.ram().quota(), used = env.ram().used();
		fn();
		Cost const now = { (long)env.ram().quota() - limit, (long)env.ram().used() - used };

		Cost &expected = cost[step++];
		if (first) {
			expected = now;
			log("step ", what, ": ", now.limit, " ", now.used);
		} else if (expected.limit != now.limit || expected.used != now.used) {
			error("FAILED: step ", what, ": ", now.limit, " ", now.used, ", it was ",
			      expected.limit, " ", expected.used);
			wrong = true;
		}
	}

	template <typename SESSION>
	void session(char const *what, char const *args, char const *upgrade = nullptr)
	{
		Capability<SESSION> cap;

		measure(what,    [&] () { cap = env.parent().session<SESSION>(args); });
		if (upgrade)
			measure("upgrade", [&] () { env.parent().upgrade(cap, upgrade); });
		measure("close",   [&] () { env.parent().close(cap); });
	}

	void round()
	{
		step = 0;
		session<Log_session>("LOG", "ram_quota=8K, label=\"round\"", "ram_quota=4K");
		session<Rom_session>("ROM", "ram_quota=4K, label=\"caplog_quota\"");
		session<Rom_session>("config", "ram_quota=4K, label=\"config\"");
		session<Timer::Session>("Timer", "ram_quota=8K", "ram_quota=8K");
		session<Shop::Session>("Shop", "ram_quota=24K", "ram_quota=8200");

		Ram_dataspace_capability ds;
		measure("alloc", [&] () { ds = env.ram().alloc(10000); });
		measure("free",  [&] () { env.ram().free(ds); });
	}

	void entry() override
	{
		/* opens a ROM session */
		Xml_node const node     = config()->xml_node();
		unsigned const rounds   = node.attribute_value("rounds", 3U),
		               sessions = node.attribute_value("sessions", 50U);

		/* kept open all the time */
		env.parent().session<Log_session>("ram_quota=10000, label=\"kept\"");
		env.parent().session<Rom_session>("ram_quota=4K, label=\"config\"");
		Capability<Shop::Session> const shop =
			env.parent().session<Shop::Session>("ram_quota=20K");
		env.parent().upgrade(shop, "ram_quota=5000");

		/* what is free first is asked for */
		env.parent().resource_avail_sigh(receiver.manage(&context));
		measure("request", [&] () {
			env.parent().resource_request("ram_quota=100K");
			receiver.wait_for_signal();
		});

		/* the first round grows what its sessions need in memory, the second measures */
		round();
		round();
		first = false;

		size_t const limit = env.ram().quota(), used = env.ram().used();
		log("quota ", limit, " used ", used);

		for (unsigned n = 1; n <= rounds; n++) {
			round();
			for (unsigned i = 0; i < sessions; i++)
				env.parent().close(env.parent().session<Log_session>("ram_quota=8K"));
			if (env.ram().quota() != limit || env.ram().used() != used || wrong)
				error("FAILED: round ", n, ": quota ", env.ram().quota(), " used ", env.ram().used());
			log("round ", n);
			timer.msleep(PAUSE_MS);
		}
		log("step all: ", (long)(env.ram().quota() - limit), " ", (long)(env.ram().used() - used));
		env.parent().exit(0);
	}
};


namespace Component {

	Genode::size_t stack_size() { return 8*1024*sizeof(long); }

	void construct(Genode::Env &env) { static Quota_test::Main main(env); }
}
