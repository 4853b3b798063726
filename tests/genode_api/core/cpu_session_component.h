/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_CPU_SESSION_COMPONENT_H
#define GENODE_API_CORE_CPU_SESSION_COMPONENT_H

#include <cpu_thread_component.h>

#endif
