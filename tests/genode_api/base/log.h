/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_LOG_H
#define GENODE_API_BASE_LOG_H

#include <base/lock.h>

namespace Genode {

	struct Hex { template <typename T> explicit Hex(T) { } };

	template <typename... ARGS> void log    (ARGS &&...) { }
	/* printed so far, for tests */
	inline unsigned &warnings() { static unsigned n; return n; }

	template <typename... ARGS> void warning(ARGS &&...) { warnings()++; }
	template <typename... ARGS> void error  (ARGS &&...) { }
	template <typename... ARGS> void raw    (ARGS &&...) { }
}

#endif
