/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_SESSION_SESSION_H
#define GENODE_API26_SESSION_SESSION_H

#include <base/rpc.h>
#include <util/interface.h>

namespace Genode { struct Session : Interface { }; }

#endif
