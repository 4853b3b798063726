/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_ROOT_CAPABILITY_H
#define GENODE_API_MONITOR_ROOT_CAPABILITY_H

#include <base/capability.h>

namespace Genode { struct Root; typedef Capability<Root> Root_capability; }

#endif
