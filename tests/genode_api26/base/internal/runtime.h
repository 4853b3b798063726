/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_INTERNAL_RUNTIME_H
#define GENODE_API26_BASE_INTERNAL_RUNTIME_H

#include <base/internal/globals.h>
#include <base/internal/parent_cap.h>
#include <base/thread.h>
#include <cpu_session/cpu_session.h>
#include <parent/parent.h>
#include <pd_session/client.h>
#include <region_map/region_map.h>

namespace Genode {

	/* Sessions that a client has a capability of */
	template <typename IF, typename SESSION> struct With_rpc_cap : IF
	{
		virtual Capability<SESSION> rpc_cap() = 0;
	};

	/* What a program has from its start on; tests have their own members */
	struct Runtime
	{
		Parent                                &parent;
		With_rpc_cap<Pd_session,  Pd_session> &pd;
		Cpu_session                           &cpu;
		Region_map                            &pd_rm;
	};
}

#endif
