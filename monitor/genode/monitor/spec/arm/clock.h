/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CAPLOG_CLOCK_H
#define CAPLOG_CLOCK_H

#include <timer_session/connection.h>

namespace Caplog { struct Clock; }


/* The timer, in whole milliseconds: the cycle counter is the kernel's */
struct Caplog::Clock
{
	Timer::Connection &timer;

	Clock(Timer::Connection &timer) : timer(timer) { }

	Genode::uint64_t now() const { return timer.elapsed_ms(); }

	unsigned long us_since(Genode::uint64_t begin) const {
		return (unsigned long)(now() - begin)*1000; }
};

#endif
