/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_INTERNAL_FOC_ASSERT_H
#define GENODE_API_BASE_INTERNAL_FOC_ASSERT_H

#include <base/log.h>

namespace Fiasco {
#include <l4/sys/kdebug.h>
}

/* what a failed one does is the test's business */
extern "C" void genode_api_assert(char const *text);

#define ASSERT(condition, text) do { if (!(condition)) genode_api_assert(text); } while (0)

#endif
