/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_CACHE_H
#define GENODE_API_MONITOR_BASE_CACHE_H

namespace Genode { enum Cache_attribute { UNCACHED, WRITE_COMBINED, CACHED }; }

#endif
