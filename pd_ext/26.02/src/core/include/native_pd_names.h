/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of core
 */
#ifndef CAPLOG_NATIVE_PD_NAMES_H
#define CAPLOG_NATIVE_PD_NAMES_H

#include <types.h>

namespace Core {

	class Pd_session_component;
	class Cpu_thread_component;
	class Native_pd_base;
	class Native_pd_component;
}

#endif
