/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_PD_ROOT_H
#define GENODE_API26_CORE_PD_ROOT_H

#include <pd_session_component.h>
#include <root/component.h>

namespace Core { struct Pd_root; }


struct Core::Pd_root : Root_component<Pd_session_component>
{
	Rpc_entrypoint &_ep;

	Pd_root(Rpc_entrypoint &ep, Allocator &memory)
	: Root_component<Pd_session_component>(&ep, &memory), _ep(ep) { }

	Create_result _create_session(char const *args) override { return _alloc_obj(_ep, *md_alloc(), args); }
};

#endif
