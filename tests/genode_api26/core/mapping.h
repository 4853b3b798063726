/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_MAPPING_H
#define GENODE_API26_CORE_MAPPING_H

#include <types.h>

namespace Core { struct Mapping { addr_t dst_addr = 0, src_addr = 0; }; }

#endif
