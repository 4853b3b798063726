/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_PD_SESSION_PD_SESSION_H
#define GENODE_API26_PD_SESSION_PD_SESSION_H

#include <base/alloc_error.h>
#include <base/rpc_list.h>
#include <base/signal.h>
#include <region_map/region_map.h>
#include <session/session.h>
#include <util/attempt.h>

#define PD_SESSION_RPC(F)                                                               \
	F(Rpc_alloc_signal_source, Signal_source_result, signal_source, (), ())               \
	F(Rpc_free_signal_source, void, free_signal_source, (Signal_source_capability s), (s)) \
	F(Rpc_alloc_rpc_cap, Alloc_rpc_cap_result, alloc_rpc_cap, (Native_capability ep), (ep)) \
	F(Rpc_free_rpc_cap, void, free_rpc_cap, (Native_capability gate), (gate))             \
	F(Rpc_native_pd, Capability<Native_pd>, native_pd, (), ())

namespace Genode {

	struct Pd_session : Session
	{
		struct Native_pd;

		typedef Capability<Signal_source>               Signal_source_capability;
		typedef Attempt<Signal_source_capability, Alloc_error> Signal_source_result;
		typedef Attempt<Native_capability, Alloc_error> Alloc_rpc_cap_result;

		RPC_INTERFACE(PD_SESSION_RPC);
	};
}

#endif
