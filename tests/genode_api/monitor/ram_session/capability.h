/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_RAM_SESSION_CAPABILITY_H
#define GENODE_API_MONITOR_RAM_SESSION_CAPABILITY_H

#include <base/capability.h>

namespace Genode { struct Ram_session; typedef Capability<Ram_session> Ram_session_capability; }

#endif
