/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A core for the monitor to run on: what it asks of core, parent, timer and ROM
 *
 * Capabilities are numbers that stand for a server, dataspaces are host
 * memory. Nothing is mapped into a component: what it has attached is a list.
 */
#ifndef MONITOR_TEST_CORE_H
#define MONITOR_TEST_CORE_H

#include <base/env.h>
#include <base/heap.h>
#include <cpu_thread/cpu_thread.h>
#include <foc_native_pd/foc_native_pd.h>
#include <timer_session/timer_session.h>

namespace Core_model {

	using namespace Genode;

	/* What a test wants to know, and what it wants core to do */
	struct World
	{
		/* sessions that the parent opened and closed, by service: a letter each */
		unsigned opened[26], closed[26];

		/* memory that core lacks for its objects, this often */
		unsigned out_of_metadata;
		size_t   least;    /* that a service of the parent wants  */
		unsigned requests; /* of the monitor, for more resources  */
		unsigned upgrades;

		unsigned long now_ms;     /* of all timers          */
		bool          late;       /* a timer's signal comes when its session is closed */
		unsigned      submitted;  /* signals to contexts    */
		unsigned      threads;    /* alive                  */
		size_t        allocated;  /* bytes of dataspaces    */
		char          last_error[256];
		char          last_label[160]; /* of a session that the parent opened */
		unsigned      lines;      /* that LOG sessions printed */
		void        (*on_close)(); /* before the parent closes a session */
		bool          silent;      /* the server of "Slow", and that of LOG sessions */
		unsigned      haste;       /* the monitor's time passes this much faster */

		unsigned open(char letter) const { return opened[letter - 'A'] - closed[letter - 'A']; }
	};

	extern World world;

	Env       &environment();
	Allocator &heap();

	/* Host memory of a dataspace; nullptr: none */
	char *memory(Native_capability const &);

	/* Let the timers send signals, however late it is */
	void fire_timers(unsigned count);

	/* Time passes; the timers send what is due, in this order. \return signals */
	unsigned pass_time(unsigned long ms);

	/* How often something is attached in a region map of a PD */
	unsigned attached(Capability<Region_map>);

	/* State that core reports of a thread that was stopped */
	void stands(Thread_capability, Foc_native_pd::Stopped::State, addr_t ip, addr_t sp);

	/* When it is resumed: exceptions where it stands, and then one at an address */
	void excepts(Thread_capability, addr_t sp, unsigned strays, addr_t stops_at);

	bool runs(Thread_capability);

	/* Of the host's time */
	void sleep_us(unsigned);

	/* A server that does not answer, unless its client's call is cancelled */
	void wait_while_silent();

	/* A capability that the monitor never handed out */
	Native_capability foreign();

	/* Text of the ROM module "config" of the monitor itself */
	void configuration(char const *xml);
}

#endif
