/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_THREAD_CAPABILITY_H
#define GENODE_API_THREAD_CAPABILITY_H

#include <cpu_thread/capability.h>

namespace Genode { typedef Cpu_thread_capability Thread_capability; }

#endif
