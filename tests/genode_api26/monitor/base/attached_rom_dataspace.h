/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_ATTACHED_ROM_DATASPACE_H
#define GENODE_API26_MONITOR_BASE_ATTACHED_ROM_DATASPACE_H

#include <base/env.h>
#include <base/node.h>

namespace Genode {

	struct Attached_rom_dataspace : Noncopyable
	{
		Attached_rom_dataspace(Env &, char const *);

		void        update();
		void        sigh(Signal_context_capability);
		Node const &node() const;
	};
}

#endif
