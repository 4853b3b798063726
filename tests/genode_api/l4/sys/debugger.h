/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_L4_SYS_DEBUGGER_H
#define GENODE_API_L4_SYS_DEBUGGER_H

#include <l4/sys/types.h>

void l4_debugger_set_object_name(unsigned long cap, char const *name);

#endif
