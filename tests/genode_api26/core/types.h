/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_TYPES_H
#define GENODE_API26_CORE_TYPES_H

#include <base/log.h>
#include <util/interface.h>
#include <util/noncopyable.h>

namespace Genode { }

namespace Core { using namespace Genode; }

#endif
