/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cost of RPCs, in ticks of the time-stamp counter
 *
 * Under qemu -icount shift=0 that is a count of instructions, and the same in
 * each run.
 */
#include <base/component.h>
#include <base/connection.h>
#include <base/log.h>
#include <base/rpc_client.h>
#include <rpc_ticks_session.h>
#include <trace/timestamp.h>

using namespace Genode;


struct Client : Connection<Rpc_ticks::Session>, Rpc_client<Rpc_ticks::Session>
{
	explicit Client(Env &env)
	:
		Connection<Rpc_ticks::Session>(env, "", Ram_quota { RAM_QUOTA }, Args()),
		Rpc_client<Rpc_ticks::Session>(Connection<Rpc_ticks::Session>::cap())
	{ }

	void nop() override { call<Rpc_nop>(); }
	Native_capability object(unsigned i) override { return call<Rpc_object>(i); }
};


struct Main
{
	enum { ROUNDS = 512, LIVE_MAX = 1500 };

	Env   &env;
	Client server { env };

	Capability<Signal_source> source = env.pd().signal_source().convert<Capability<Signal_source>>(
		[] (Capability<Signal_source> s) { return s; },
		[] (auto)                        { return Capability<Signal_source>(); });

	Signal_context_capability live[LIVE_MAX] { };
	unsigned                  lives = 0;

	/* fill the capability space from below */
	void keep(unsigned count)
	{
		while (lives < count)
			env.pd().alloc_context(source, Pd_session::Imprint { lives + 1 }).with_result(
				[&] (Signal_context_capability cap) { live[lives++] = cap; },
				[&] (auto) { env.upgrade(Parent::Env::pd(), "ram_quota=64K, cap_quota=64"); });
	}

	template <typename FN>
	unsigned long ticks(FN const &fn)
	{
		for (unsigned i = 0; i < 2*Rpc_ticks::OBJECTS; i++)
			fn(i);

		Trace::Timestamp const start = Trace::timestamp();
		for (unsigned i = 0; i < ROUNDS; i++)
			fn(i);
		return (unsigned long)(Trace::timestamp() - start)/ROUNDS;
	}

	explicit Main(Env &env) : env(env)
	{
		Native_capability const known = server.object(0);

		static unsigned const counts[] = { 0, 250, LIVE_MAX };

		for (unsigned count : counts) {
			keep(count);
			unsigned long const nop  = ticks([&] (unsigned) { server.nop(); });
			unsigned long const old  = ticks([&] (unsigned) { server.object(0); });
			unsigned long const young = ticks([&] (unsigned i) {
				server.object(1 + i % (Rpc_ticks::OBJECTS - 1)); });
			log("rpc_ticks: live=", lives, " nop=", nop, " known=", old, " new=", young);
		}
		log("rpc_ticks: end");
	}
};


void Component::construct(Env &env) { static Main main(env); }
