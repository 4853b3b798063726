/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cost of RPCs, in ticks of the time-stamp counter
 *
 * Under qemu -icount shift=0 that is a count of instructions, and the same in
 * each run.
 */
#include <base/component.h>
#include <base/env.h>
#include <base/connection.h>
#include <base/log.h>
#include <base/rpc_client.h>
#include <pd_session/client.h>
#include <rpc_ticks_session.h>
#include <trace/timestamp.h>

using namespace Genode;


struct Client : Connection<Rpc_ticks::Session>, Rpc_client<Rpc_ticks::Session>
{
	Client(Parent &parent)
	:
		Connection<Rpc_ticks::Session>(session(parent, "ram_quota=16K")),
		Rpc_client<Rpc_ticks::Session>(cap())
	{ }

	void nop() override { call<Rpc_nop>(); }
	Native_capability object(unsigned i) override { return call<Rpc_object>(i); }
};


struct Main
{
	enum { ROUNDS = 512, LIVE_MAX = 1500 };

	Env   &env;
	Client server { env.parent() };

	Pd_session::Signal_source_capability source { env.pd().alloc_signal_source() };
	Signal_context_capability live[LIVE_MAX];
	unsigned                  lives = 0;

	/* fill the capability space from below */
	void keep(unsigned count)
	{
		while (lives < count) {
			try {
				live[lives] = env.pd().alloc_context(source, lives + 1);
				lives++;
			} catch (Pd_session::Out_of_metadata) {
				env.parent().upgrade(Genode::env()->pd_session_cap(), "ram_quota=64K");
			}
		}
	}

	template <typename FN>
	unsigned long ticks(FN const &fn)
	{
		for (unsigned i = 0; i < 2*Rpc_ticks::OBJECTS; i++)
			fn(i);

		Trace::Timestamp const start = Trace::timestamp();
		for (unsigned i = 0; i < ROUNDS; i++)
			fn(i);
		return (Trace::timestamp() - start)/ROUNDS;
	}

	Main(Env &env) : env(env)
	{
		Native_capability const known = server.object(0);

		static unsigned const counts[] = { 0, 250, LIVE_MAX };

		for (unsigned count : counts) {
			keep(count);
			log("rpc_ticks: live=", lives,
			    " nop=",   ticks([&] (unsigned)   { server.nop(); }),
			    " known=", ticks([&] (unsigned)   { server.object(0); }),
			    " new=",   ticks([&] (unsigned i) { server.object(1 + i % (Rpc_ticks::OBJECTS - 1)); }));
		}
		log("rpc_ticks: end");
	}
};


namespace Component {

	size_t stack_size() { return 16*1024*sizeof(long); }

	void construct(Env &env) { static Main main(env); }
}
