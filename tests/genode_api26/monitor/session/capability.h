/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_SESSION_CAPABILITY_H
#define GENODE_API26_MONITOR_SESSION_CAPABILITY_H

#include <base/capability.h>
#include <session/session.h>

namespace Genode { typedef Capability<Session> Session_capability; }

#endif
