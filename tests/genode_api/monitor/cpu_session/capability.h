/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_CPU_SESSION_CAPABILITY_H
#define GENODE_API_MONITOR_CPU_SESSION_CAPABILITY_H

#include <base/capability.h>

namespace Genode { struct Cpu_session; typedef Capability<Cpu_session> Cpu_session_capability; }

#endif
