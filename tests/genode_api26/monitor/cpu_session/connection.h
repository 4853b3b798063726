/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_CPU_SESSION_CONNECTION_H
#define GENODE_API26_MONITOR_CPU_SESSION_CONNECTION_H

#include <base/connection.h>
#include <cpu_session/client.h>



#endif
