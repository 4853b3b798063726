/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_QUOTA_H
#define GENODE_API26_MONITOR_BASE_QUOTA_H

#include <base/stdint.h>

namespace Genode {

	struct Ram_quota { size_t value; };
	struct Cap_quota { size_t value; };
}

#endif
