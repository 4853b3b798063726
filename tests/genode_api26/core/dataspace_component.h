/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_DATASPACE_COMPONENT_H
#define GENODE_API26_CORE_DATASPACE_COMPONENT_H

#include <base/rpc_server.h>
#include <dataspace/capability.h>

#include <types.h>

namespace Genode { struct Dataspace { GENODE_RPC_INTERFACE(); }; }

namespace Core {

	struct Dataspace_owner { };
	struct Dataspace_component;
}


struct Core::Dataspace_component : Rpc_object<Dataspace>
{
	Dataspace_owner const &_owner;

	explicit Dataspace_component(Dataspace_owner const &owner) : _owner(owner) { }

	bool owner(Dataspace_owner const &who) const { return &_owner == &who; }
};

#endif
