/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_INTERNAL_STACK_AREA_H
#define GENODE_API_BASE_INTERNAL_STACK_AREA_H

#include <base/stdint.h>

namespace Genode {

	/* as large as the hosted platform's stacks */
#ifdef __SANITIZE_ADDRESS__
	static constexpr addr_t stack_virtual_size()      { return 128*1024; }
#else
	static constexpr addr_t stack_virtual_size()      { return 32*1024; }
#endif
	static constexpr addr_t stack_area_virtual_size() { return 64*stack_virtual_size(); }
}

#endif
