/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_INTERNAL_FOC_ASSERT_H
#define GENODE_API26_BASE_INTERNAL_FOC_ASSERT_H

#include <base/log.h>
#include <foc/syscall.h>

extern "C" void genode_api_assert(char const *text);

#define ASSERT(condition, text) do { if (!(condition)) genode_api_assert(text); } while (0)

#endif
