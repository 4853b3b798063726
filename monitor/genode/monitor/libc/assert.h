/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CAPLOG_LIBC_ASSERT_H
#define CAPLOG_LIBC_ASSERT_H

#define assert(condition) ((void)0)
#define static_assert     _Static_assert

#endif
