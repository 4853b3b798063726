/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_RPC_SERVER_H
#define GENODE_API26_MONITOR_BASE_RPC_SERVER_H

#include <base/capability.h>
#include <base/ipc.h>
#include <base/thread.h>
#include <util/noncopyable.h>

namespace Genode {

	struct Runtime;

	struct Rpc_object_base
	{
		virtual ~Rpc_object_base() { }
		virtual Rpc_exception_code dispatch(Rpc_opcode, Ipc_unmarshaller &, Msgbuf_base &) = 0;

		Native_capability cap() const;
	};

	template <typename IF, typename SERVER = IF> struct Rpc_object : Rpc_object_base, IF
	{
		Rpc_exception_code dispatch(Rpc_opcode, Ipc_unmarshaller &, Msgbuf_base &) override;

		Capability<IF> const cap() const;
	};

	struct Rpc_entrypoint : Noncopyable
	{
		Rpc_entrypoint(Runtime &, Thread::Name const &, Thread::Stack_size, Affinity::Location);

		template <typename IF, typename SERVER> Capability<IF> manage(Rpc_object<IF, SERVER> *);
		template <typename IF, typename SERVER> void dissolve(Rpc_object<IF, SERVER> *);
	};
}

#endif
