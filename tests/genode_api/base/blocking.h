/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_BLOCKING_H
#define GENODE_API_BASE_BLOCKING_H

#include <base/exception.h>

namespace Genode { struct Blocking_canceled : Exception { }; }

#endif
