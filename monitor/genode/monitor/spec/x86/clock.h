/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CAPLOG_CLOCK_H
#define CAPLOG_CLOCK_H

#include <trace/timestamp.h>
#include <timer_session/connection.h>

namespace Caplog { struct Clock; }


/* The processor's time-stamp counter, measured against the timer */
struct Caplog::Clock
{
	Genode::uint64_t per_ms;

	static Genode::uint64_t now() { return Genode::Trace::timestamp(); }

	Clock(Timer::Connection &timer)
	{
		enum { MS = 50 };
		unsigned long const begin = timer.elapsed_ms();
		Genode::uint64_t const ticks = now();
		timer.msleep(MS);
		unsigned long const ms = timer.elapsed_ms() - begin;
		per_ms = (now() - ticks)/(ms ? ms : (unsigned long)MS);
	}

	unsigned long us_since(Genode::uint64_t begin) const {
		return (unsigned long)((now() - begin)*1000/(per_ms ? per_ms : 1)); }
};

#endif
