/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_AFFINITY_H
#define GENODE_API26_MONITOR_BASE_AFFINITY_H

namespace Genode { struct Affinity { struct Location { }; struct Space { }; }; }

#endif
