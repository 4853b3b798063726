/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CPU_CPU_STATE_H
#define GENODE_API26_CPU_CPU_STATE_H

#include <base/stdint.h>

namespace Genode { struct Cpu_state { addr_t ip = 0, sp = 0; }; }

#endif
