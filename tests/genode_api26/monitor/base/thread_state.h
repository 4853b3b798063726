/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_THREAD_STATE_H
#define GENODE_API26_MONITOR_BASE_THREAD_STATE_H

#include <cpu/cpu_state.h>

namespace Genode { struct Thread_state { Cpu_state cpu { }; }; }

#endif
