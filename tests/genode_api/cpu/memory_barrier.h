/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CPU_MEMORY_BARRIER_H
#define GENODE_API_CPU_MEMORY_BARRIER_H

namespace Genode { static inline void memory_barrier() { __sync_synchronize(); } }

#endif
