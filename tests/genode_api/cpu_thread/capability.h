/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CPU_THREAD_CAPABILITY_H
#define GENODE_API_CPU_THREAD_CAPABILITY_H

#include <base/capability.h>

namespace Genode { struct Cpu_thread; typedef Capability<Cpu_thread> Cpu_thread_capability; }

#endif
