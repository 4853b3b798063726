/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_SESSION_SESSION_H
#define GENODE_API_SESSION_SESSION_H

#include <base/rpc.h>

namespace Genode { class Session { }; }

#endif
