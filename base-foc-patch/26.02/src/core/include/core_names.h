/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of core
 */
#ifndef CAPLOG_CORE_NAMES_H
#define CAPLOG_CORE_NAMES_H

#include <base/native_capability.h>

#include <types.h>

namespace Core {

	class Pd_session_component;
	class Cpu_thread_component;
	class Platform_thread;
	class Core_cap_index;
	class Native_pd_base;
	class Native_pd_component;

	/*
	 * Capability of the object with this badge; an invalid one if core has none
	 *
	 * The reference is counted before another thread can remove the entry.
	 */
	Native_capability core_cap(unsigned badge);
}

#endif
