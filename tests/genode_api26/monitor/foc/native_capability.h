/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_FOC_NATIVE_CAPABILITY_H
#define GENODE_API26_MONITOR_FOC_NATIVE_CAPABILITY_H

namespace Foc { enum { PARENT_CAP = 0xb << 12 }; }

#endif
