/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_PLATFORM_H
#define GENODE_API26_CORE_PLATFORM_H

#include <cap_id_alloc.h>
#include <platform_thread.h>

namespace Core {

	struct Platform { Cap_id_allocator &cap_id_alloc(); };

	Platform &platform_specific();
}

#endif
