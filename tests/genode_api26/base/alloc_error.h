/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_ALLOC_ERROR_H
#define GENODE_API26_BASE_ALLOC_ERROR_H

namespace Genode { enum class Alloc_error { OUT_OF_RAM, OUT_OF_CAPS, DENIED }; }

#endif
