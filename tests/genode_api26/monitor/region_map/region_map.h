/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_REGION_MAP_REGION_MAP_H
#define GENODE_API26_MONITOR_REGION_MAP_REGION_MAP_H

#include <base/signal.h>
#include <base/stdint.h>
#include <dataspace/capability.h>
#include <util/attempt.h>
#include <util/interface.h>

namespace Genode {

	struct Region_map : Interface
	{
		struct Fault { };
		struct Range { addr_t start; size_t num_bytes; };

		struct Attr
		{
			size_t size;
			addr_t offset;
			bool   use_at;
			addr_t at;
			bool   executable, writeable;
		};

		enum class Attach_error { OUT_OF_RAM, OUT_OF_CAPS, REGION_CONFLICT, INVALID_DATASPACE };

		typedef Attempt<Range, Attach_error> Attach_result;

		virtual Attach_result        attach(Dataspace_capability, Attr const &) = 0;
		virtual void                 detach(addr_t) = 0;
		virtual void                 fault_handler(Signal_context_capability) = 0;
		virtual Fault                fault() = 0;
		virtual Dataspace_capability dataspace() = 0;
	};
}

#endif
