/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_SEMAPHORE_H
#define GENODE_API26_MONITOR_BASE_SEMAPHORE_H

namespace Genode { struct Semaphore { void up(); void down(); }; }

#endif
