/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_DATASPACE_CAPABILITY_H
#define GENODE_API26_MONITOR_DATASPACE_CAPABILITY_H

#include <base/capability.h>

namespace Genode {

	struct Dataspace { };

	typedef Capability<Dataspace> Dataspace_capability;
}

#endif
