/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PD session with one more function, after those of Genode's
 *
 * Genode's interface is included unchanged under another name. So its functions
 * keep their opcodes, and implementations need not know of the new one. The
 * headers that it includes come first, since they name Pd_session themselves.
 */
#ifndef CAPLOG_PD_SESSION_H
#define CAPLOG_PD_SESSION_H

#include <pd_session/log_dataspace.h>
#include <pd_session/needs.h>

#define Pd_session Stock_pd_session
#include_next <pd_session/pd_session.h>
#undef Pd_session

namespace Genode { struct Pd_session; }


struct Genode::Pd_session : Stock_pd_session
{
	/**
	 * Dataspace for the log of the component's capability space
	 *
	 * A component asks for it once, at its start, and writes to it from then
	 * on. The parent, which provides the session, keeps it.
	 *
	 * \return  invalid capability if there is to be no log, which is also the
	 *          answer of a session that does not implement this function
	 */
	virtual Dataspace_capability cap_space_dataspace() { return log_dataspace(*this); }

	GENODE_RPC(Rpc_cap_space_dataspace, Dataspace_capability, cap_space_dataspace);
	GENODE_RPC_INTERFACE_INHERIT(Stock_pd_session, Rpc_cap_space_dataspace);
};

#endif
