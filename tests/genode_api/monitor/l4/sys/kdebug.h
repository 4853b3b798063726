/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_L4_SYS_KDEBUG_H
#define GENODE_API_MONITOR_L4_SYS_KDEBUG_H

void outstring(char const *text);

#endif
