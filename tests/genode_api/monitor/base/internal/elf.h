/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_INTERNAL_ELF_H
#define GENODE_API_MONITOR_BASE_INTERNAL_ELF_H

#include <base/stdint.h>

namespace Genode {

	struct Elf_binary
	{
		explicit Elf_binary(addr_t start);

		bool dynamically_linked() const;
	};
}

#endif
