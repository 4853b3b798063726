/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_LOG_H
#define GENODE_API26_BASE_LOG_H

#include <base/output.h>

namespace Genode {

	struct Hex { template <typename T> explicit Hex(T) { } };

	/* printed so far, for tests */
	inline unsigned &warnings() { static unsigned n; return n; }

	template <typename... ARGS> void log    (ARGS &&...) { }
	template <typename... ARGS> void warning(ARGS &&...) { warnings()++; }
	template <typename... ARGS> void error  (ARGS &&...) { }
	template <typename... ARGS> void raw    (ARGS &&...) { }
}

#endif
