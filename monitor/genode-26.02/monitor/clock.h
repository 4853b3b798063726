/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time of the monitor, which has no timer session: a timer is one of its children
 */
#ifndef CAPLOG_CLOCK_H
#define CAPLOG_CLOCK_H

#include <foc/syscall.h>
#include <trace/timestamp.h>

#include "types.h"

namespace Caplog { struct Clock; }


/* The processor's time-stamp counter, measured against the kernel's timeouts */
struct Caplog::Clock
{
	enum { MEASURE_MS = 50 };

	static uint64_t now() { return Trace::timestamp(); }

	static void sleep_ms(unsigned ms)
	{
		enum { MANTISSA_MAX = 1 << 10 };

		/* microseconds, of which the kernel takes ten bits and an exponent */
		unsigned us = 1000*ms, exponent = 0;
		for (; us >= MANTISSA_MAX; us >>= 1)
			exponent++;

		Foc::l4_ipc_sleep(Foc::l4_timeout(Foc::l4_timeout_s { 0 },
		                                    Foc::l4_timeout_rel(us, exponent)));
	}

	static uint64_t measured()
	{
		uint64_t const begin = now();
		sleep_ms(MEASURE_MS);
		return (now() - begin)/MEASURE_MS;
	}

	uint64_t const per_ms { measured() };

	uint64_t      ms()                     const { return now()/(per_ms ? per_ms : 1); }
	unsigned long us_since(uint64_t begin) const {
		return (unsigned long)((now() - begin)*1000/(per_ms ? per_ms : 1)); }
};

#endif
