/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_ROOT_COMPONENT_H
#define GENODE_API26_ROOT_COMPONENT_H

#include <base/allocator.h>
#include <base/memory.h>
#include <base/rpc_server.h>
#include <util/attempt.h>

namespace Genode {

	enum class Session_error { DENIED, INSUFFICIENT_RAM, INSUFFICIENT_CAPS };

	template <typename SESSION> class Root_component : Noncopyable
	{
		private:

			Allocator &_memory;

		public:

			typedef Unique_attempt<SESSION &, Session_error> Create_result;

			Root_component(Rpc_entrypoint *, Allocator *memory) : _memory(*memory) { }

			Allocator *md_alloc() { return &_memory; }

			virtual Create_result _create_session(char const *) = 0;
	};
}

#endif
