/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PD session with one more function, behind all that Genode's has
 *
 * Genode's interface is taken as it is, under another name, so that existing
 * functions keep their opcodes and implementations need not know of the new
 * one. What the stock header includes is included first, under its own name.
 */
#ifndef CAPLOG_PD_SESSION_H
#define CAPLOG_PD_SESSION_H

#include <base/exception.h>
#include <dataspace/capability.h>
#include <region_map/region_map.h>
#include <session/session.h>
#include <thread/capability.h>

#define Pd_session Stock_pd_session
#include_next <pd_session/pd_session.h>
#undef Pd_session

namespace Genode { struct Pd_session; }


struct Genode::Pd_session : Stock_pd_session
{
	/**
	 * Dataspace in which the component tells its capability space
	 *
	 * A component asks for it once, at its start, and writes to it from then
	 * on. Its session's owner, who is the component's parent, keeps it.
	 *
	 * \return  invalid capability if nobody wants to know, which is what a
	 *          session says that does not implement this function
	 */
	virtual Dataspace_capability cap_space_dataspace() { return Dataspace_capability(); }

	GENODE_RPC(Rpc_cap_space_dataspace, Dataspace_capability, cap_space_dataspace);
	GENODE_RPC_INTERFACE_INHERIT(Stock_pd_session, Rpc_cap_space_dataspace);
};

#endif
