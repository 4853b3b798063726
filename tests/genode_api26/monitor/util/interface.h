/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_UTIL_INTERFACE_H
#define GENODE_API26_MONITOR_UTIL_INTERFACE_H

namespace Genode { struct Interface { virtual ~Interface() { } }; }

#endif
