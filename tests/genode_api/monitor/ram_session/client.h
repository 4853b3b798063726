/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_RAM_SESSION_CLIENT_H
#define GENODE_API_MONITOR_RAM_SESSION_CLIENT_H

#include <base/rpc_client.h>
#include <ram_session/ram_session.h>

namespace Genode {

	struct Ram_session_client : Rpc_client<Ram_session>
	{
		explicit Ram_session_client(Ram_session_capability cap) : Rpc_client<Ram_session>(cap) { }

		Ram_dataspace_capability alloc(size_t size, Cache_attribute cached = CACHED) override {
			return call<Rpc_alloc>(size, cached); }

		void free(Ram_dataspace_capability ds) override { call<Rpc_free>(ds); }

		int ref_account(Ram_session_capability ram) override { return call<Rpc_ref_account>(ram); }

		int transfer_quota(Ram_session_capability ram, size_t amount) override {
			return call<Rpc_transfer_quota>(ram, amount); }

		size_t quota() override { return call<Rpc_quota>(); }
		size_t used()  override { return call<Rpc_used>(); }
	};
}

#endif
