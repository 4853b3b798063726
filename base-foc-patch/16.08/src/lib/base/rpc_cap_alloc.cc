/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities of an entrypoint's RPC objects
 */
#include <base/env.h>
#include <base/rpc_server.h>
#include <pd_session/client.h>

#include <base/internal/cap_log.h>

using namespace Genode;


/* Pay for more RPC objects: the PD session gets some of the component's own memory */
static void upgrade(Pd_session &pd)
{
	Parent::Upgrade_args const more("ram_quota=16K");

	/* core uses its session without a client, and has no parent */
	if (Pd_session_client *client = dynamic_cast<Pd_session_client *>(&pd))
		env()->parent()->upgrade(*client, more);
}


Native_capability Rpc_entrypoint::_alloc_rpc_cap(Pd_session &pd, Native_capability, addr_t)
{
	for (;;) {
		try {
			Native_capability const cap = pd.alloc_rpc_cap(_cap);
			cap_log_rpc_alloc(cap, _cap);
			return cap;
		} catch (Pd_session::Out_of_metadata) { }

		upgrade(pd);
	}
}


void Rpc_entrypoint::_free_rpc_cap(Pd_session &pd, Native_capability object)
{
	/* before core destroys the object: the log never names one that is gone */
	cap_log_rpc_free(object);
	pd.free_rpc_cap(object);
}
