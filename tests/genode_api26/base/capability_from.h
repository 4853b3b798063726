/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_CAPABILITY_FROM_H
#define GENODE_API26_BASE_CAPABILITY_FROM_H

/* How a capability's constructor takes its entry */
namespace Genode { template <typename DATA> using Capability_from = DATA *; }

#endif
