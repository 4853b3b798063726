/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_DATASPACE_CLIENT_H
#define GENODE_API_DATASPACE_CLIENT_H

#include <base/rpc_client.h>
#include <dataspace/capability.h>

namespace Genode {

	struct Dataspace
	{
		virtual ~Dataspace() { }

		virtual size_t size() = 0;
		virtual addr_t phys_addr() = 0;
		virtual bool   writable() = 0;

		GENODE_RPC(Rpc_size,      size_t, size);
		GENODE_RPC(Rpc_phys_addr, addr_t, phys_addr);
		GENODE_RPC(Rpc_writable,  bool,   writable);
		GENODE_RPC_INTERFACE(Rpc_size, Rpc_phys_addr, Rpc_writable);
	};

	struct Dataspace_client : Rpc_client<Dataspace>
	{
		explicit Dataspace_client(Dataspace_capability ds) : Rpc_client<Dataspace>(ds) { }

		size_t size()      override { return call<Rpc_size>(); }
		addr_t phys_addr() override { return call<Rpc_phys_addr>(); }
		bool   writable()  override { return call<Rpc_writable>(); }
	};
}

#endif
