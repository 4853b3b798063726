/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_IPC_H
#define GENODE_API_MONITOR_BASE_IPC_H

#include <base/exception.h>

namespace Genode { struct Ipc_error : Exception { }; }

#endif
