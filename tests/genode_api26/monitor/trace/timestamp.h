/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_TRACE_TIMESTAMP_H
#define GENODE_API26_MONITOR_TRACE_TIMESTAMP_H

#include <base/stdint.h>

namespace Genode { namespace Trace { uint64_t timestamp(); } }

#endif
