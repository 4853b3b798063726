/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_COMPONENT_H
#define GENODE_API26_MONITOR_BASE_COMPONENT_H

#include <base/env.h>
#include <base/log.h>

namespace Component {

	Genode::size_t stack_size();
	void           construct(Genode::Env &);
}

#endif
