/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads on all CPUs receive, share and drop capabilities at the same time
 *
 * Each gets dataspaces and RPC objects, exchanges them for those of others by a
 * server of this component, and drops some. In the end core tells whether the
 * slots of all that are left hold what they should.
 */
#include <base/attached_rom_dataspace.h>
#include <base/blockade.h>
#include <base/component.h>
#include <base/entrypoint.h>
#include <base/log.h>
#include <base/thread.h>
#include <foc/capability_space.h>
#include <foc_native_pd/client.h>

using namespace Genode;

enum { STACK = 16*1024, WORKERS = 4, KEPT = 24 };


/* Gives what it got from the caller before */
struct Exchange : Interface
{
	GENODE_RPC(Rpc_swap, Native_capability, swap, Native_capability);
	GENODE_RPC_INTERFACE(Rpc_swap);
};


struct Server : Rpc_object<Exchange, Server>
{
	Native_capability last { };
	unsigned          swapped = 0;

	Native_capability swap(Native_capability cap)
	{
		Native_capability const before = last;
		last = cap;
		swapped++;
		return before;
	}
};


/* An RPC object that comes and goes */
struct Object : Rpc_object<Exchange, Object>
{
	Native_capability swap(Native_capability cap) { return cap; }
};


struct Worker : Thread
{
	Env                 &env;
	Capability<Exchange> server;
	Entrypoint          &ep;
	Blockade            &done;
	unsigned             state, rounds;

	/* nobody else holds them */
	Native_capability    kept[KEPT] { };
	Object               object { };
	unsigned             wrong = 0, received = 0, dropped = 0;

	Worker(Env &env, Location location, Capability<Exchange> server, Entrypoint &ep,
	       Blockade &done, unsigned seed, unsigned rounds)
	:
		Thread(env, "worker", Stack_size { STACK }, location),
		env(env), server(server), ep(ep), done(done), state(seed), rounds(rounds)
	{ start(); }

	unsigned below(unsigned n)
	{
		state = state*1664525 + 1013904223;
		return (state >> 16) % n;
	}

	void receive(Native_capability &place)
	{
		env.pd().alloc_ram(4096).with_result(
			[&] (Ram_dataspace_capability cap) { place = cap; received++; },
			[&] (auto)                         { wrong++; });
	}

	void drop(Native_capability &place)
	{
		env.pd().free_ram(reinterpret_cap_cast<Ram_dataspace>(place));
		place = Native_capability();
		dropped++;
	}

	void entry() override
	{
		for (unsigned n = 0; n < rounds; n++) {
			Native_capability &place = kept[below(KEPT)];

			if (!place.valid())
				receive(place);
			else if (below(3))
				place = server.call<Exchange::Rpc_swap>(place);
			else
				drop(place);

			if (n % 8 == 0) {
				Capability<Exchange> const cap =
					reinterpret_cap_cast<Exchange>(ep.manage(object));
				Native_capability const other = kept[below(KEPT)];
				if (!(cap.call<Exchange::Rpc_swap>(other) == other))
					wrong++;
				ep.dissolve(object);
			}
		}
		done.wakeup();
		Blockade forever { };
		forever.block();
	}
};


struct Main
{
	Env                   &env;
	Attached_rom_dataspace config { env, "config" };
	Foc_native_pd_client   pd     { env.pd().native_pd() };

	unsigned const cpus   = env.cpu().affinity_space().width();
	unsigned const rounds = config.node().attribute_value("rounds", 2000u);
	unsigned const seed   = config.node().attribute_value("seed",   1u);

	Affinity::Location on(unsigned cpu) const { return Affinity::Location(int(cpu % cpus), 0); }

	Server     server { };
	Entrypoint ep     { env, STACK, "server",  on(0) },
	           other  { env, STACK, "objects", on(1) };

	Capability<Exchange> const cap { reinterpret_cap_cast<Exchange>(ep.manage(server)) };

	Blockade done[WORKERS] { };
	Worker   worker[WORKERS] {
		{ env, on(0), cap, other, done[0], seed + 0, rounds },
		{ env, on(1), cap, other, done[1], seed + 1, rounds },
		{ env, on(0), cap, ep,    done[2], seed + 2, rounds },
		{ env, on(1), cap, ep,    done[3], seed + 3, rounds } };

	unsigned held = 0, failures = 0;

	void look(Native_capability const &cap)
	{
		addr_t   const kcap  = Capability_space::kcap(cap);
		addr_t   const first = kcap & ~(((addr_t)Foc_native_pd::BATCH << CAPLOG_OWN(SLOT_SHIFT)) - 1);
		unsigned const at    = unsigned((kcap - first) >> CAPLOG_OWN(SLOT_SHIFT));

		Foc_native_pd::Badges badges { };
		badges.badge[at] = caplog_badge(cap.local_name());

		Foc_native_pd::Seen const seen = pd.look(first, badges);
		held++;
		if (seen.result == Foc_native_pd::DONE && (seen.same >> at & 1))
			return;
		log("FAILED: slot ", Hex(kcap), ", badge ", cap.local_name());
		failures++;
	}

	Main(Env &env) : env(env)
	{
		unsigned received = 0, dropped = 0;

		log("--- CPU test, ", cpus, " CPUs ---");
		for (Blockade &b : done)
			b.block();
		for (Worker &w : worker) {
			for (Native_capability const &cap : w.kept)
				if (cap.valid())
					look(cap);
			received += w.received;
			dropped  += w.dropped;
			failures += w.wrong;
		}
		look(server.last);
		log("received: ", received, ", dropped: ", dropped, ", exchanged: ", server.swapped,
		    ", held: ", held, ", failures: ", failures);
		log("--- CPU test ", failures ? "FAILED" : "finished", " ---");
	}
};


void Component::construct(Env &env) { static Main main(env); }
