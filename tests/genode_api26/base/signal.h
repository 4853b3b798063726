/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_SIGNAL_H
#define GENODE_API26_BASE_SIGNAL_H

#include <base/capability.h>

namespace Genode {

	struct Signal_context;
	class  Signal_source;

	typedef Capability<Signal_context> Signal_context_capability;
}

#endif
