/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_INTERNAL_NATIVE_UTCB_H
#define GENODE_API_BASE_INTERNAL_NATIVE_UTCB_H

namespace Fiasco {
#include <l4/sys/utcb.h>

	enum Utcb_regs { UTCB_TCR_BADGE = 1, UTCB_TCR_THREAD_OBJ = 2 };
}

namespace Genode {

	struct Native_utcb { Fiasco::l4_utcb_t *foc_utcb = nullptr; };
}

#endif
