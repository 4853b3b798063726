/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_OS_SESSION_POLICY_H
#define GENODE_API_MONITOR_OS_SESSION_POLICY_H

#include <base/session_label.h>
#include <os/config.h>

#endif
