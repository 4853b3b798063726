/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_WEAK_LOCK_H
#define GENODE_API_BASE_WEAK_LOCK_H

#include <base/lock.h>

namespace Genode { typedef Lock Weak_lock; }

#endif
