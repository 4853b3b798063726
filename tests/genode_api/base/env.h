/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_ENV_H
#define GENODE_API_BASE_ENV_H

#include <cpu_session/cpu_session.h>
#include <parent/parent.h>
#include <pd_session/capability.h>
#include <region_map/region_map.h>

namespace Genode {

	/* The environment of before Genode 16.05, which the base library itself uses */
	class Env_deprecated
	{
		public:

			virtual Pd_session_capability pd_session_cap() = 0;

			virtual Cpu_session *cpu_session() = 0;
			virtual Pd_session  *pd_session() = 0;
			virtual Region_map  *rm_session() = 0;
			virtual Parent      *parent() = 0;
	};

	Env_deprecated *env();
}

#endif
