/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities of an entrypoint's RPC objects
 */
#include <base/env.h>
#include <base/rpc_server.h>
#include <pd_session/client.h>
#include <util/retry.h>

#include <base/internal/cap_log.h>

using namespace Genode;


Native_capability Rpc_entrypoint::_alloc_rpc_cap(Pd_session &pd, Native_capability, addr_t)
{
	Native_capability const cap = retry<Pd_session::Out_of_metadata>(
		[&] () { return pd.alloc_rpc_cap(_cap); },
		[&] () {
			if (Pd_session_client *client = dynamic_cast<Pd_session_client *>(&pd))
				env()->parent()->upgrade(*client, "ram_quota=16K");
		});

	cap_log_rpc_alloc(cap, _cap);
	return cap;
}


void Rpc_entrypoint::_free_rpc_cap(Pd_session &pd, Native_capability cap)
{
	/* told before core destroys the object: no object without its record */
	cap_log_rpc_free(cap);
	pd.free_rpc_cap(cap);
}
