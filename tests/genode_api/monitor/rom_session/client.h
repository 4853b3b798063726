/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_ROM_SESSION_CLIENT_H
#define GENODE_API_MONITOR_ROM_SESSION_CLIENT_H

#include <base/rpc_client.h>
#include <rom_session/rom_session.h>

namespace Genode {

	struct Rom_session_client : Rpc_client<Rom_session>
	{
		explicit Rom_session_client(Rom_session_capability cap) : Rpc_client<Rom_session>(cap) { }

		Rom_dataspace_capability dataspace() override { return call<Rpc_dataspace>(); }
		bool update() override                        { return call<Rpc_update>(); }
		void sigh(Signal_context_capability cap) override { call<Rpc_sigh>(cap); }
	};
}

#endif
