/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_BLOCKADE_H
#define GENODE_API26_MONITOR_BASE_BLOCKADE_H

namespace Genode { struct Blockade { void block(); void wakeup(); }; }

#endif
