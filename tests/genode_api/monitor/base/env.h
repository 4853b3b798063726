/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_ENV_H
#define GENODE_API_MONITOR_BASE_ENV_H

#include <base/entrypoint.h>
#include <base/heap.h>
#include <cpu_session/cpu_session.h>
#include <parent/parent.h>
#include <pd_session/capability.h>
#include <ram_session/ram_session.h>
#include <region_map/region_map.h>

namespace Genode {

	struct Env
	{
		virtual Parent      &parent() = 0;
		virtual Ram_session &ram() = 0;
		virtual Cpu_session &cpu() = 0;
		virtual Region_map  &rm() = 0;
		virtual Pd_session  &pd() = 0;
		virtual Entrypoint  &ep() = 0;

		virtual Ram_session_capability ram_session_cap() = 0;
		virtual Cpu_session_capability cpu_session_cap() = 0;
	};

	/* The interface of before Genode 16.05 */
	struct Env_deprecated
	{
		virtual Parent      *parent() = 0;
		virtual Ram_session *ram_session() = 0;
		virtual Cpu_session *cpu_session() = 0;
		virtual Region_map  *rm_session() = 0;
		virtual Pd_session  *pd_session() = 0;
		virtual Allocator   *heap() = 0;

		virtual Ram_session_capability ram_session_cap() = 0;
		virtual Cpu_session_capability cpu_session_cap() = 0;
		virtual Pd_session_capability  pd_session_cap() = 0;
	};

	Env_deprecated *env();
}

#endif
