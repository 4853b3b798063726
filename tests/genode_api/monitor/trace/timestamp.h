/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_TRACE_TIMESTAMP_H
#define GENODE_API_MONITOR_TRACE_TIMESTAMP_H

#include <base/stdint.h>

namespace Genode {
	namespace Trace {

		typedef uint64_t Timestamp;

		Timestamp timestamp();
	}
}

#endif
