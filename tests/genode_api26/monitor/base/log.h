/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_LOG_H
#define GENODE_API26_MONITOR_BASE_LOG_H

#include <base/output.h>
#include <util/string.h>

namespace Genode {

	template <typename... ARGS> void log    (ARGS &&...) { }
	template <typename... ARGS> void warning(ARGS &&...) { }
	template <typename... ARGS> void error  (ARGS &&...) { }
	template <typename... ARGS> void raw    (ARGS &&...) { }
}

#endif
