/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_ROOT_CLIENT_H
#define GENODE_API_MONITOR_ROOT_CLIENT_H

#include <base/rpc_client.h>
#include <root/root.h>

namespace Genode {

	struct Root_client : Rpc_client<Root>
	{
		explicit Root_client(Root_capability cap) : Rpc_client<Root>(cap) { }

		Session_capability session(Session_args const &args, Affinity const &affinity) override {
			return call<Rpc_session>(args, affinity); }

		void upgrade(Session_capability session, Upgrade_args const &args) override {
			call<Rpc_upgrade>(session, args); }

		void close(Session_capability session) override { call<Rpc_close>(session); }
	};
}

#endif
