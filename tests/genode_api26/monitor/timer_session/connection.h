/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_TIMER_SESSION_CONNECTION_H
#define GENODE_API26_MONITOR_TIMER_SESSION_CONNECTION_H

#include <base/env.h>
#include <timer_session/timer_session.h>

namespace Timer { struct Connection { Connection(Genode::Env &); void msleep(uint64_t); }; }

#endif
