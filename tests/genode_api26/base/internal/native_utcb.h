/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_INTERNAL_NATIVE_UTCB_H
#define GENODE_API26_BASE_INTERNAL_NATIVE_UTCB_H

#include <foc/syscall.h>

namespace Foc { enum Utcb_regs { UTCB_TCR_BADGE = 1, UTCB_TCR_THREAD_OBJ = 2 }; }

namespace Genode { struct Native_utcb { Foc::l4_utcb_t *foc_utcb = nullptr; }; }

#endif
